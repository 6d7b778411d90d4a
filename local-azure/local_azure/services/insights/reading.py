"""Metrics as a query tells them: a series for each value of the dimensions, a point an interval.

Pure functions over what was counted. A minute in which nothing was counted is no point (UNVERIFIED:
of some metrics Azure tells a zero).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from local_azure.control_plane.clock import iso_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local_azure.control_plane.metrics import Counted
    from local_azure.services.insights.definitions import Definition

Json = dict[str, Any]
GRAINS = {"PT1M": 60, "PT5M": 300, "PT15M": 900, "PT30M": 1800, "PT1H": 3600, "PT6H": 21600}
GRAINS |= {"PT12H": 43200, "P1D": 86400}
"""Intervals and windows, in seconds."""


class Choice(NamedTuple):
    """Of a dimension, the values that are looked at.

    Attributes:
        name: the dimension, as it is spelled.
        values: in lower case; ``*`` among them for all.
        is_excluded: whether those are left out instead.
    """

    name: str
    values: frozenset[str]
    is_excluded: bool = False

    def fits(self, dimensions: Mapping[str, str]) -> bool:
        """Whether something that was counted is looked at."""
        found = dimensions.get(self.name)
        if found is None:
            return False
        return "*" in self.values or (found.lower() in self.values) != self.is_excluded


def aggregated(total: int, aggregation: str) -> float:
    """What samples of 1 come to: their sum and number, or what each of them is."""
    return total if aggregation in {"Total", "Count"} else min(total, 1)


def series(
    counted: Iterable[Counted], choices: Iterable[Choice]
) -> dict[tuple[str, ...], list[Counted]]:
    """What was counted, by the values of the dimensions that are chosen."""
    chosen = list(choices)
    found: dict[tuple[str, ...], list[Counted]] = defaultdict(list)
    for each in counted:
        if all(choice.fits(each.dimensions) for choice in chosen):
            found[tuple(each.dimensions[choice.name] for choice in chosen)].append(each)
    return dict(found)


def told(
    definition: Definition,
    counted: Iterable[Counted],
    choices: list[Choice],
    aggregations: Iterable[str],
    grain: int | None,
) -> list[Json]:
    """``timeseries`` of an answer; ``grain`` in seconds, None for one point of all."""
    return [
        {
            "metadatavalues": [
                {
                    "name": {"value": choice.name.lower(), "localizedValue": choice.name.lower()},
                    "value": value,
                }
                for choice, value in zip(choices, values, strict=True)
            ],
            "data": _points(points, list(aggregations) or [definition.primary], grain),
        }
        for values, points in series(counted, choices).items()
    ]


def _points(points: list[Counted], aggregations: list[str], grain: int | None) -> list[Json]:
    sums: dict[int, int] = defaultdict(int)
    for each in points:
        sums[each.time // grain * grain if grain else points[0].time] += each.total
    return [
        {
            "timeStamp": iso_at(time),
            **{each.lower(): aggregated(total, each) for each in aggregations},
        }
        for time, total in sums.items()
    ]

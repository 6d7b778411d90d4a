"""The metrics that are known here, and how a query tells what was counted of them.

A query has a series for each value of the dimensions, and a point an interval. A minute in which
nothing was counted is no point (UNVERIFIED: of some metrics Azure tells a zero).
Source of names and dimensions: azure-monitor-docs, supported metrics of eventgrid-systemtopics
(2026-07-31), eventgrid-domains, logic-workflows, datafactory-factories (2026-07-13) and
machinelearningservices-workspaces. Azure has more: those that nothing here counts are left out, but
for four that alerts are made on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from local_azure.control_plane.clock import iso_at
from local_azure.control_plane.metrics import Counted

AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")


class Definition(NamedTuple):
    """A metric.

    Attributes:
        name: as interfaces have it.
        dimensions: what its values can be told apart by.
        unit: of its values.
        primary: how they are put together where nothing is said.
    """

    name: str
    dimensions: tuple[str, ...] = ()
    unit: str = "Count"
    primary: str = "Total"

    def dimension(self, name: str) -> str | None:
        """The dimension of this name in any case, as it is spelled."""
        return {each.lower(): each for each in self.dimensions}.get(name.lower())


def _named(*definitions: Definition) -> dict[str, Definition]:
    return {each.name.lower(): each for each in definitions}


_TO_SYSTEM_TOPIC = ("EventSubscriptionName",)
_TO_DOMAIN = ("Topic", "DomainEventSubscriptionName")
_RUN = ("Scenario", "RunType", "PublishedPipelineId", "ComputeType", "PipelineStepType")
_STATES = (
    *("Queued", "Preparing", "Started", "Finalizing", "Completed", "Failed", "Cancelled"),
    "Not Responding",
)


def _deliveries(subscription: tuple[str, ...]) -> tuple[Definition, ...]:
    return (
        Definition("DeadLetteredCount", ("DeadLetterReason", *subscription)),
        Definition("DroppedEventCount", ("DropReason", *subscription)),
        Definition("DeliveryAttemptFailCount", ("Error", "ErrorType", *subscription)),
        Definition("DeliverySuccessCount", subscription),
        Definition("MatchedEventCount", subscription),
        Definition("PublishSuccessCount"),
    )


METRICS: Mapping[str, Mapping[str, Definition]] = {
    "microsoft.eventgrid/systemtopics": _named(
        *_deliveries(_TO_SYSTEM_TOPIC), Definition("UnmatchedEventCount")
    ),
    "microsoft.eventgrid/domains": _named(*_deliveries(_TO_DOMAIN)),
    "microsoft.logic/workflows": _named(
        *(
            Definition(f"Runs{state}")
            for state in ("Started", "Completed", "Succeeded", "Failed", "Cancelled")
        )
    ),
    "microsoft.datafactory/factories": _named(
        Definition("PipelineSucceededRuns", ("FailureType", "Name")),
        Definition("PipelineFailedRuns", ("FailureType", "Name")),
        Definition("PipelineCancelledRuns", ("FailureType", "CancelledBy", "Name")),
    ),
    "microsoft.machinelearningservices/workspaces": _named(
        *(Definition(f"{state} Runs", (*_RUN, "ExperimentName")) for state in _STATES),
        Definition("Unusable Nodes", ("Scenario", "ClusterName"), primary="Average"),
        Definition(
            "Quota Utilization Percentage",
            ("Scenario", "ClusterName", "VmFamilyName", "VmPriority"),
            primary="Average",
        ),
    ),
}
"""By type and name, both in lower case."""

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

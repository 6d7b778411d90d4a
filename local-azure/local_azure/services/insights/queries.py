"""Azure Monitor's operation on resources of a type that has metrics: telling them.

Source: D:rest/api/monitor/metrics/list. The words of refusals are UNVERIFIED, but for a metric that
is not known.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.clock import iso
from local_azure.control_plane.resource_manager.errors import ControlPlaneError, NotEmulatedError
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.insights.reading import (
    AGGREGATIONS,
    GRAINS,
    METRICS,
    Choice,
    Definition,
    told,
)

_VERSIONS = ("2024-02-01", "2023-10-01", "2019-07-01", "2018-01-01", "2017-05-01-preview")
_INSIGHTS = "/providers/Microsoft.Insights"
_ASKED = (
    *("metricnames", "timespan", "interval", "aggregation", "$filter"),
    *("metricnamespace", "autoadjusttimegrain", "validatedimensions"),
)
_MOST_POINTS = 50_000
"""What a query can come to; Azure's own limit is UNVERIFIED."""
_TERM = re.compile(r"\s*([\w ]+?)\s+eq\s+'((?:[^']|'')*)'\s*")


class BadQueryError(ControlPlaneError):
    """A query that can't be answered."""

    code = "BadRequest"


def of(resource: Resource, name: str) -> Definition:
    """A metric of a resource.

    Raises:
        BadQueryError: there is none of this name.
    """
    known = METRICS.get(resource.type.lower(), {})
    if name.lower() not in known:
        provider, _, kind = resource.type.partition("/")
        names = ",".join(each.name for each in known.values())
        message = (
            f"Failed to find metric configuration for provider: {provider}, resource Type: {kind}, "
            f"metric: {name}, Valid metrics: {names}"
        )
        raise BadQueryError(message)
    return known[name.lower()]


def _localized(name: str) -> dict[str, str]:
    return {"value": name, "localizedValue": name}


async def _metrics(call: Call) -> Response:
    query, resource = call.query, call.target
    names = [each.strip() for each in query.get("metricnames", "").split(",") if each.strip()]
    if not names:
        raise BadQueryError("Name the metrics: metricnames")
    _check_namespace(resource, query.get("metricnamespace"))
    since, until = _timespan(query.get("timespan"), call.control.clock.now())
    interval = query.get("interval", "PT1M")
    grain = _grain(interval, until - since)
    value = []
    for definition in [of(resource, each) for each in names]:
        choices = _choices(definition, query.get("$filter", ""))
        counted = call.control.metrics.between(
            resource.id, definition.name, since.timestamp(), until.timestamp()
        )
        aggregations = _aggregations(query.get("aggregation", definition.primary))
        value.append(
            {
                "id": f"{resource.id}{_INSIGHTS}/metrics/{definition.name}",
                "type": "Microsoft.Insights/metrics",
                "name": _localized(definition.name),
                "displayDescription": definition.name,
                "unit": definition.unit,
                "timeseries": told(definition, counted, choices, aggregations, grain),
                "errorCode": "Success",
            }
        )
    return JSONResponse(
        {
            "cost": 0,
            "timespan": f"{iso(since)}/{iso(until)}",
            "interval": interval,
            "value": value,
            "namespace": resource.type,
            "resourceregion": resource.properties.get("location", "global"),
        }
    )


def _check_namespace(resource: Resource, asked: str | None) -> None:
    if asked is not None and asked.lower() != resource.type.lower():
        raise BadQueryError(f"metricnamespace: found {asked!r}, accepted: {resource.type!r}")


def _timespan(text: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The last hour where none is given (D:rest/api/monitor/metrics/list)."""
    if text is None:
        return now - timedelta(hours=1), now
    try:
        since, until = (datetime.fromisoformat(each.strip()) for each in text.split("/"))
        if since < until:
            return since, until
    except (ValueError, TypeError):
        pass
    message = f"timespan: found {text!r}, accepted: two times in ISO 8601 with a zone, start/end"
    raise BadQueryError(message)


def _grain(interval: str, span: timedelta) -> int | None:
    if interval.upper() == "FULL":
        return None
    grain = GRAINS.get(interval)
    if grain is None or span.total_seconds() / grain > _MOST_POINTS:
        message = f"interval: found {interval!r}, accepted: FULL, {', '.join(GRAINS)}"
        raise BadQueryError(f"{message}, of which a timespan has at most {_MOST_POINTS}")
    return grain


def _aggregations(text: str) -> list[str]:
    known = {each.lower(): each for each in AGGREGATIONS}
    wanted = [each.strip().lower() for each in text.split(",")]
    for each in wanted:
        if each not in known:
            message = f"aggregation: found {each!r}, accepted: {', '.join(known.values())}"
            raise BadQueryError(message)
    return [known[each] for each in wanted]


def _choices(definition: Definition, text: str) -> list[Choice]:
    """The dimensions of a filter, ``A eq 'x' and B eq '*'``; several values of one by ``or``."""
    values: dict[str, set[str]] = {}
    for term in re.split(r"\s(?:and|or)\s", text) if text else ():
        found = _TERM.fullmatch(term)
        name = found and definition.dimension(found[1])
        if not found or name is None:
            message = (
                f"$filter: found {term!r}, accepted: DIMENSION eq 'VALUE', of {definition.name} "
                f"with {', '.join(definition.dimensions) or 'no dimension'}"
            )
            raise BadQueryError(message)
        values.setdefault(name, set()).add(found[2].replace("''", "'").lower())
    _check_ors(text, values)
    return [Choice(name, frozenset(each)) for name, each in values.items()]


def _check_ors(text: str, values: Mapping[str, set[str]]) -> None:
    if " or " in text and len(values) > 1:
        raise NotEmulatedError("Metrics", "'or' in a $filter of several dimensions")


METRICS_OF_A_RESOURCE = Operation(
    "GET",
    "{scope}",
    f"{_INSIGHTS}/metrics",
    "Microsoft.Insights/metrics/read",
    _VERSIONS,
    _metrics,
    heeds=_ASKED,
)

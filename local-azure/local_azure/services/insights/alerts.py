"""Alerts on metrics: the rules of their resources, and whether a condition is met.

A condition is looked at when somebody asks for the alert's state; nobody is told, which
DIFFERENCES.md says. Limits without a source are UNVERIFIED.
"""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.insights.action_groups import ACTION_GROUP, is_global
from local_azure.services.insights.reading import (
    AGGREGATIONS,
    GRAINS,
    METRICS,
    Choice,
    Definition,
    aggregated,
    series,
)

_SINGLE = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
_EVERY = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H")
_MOST_CRITERIA = 5
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqual": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqual": operator.le,
}


def _renamed(properties: Json, now: str, then: str) -> Json:
    criteria = properties.get("criteria")
    if not isinstance(criteria, dict) or now not in criteria:
        return properties
    named = {then if key == now else key: value for key, value in criteria.items()}
    return {**properties, "criteria": named}


_FORM = Form(
    nested=lambda properties: _renamed(properties, "odataType", "odata.type"),
    hoisted=lambda properties: _renamed(properties, "odata.type", "odataType"),
)


def _alert_rules(inputs: Json) -> Iterator[Problem]:
    yield from is_global(inputs)
    yield from _time_problems(inputs.get("evaluationFrequency"), inputs.get("windowSize"))
    yield from not_emulated(inputs, "targetResourceRegion")
    scopes = inputs.get("scopes")
    if isinstance(scopes, list) and len(scopes) != 1:
        yield Problem("scopes", f"found {len(scopes)}, accepted: one resource")
    criteria = inputs.get("criteria")
    if isinstance(criteria, dict):
        yield from _criteria_problems(criteria)


def _time_problems(every: Any, window: Any) -> Iterator[Problem]:
    for key, found, accepted in (
        ("evaluationFrequency", every, _EVERY),
        ("windowSize", window, tuple(GRAINS)),
    ):
        if found not in accepted and found is not UNKNOWN:
            yield Problem(key, f"found {found!r}, accepted: {', '.join(accepted)}")
            return
    if UNKNOWN not in {every, window} and GRAINS[window] < GRAINS[every]:
        reason = f"found {window!r}, accepted: no less than evaluationFrequency, {every!r}"
        yield Problem("windowSize", reason)


def _criteria_problems(criteria: Json) -> Iterator[Problem]:
    if criteria.get("odataType") != _SINGLE:
        yield Problem("criteria.odataType", f"not emulated; accepted: {_SINGLE!r}")
        return
    every = criteria.get("allOf")
    if not isinstance(every, list) or not 0 < len(every) <= _MOST_CRITERIA:
        yield Problem("criteria.allOf", f"accepted: 1 to {_MOST_CRITERIA} criteria")
        return
    names = [at(each, "name") for each in every]
    if len(set(names)) < len(names):
        yield Problem("criteria.allOf", "accepted: a name of its own for each")
    for index, each in enumerate(every):
        if isinstance(each, dict):
            yield from _criterion_problems(each, f"criteria.allOf[{index}]")


def _criterion_problems(each: Json, where: str) -> Iterator[Problem]:
    for key, accepted in (
        ("operator", tuple(_COMPARED)),
        ("timeAggregation", AGGREGATIONS),
    ):
        if each.get(key) not in accepted and each.get(key) is not UNKNOWN:
            reason = f"found {each.get(key)!r}, accepted: {', '.join(accepted)}"
            yield Problem(f"{where}.{key}", reason)
    for index, one in enumerate(each.get("dimensions") or []):
        place = f"{where}.dimensions[{index}]"
        if isinstance(one, dict) and one.get("operator") not in {"Include", "Exclude", UNKNOWN}:
            yield Problem(f"{place}.operator", "accepted: Include, Exclude")
        if isinstance(one, dict) and not one.get("values"):
            yield Problem(f"{place}.values", "accepted: one or more, '*' for all")


def _check_alert(put: Put) -> None:
    target = put.linked("scopes", put.body["scopes"][0])
    known = METRICS.get(target.type.lower())
    if known is None:
        raise put.refuse("scopes", f"a {target.type} has no metrics here")
    kind = put.body.get("targetResourceType", target.type)
    if kind.lower() != target.type.lower():
        raise put.refuse("targetResourceType", f"found {kind!r}, accepted: {target.type!r}")
    for index, each in enumerate(put.body["criteria"]["allOf"]):
        _check_criterion(put, target, each, f"criteria.allOf[{index}]")
    for index, action in enumerate(put.body.get("actions") or []):
        put.linked(
            f"actions[{index}].actionGroupId", action["actionGroupId"], ACTION_GROUP.arm_type
        )


def _check_criterion(put: Put, target: Resource, each: Json, where: str) -> None:
    known = METRICS[target.type.lower()]
    definition = known.get(each["metricName"].lower())
    if definition is None:
        names = ", ".join(metric.name for metric in known.values())
        raise put.refuse(f"{where}.metricName", f"found {each['metricName']!r}, accepted: {names}")
    namespace = each.get("metricNamespace", target.type)
    if namespace.lower() != target.type.lower():
        reason = f"found {namespace!r}, accepted: {target.type!r}"
        raise put.refuse(f"{where}.metricNamespace", reason)
    for one in each.get("dimensions") or []:
        if definition.dimension(one["name"]) is None:
            accepted = ", ".join(definition.dimensions) or "none"
            reason = f"found {one['name']!r}, accepted of {definition.name}: {accepted}"
            raise put.refuse(f"{where}.dimensions", reason)
    _check_was_seen(put, target, definition, each, where)


def _check_was_seen(
    put: Put, target: Resource, definition: Definition, each: Json, where: str
) -> None:
    """A dimension of a metric that was never told (that Azure refuses it: inferred from the type).

    Raises:
        InvalidPropertyError: it was not, and ``skipMetricValidation`` is not said.
    """
    if not each.get("dimensions") or each.get("skipMetricValidation"):
        return
    now = put.control.clock.timestamp()
    if not put.control.metrics.between(target.id, definition.name, 0, now + 60):
        reason = f"{definition.name} was never told; accepted: skipMetricValidation"
        raise put.refuse(f"{where}.dimensions", reason)


def _alert_answer(put: Put) -> Json:
    told = ("description", "severity", "enabled", "scopes", "evaluationFrequency", "windowSize")
    target = put.control.resources.find(put.body["scopes"][0])
    return {
        **tracked(put),
        "location": "global",
        **chosen(put.body, [*told, "criteria"]),
        "autoMitigate": put.body.get("autoMitigate", True),
        **({"targetResourceType": target.type.lower()} if target else {}),
        "actions": put.body.get("actions") or [],
    }


METRIC_ALERT = ResourceType(
    pulumi_type="azure-native:monitor:MetricAlert",
    path="Microsoft.Insights/metricAlerts/{ruleName}",
    api_version="2018-03-01",
    form=_FORM,
    answer=_alert_answer,
    rules=_alert_rules,
    limits={"severity": Limit(0, 4), "criteria.allOf[].threshold": Limit()},
    check=_check_alert,
)


def is_met(control: ControlPlane, alert: Resource) -> bool:
    """Whether each of an alert's criteria is met by what was counted in its window until now."""
    now = control.clock.timestamp()
    since = now - GRAINS[alert.body["windowSize"]]
    target = control.resources.find(alert.body["scopes"][0])
    if target is None or not alert.body["enabled"]:
        return False
    known = METRICS[target.type.lower()]
    return all(
        _is_criterion_met(control, target, known[each["metricName"].lower()], each, since, now)
        for each in alert.body["criteria"]["allOf"]
    )


def _is_criterion_met(
    control: ControlPlane,
    target: Resource,
    definition: Definition,
    each: Json,
    since: float,
    now: float,
) -> bool:
    counted = control.metrics.between(target.id, definition.name, since, now + 1)
    choices = [
        Choice(
            definition.dimension(one["name"]) or "",
            frozenset(value.lower() for value in one["values"]),
            one["operator"] == "Exclude",
        )
        for one in each.get("dimensions") or []
    ]
    totals = [sum(point.total for point in points) for points in series(counted, choices).values()]
    compare, limit = _COMPARED[each["operator"]], each["threshold"]
    return any(compare(aggregated(total, each["timeAggregation"]), limit) for total in totals)

"""Tumbling-window triggers on the control plane; the other kinds, and dependencies, are declined.

Sources: D:data-factory/how-to-create-tumbling-window-trigger for the limits and for what can't be
changed; that this is true of the start as well, MicrosoftDocs/azure-docs#52805; in which words it
is refused is UNVERIFIED.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.activities.conversion import seconds
from local_azure.services.datafactory.errors import TriggerIsEnabledError
from local_azure.services.datafactory.resources.place import (
    answered,
    check_references,
    document_type,
    reference_problems,
)

KIND = "TumblingWindowTrigger"
STARTED, STOPPED = "Started", "Stopped"
_MINUTES = {"Minute": 1, "Hour": 60}
_SHORTEST = 5
_FIXED = ("frequency", "interval", "startTime")
_LIMITS = {
    "properties.interval": Limit(1, 2**31 - 1),
    "properties.maxConcurrency": Limit(1, 50),
    "properties.retryPolicy.count": Limit(0, 2**31 - 1),
    "properties.retryPolicy.intervalInSeconds": Limit(30, 86400),
}


def moment(text: object) -> datetime:
    """A time in ISO 8601, UTC.

    Raises:
        ValueError: it is none, or of another zone.
    """
    found = datetime.fromisoformat(str(text))
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found.utcoffset():
        raise ValueError(text)
    return found


def window_seconds(properties: Json) -> int:
    """How long a trigger's windows are."""
    return _MINUTES[properties["frequency"]] * int(properties["interval"]) * 60


def is_started(trigger: Resource) -> bool:
    """Whether it fires."""
    return bool(trigger.properties["properties"]["runtimeState"] == STARTED)


def _rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    yield from not_emulated(properties, "dependsOn", path="properties")
    yield from _time_problems(properties)
    count = at(properties, "retryPolicy.count")
    # The SDK's type takes anything.
    if isinstance(count, bool) or not isinstance(count, int | float | None):
        yield Problem("properties.retryPolicy.count", f"found {count!r}, accepted: a number")
    if at(properties, "pipeline.pipelineReference.referenceName") is None:
        yield Problem("properties.pipeline", "missing; a tumbling window runs one pipeline")
    parameters = at(properties, "pipeline.parameters")
    if not isinstance(parameters, dict) and parameters is not None and parameters is not UNKNOWN:
        found = f"found {parameters!r}, accepted: an object"
        yield Problem("properties.pipeline.parameters", found)
    yield from reference_problems(inputs)


def _time_problems(properties: Json) -> Iterator[Problem]:
    frequency, interval = properties.get("frequency"), properties.get("interval")
    if frequency not in {*_MINUTES, UNKNOWN}:
        accepted = " or ".join(_MINUTES)
        yield Problem("properties.frequency", f"found {frequency!r}, emulated: {accepted}")
    elif frequency == "Minute" and isinstance(interval, int) and 0 < interval < _SHORTEST:
        reason = f"found {interval}, accepted: {_SHORTEST} or more minutes"
        yield Problem("properties.interval", reason)
    for key, read in {"startTime": moment, "endTime": moment, "delay": seconds}.items():
        found = properties.get(key)
        if found is UNKNOWN or (found is None and key != "startTime"):
            continue
        try:
            read(found)
        except ValueError:
            accepted = "a time span such as 00:10:00" if key == "delay" else "a time in UTC"
            yield Problem(f"properties.{key}", f"found {found!r}, accepted: {accepted}")


def _check(put: Put) -> None:
    if put.before:
        if is_started(put.before):
            raise TriggerIsEnabledError
        before, after = put.before.body["properties"], put.body["properties"]
        for key in _FIXED:
            if before.get(key) != after.get(key):
                reason = "of a tumbling window trigger it can't be changed; make a new trigger"
                raise put.refuse(f"properties.{key}", reason)
    check_references(put)


def _check_delete(control: ControlPlane, trigger: Resource, caller: Principal) -> None:
    del control, caller
    if is_started(trigger):
        raise TriggerIsEnabledError


def _answer(put: Put) -> Json:
    kept: Any = put.before.properties["properties"] if put.before else {}
    state = {"runtimeState": kept.get("runtimeState", STOPPED)}
    return {**answered(put), "properties": {**put.body["properties"], **state}}


TRIGGER = document_type(
    "Trigger",
    "trigger",
    rules=_rules,
    emulated=(KIND,),
    check=_check,
    limits=_LIMITS,
    answer=_answer,
    check_delete=_check_delete,
    form=Form(nested=exported.trigger, hoisted=exported.document_hoisted),
)

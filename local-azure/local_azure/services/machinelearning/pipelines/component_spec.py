"""Components as Resource Manager has them: the YAML of a component, as JSON (``componentSpec``).

Shapes: D:machine-learning/reference-yaml-component-command and reference-yaml-component-pipeline,
and what azure-ai-ml 1.35.2 sends for them. Commands and pipelines of commands are read; another
type of component, of step or of data is refused by name, and so is an unknown key.
"""

import math
import re
from typing import Any

from local_azure.services.machinelearning.pipelines.component import (
    DATA,
    LITERALS,
    Command,
    ComponentError,
    Declared,
    Pipeline,
    Step,
)

_DESCRIBING = (
    "$schema",
    "name",
    "version",
    "display_name",
    "description",
    "tags",
    "type",
    "is_deterministic",
    "_source",
    "sourceJobId",
)
_OF_A_COMMAND = ("inputs", "outputs", "command", "code", "environment", "resources")
_OF_A_PIPELINE = ("inputs", "outputs", "jobs")
_OF_A_STEP = (
    "componentId",
    "component",
    "inputs",
    "outputs",
    "environment_variables",
    "limits",
    "properties",
    "resources",
    "comment",
)
_OF_A_PORT = ("type", "description", "mode", "optional", "default", "enum", "min", "max")
_NAME = re.compile(r"[A-Za-z_]\w{0,62}")
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def read(spec: Any) -> Command | Pipeline:
    """The component of a spec.

    Raises:
        ComponentError: what is wrong with it, or not emulated.
    """
    told = _object(spec, "")
    kind = told.get("type")
    if kind == "command":
        return _command(told)
    if kind == "pipeline":
        return _pipeline(told)
    raise ComponentError("type", f"found {kind!r}, emulated: 'command', 'pipeline'")


def _command(told: dict[str, Any]) -> Command:
    _check_keys(told, "", (*_DESCRIBING, *_OF_A_COMMAND))
    return Command(
        inputs=_ports(told, "inputs", (*DATA, *LITERALS)),
        outputs=_ports(told, "outputs", DATA),
        command=_text(told, "command", ""),
        code=_text({"code": "", **told}, "code", "").removeprefix("azureml:"),
        environment=_text(told, "environment", ""),
    )


def _pipeline(told: dict[str, Any]) -> Pipeline:
    _check_keys(told, "", (*_DESCRIBING, *_OF_A_PIPELINE))
    jobs = _object(told.get("jobs"), "jobs")
    if not jobs:
        raise ComponentError("jobs", "a pipeline has one step at least")
    return Pipeline(
        inputs=_ports(told, "inputs", (*DATA, *LITERALS)),
        outputs=_ports(told, "outputs", DATA),
        steps={name: _step(name, job) for name, job in jobs.items()},
    )


def _step(name: str, job: Any) -> Step:
    where = f"jobs.{name}"
    _check_name(name, where)
    told = _object(job, where)
    _check_keys(told, where, (*_DESCRIBING, *_OF_A_STEP))
    if told.get("type", "command") != "command":
        raise ComponentError(f"{where}.type", f"found {told['type']!r}, emulated: 'command'")
    component = told.get("componentId") or told.get("component")
    if not isinstance(component, str):
        raise ComponentError(f"{where}.componentId", "missing; it names a command component")
    inputs = _object(told.get("inputs") or {}, f"{where}.inputs")
    outputs = _object(told.get("outputs") or {}, f"{where}.outputs")
    limits = _object(told.get("limits") or {}, f"{where}.limits")
    _check_keys(limits, f"{where}.limits", ("timeout", "job_limits_type"))
    return Step(
        name=name,
        component=component.removeprefix("azureml:"),
        inputs={key: _value(each, f"{where}.inputs.{key}") for key, each in inputs.items()},
        outputs={
            key: str(_value(each, f"{where}.outputs.{key}"))
            for key, each in outputs.items()
            if each is not None and not _is_kept(each)
        },
        variables=_texts(told.get("environment_variables") or {}, f"{where}.environment_variables"),
        timeout=_seconds(limits.get("timeout"), f"{where}.limits.timeout"),
    )


def _is_kept(output: Any) -> bool:
    """Whether an output is the step's own: it has a type and a mode, and is bound to nothing."""
    return isinstance(output, dict) and set(output) <= {"job_output_type", "mode"}


def _ports(told: dict[str, Any], key: str, accepted: tuple[str, ...]) -> dict[str, Declared]:
    ports = _object(told.get(key) or {}, key)
    return {name: _port(name, each, f"{key}.{name}", accepted) for name, each in ports.items()}


def _port(name: str, told: Any, where: str, accepted: tuple[str, ...]) -> Declared:
    _check_name(name, where)
    entry = _object(told, where)
    _check_keys(entry, where, _OF_A_PORT)
    kind = entry.get("type")
    if kind not in accepted:
        raise ComponentError(f"{where}.type", f"found {kind!r}, emulated: {', '.join(accepted)}")
    return Declared(
        type=kind,
        optional=entry.get("optional") in (True, "True", "true"),
        default=entry.get("default"),
        enum=tuple(entry.get("enum") or ()),
        least=_number(entry.get("min"), f"{where}.min"),
        most=_number(entry.get("max"), f"{where}.max"),
    )


def _value(told: Any, where: str) -> Any:
    """A literal or binding, bare or as azure-ai-ml wraps it."""
    if isinstance(told, dict):
        _check_keys(told, where, ("value", "job_input_type", "type", "mode"))
        kind = told.get("job_input_type") or told.get("type") or "literal"
        if kind != "literal" or "value" not in told:
            reason = f"found {kind!r}; emulated: a literal, or ${{{{parent.…}}}}"
            raise ComponentError(where, reason)
        return told["value"]
    if isinstance(told, str | int | float):
        return told
    raise ComponentError(where, f"found {told!r}; accepted: a literal, or ${{{{parent.…}}}}")


def _object(told: Any, where: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise ComponentError(where, f"found {told!r}; accepted: an object")
    return told


def _text(told: dict[str, Any], key: str, where: str) -> str:
    value = told.get(key)
    path = f"{where}.{key}" if where else key
    if not isinstance(value, str):
        raise ComponentError(path, f"found {value!r}; accepted: a string")
    return value


def _texts(told: Any, where: str) -> dict[str, str]:
    entries = _object(told, where)
    return {key: _text(entries, key, where) for key in entries}


def _number(told: Any, where: str) -> float | None:
    try:
        found = None if told is None else float(told)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if found is not None and not math.isfinite(found):
        raise ComponentError(where, f"found {told!r}; accepted: a number")
    return found


def _seconds(told: Any, where: str) -> float | None:
    """A time-out: a number, or a duration as azure-ai-ml sends it."""
    found = _DURATION.fullmatch(told) if isinstance(told, str) else None
    if found:
        hours, minutes, rest = (float(part or 0) for part in found.groups())
        told = (hours * 60 + minutes) * 60 + rest
    seconds = _number(told, where)
    if seconds is not None and seconds <= 0:
        raise ComponentError(where, f"found {told!r}; accepted: more than 0 seconds")
    return seconds


def _check_keys(told: dict[str, Any], where: str, accepted: tuple[str, ...]) -> None:
    for key in told:
        if key not in accepted:
            path = f"{where}.{key}" if where else key
            raise ComponentError(path, f"unknown or not emulated; accepted: {', '.join(accepted)}")


def _check_name(name: str, where: str) -> None:
    if not _NAME.fullmatch(name):
        reason = "accepted: a letter or '_', then up to 62 letters, digits or '_'"
        raise ComponentError(where, reason)

"""A step of a pipeline: what its inputs and outputs are bound to, checked and as it is registered.

A step's compute, environment and identity are its deployment's and its component's. A model or data
asset at a step's input is none of these: bind the input to one of the pipeline's.
"""

import re
from typing import Any, NamedTuple

from components.machine_learning.pipeline_components.ports import (
    DATA,
    MODES,
    FormError,
    check_keys,
    check_mode,
    entries,
    text,
)

_PASSED_ON = ("display_name", "description", "comment", "tags", "properties", "resources")
_OF_A_STEP = (
    *("type", "component", "inputs", "outputs", "limits", "environment_variables"),
    *_PASSED_ON,
)
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_BOUND = {
    "inputs": re.compile(
        r"\$\{\{\s*parent\.(?:inputs|jobs\.(?P<step>\w+)\.outputs)\.(?P<name>\w+)\s*\}\}"
    ),
    "outputs": re.compile(r"\$\{\{\s*parent\.outputs\.(?P<step>)(?P<name>\w+)\s*\}\}"),
}
_EXAMPLES = {
    "inputs": "${{parent.inputs.<name>}} or ${{parent.jobs.<step>.outputs.<name>}}",
    "outputs": "${{parent.outputs.<name>}}",
}


class Bound(NamedTuple):
    """What an input or output of a step is bound to."""

    step: str
    """The step whose output it is; empty for the pipeline's own."""

    name: str


def check_step(name: str, job: Any) -> None:
    """Refuse a step that can't be registered as it is written.

    Raises:
        FormError: what is wrong with it.
    """
    key = f"jobs.{name}"
    if not _NAME.fullmatch(name):
        raise FormError(key, "a name of lower-case letters, digits and '_'")
    check_keys(entries(job, key), key, _OF_A_STEP)
    if job.get("type", "command") != "command":
        raise FormError(f"{key}.type", "command")
    for side in ("inputs", "outputs"):
        for port, value in entries(job.get(side), f"{key}.{side}").items():
            _registered(value, f"{key}.{side}.{port}", side)
    _limits(job, key)
    key = f"{key}.environment_variables"
    for variable, value in entries(job.get("environment_variables"), key).items():
        if not isinstance(value, str):
            raise FormError(f"{key}.{variable}", "a text, in quotes")


def registered_step(name: str, job: dict[str, Any], component_id: str) -> dict[str, Any]:
    """A step as azure-ai-ml sends it."""
    ports = {
        side: {
            port: _registered(value, f"jobs.{name}.{side}.{port}", side)
            for port, value in entries(job.get(side), side).items()
            if value is not None
        }
        for side in ("inputs", "outputs")
    }
    kept = {key: job[key] for key in (*_PASSED_ON, "environment_variables") if job.get(key)}
    limits = _limits(job, f"jobs.{name}")
    return {"type": "command", **kept, **limits, "componentId": component_id, **ports}


def bindings(name: str, job: dict[str, Any], side: str) -> dict[str, Bound]:
    """What the inputs or outputs of a step are bound to, without literals."""
    found = {}
    for port, value in entries(job.get(side), side).items():
        told = value.get("path") if isinstance(value, dict) else value
        if bound := _bound(told, f"jobs.{name}.{side}.{port}", side):
            found[port] = bound
    return found


def literals(job: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a step that are values."""
    bound = bindings("", job, "inputs")
    return {
        port: value for port, value in entries(job.get("inputs"), "").items() if port not in bound
    }


def _bound(value: Any, key: str, side: str) -> Bound | None:
    if not isinstance(value, str) or "${{" not in value:
        return None
    if found := _BOUND[side].fullmatch(value):
        return Bound(found["step"] or "", found["name"])
    raise FormError(key, f"{_EXAMPLES[side]}, and nothing around it")


def _registered(value: Any, key: str, side: str) -> dict[str, Any]:
    """One input or output: a binding, bare or with a mode, or a literal."""
    kind = "job_input_type" if side == "inputs" else "type"
    if isinstance(value, dict):
        return _of_object(value, key, side, kind)
    if _bound(value, key, side):
        return {kind: "literal", "value": value}
    if side == "outputs" and value is None:
        return {}
    if side == "inputs" and isinstance(value, str | int | float):
        return {kind: "literal", "value": text(value)}
    raise FormError(key, f"{'a value, ' if side == 'inputs' else ''}{_EXAMPLES[side]}")


def _of_object(value: dict[str, Any], key: str, side: str, kind: str) -> dict[str, Any]:
    check_keys(value, key, ("type", "mode", "path"))
    check_mode(value, key, side)
    if value.get("type", DATA[0]) not in DATA:
        raise FormError(f"{key}.type", f"one of {', '.join(DATA)}")
    mode = {"mode": MODES[side][value["mode"]]} if "mode" in value else {}
    if _bound(value.get("path"), f"{key}.path", side):
        return {kind: "literal", "value": value["path"], **mode}
    if side == "outputs" and "path" not in value:
        return {"job_output_type": value.get("type", "uri_folder"), **mode}
    raise FormError(f"{key}.path", f"{_EXAMPLES[side]}; no asset, URI or file stands here")


def _limits(job: dict[str, Any], key: str) -> dict[str, Any]:
    limits = entries(job.get("limits"), f"{key}.limits")
    check_keys(limits, f"{key}.limits", ("timeout",))
    if not limits:
        return {}
    seconds = limits["timeout"]
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 1:
        raise FormError(f"{key}.limits.timeout", "seconds, a whole number")
    return {"limits": {"job_limits_type": "Command", "timeout": f"PT{seconds}S"}}

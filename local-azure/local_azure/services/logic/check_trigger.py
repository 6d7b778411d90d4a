"""What is wrong with a trigger. The one type here is Request; connectors are declined."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local_azure.runs.references import references

_KEYS = frozenset(
    {"type", "kind", "inputs", "splitOn", "description", "runtimeConfiguration", "metadata"}
)
_INPUTS = frozenset({"method", "schema"})
_TRIGGER = frozenset({"trigger", "triggerbody", "triggeroutputs"})


def trigger_problems(trigger: Any, actions: Mapping[str, Any]) -> Iterator[str]:
    """Phrases, one for each problem."""
    try:
        yield from _problems(trigger, actions)
    except (AttributeError, KeyError, TypeError) as error:
        yield f"a part of it has another type than it must have: {error}"


def _problems(trigger: Any, actions: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(trigger, dict) or trigger.get("type") != "Request":
        kind = trigger.get("type") if isinstance(trigger, dict) else trigger
        yield f"the type {kind!r} is not emulated; accepted: 'Request'"
        return
    for key in sorted(set(trigger) - _KEYS):
        yield f"{key!r} is not emulated; accepted: {', '.join(sorted(_KEYS))}"
    if not isinstance(trigger.get("inputs") or {}, dict):
        yield f"inputs are an object; found {type(trigger['inputs']).__name__}"
        return
    for key in sorted(set(trigger.get("inputs") or {}) - _INPUTS):
        yield f"inputs have {key!r}, which is not emulated; accepted: {', '.join(sorted(_INPUTS))}"
    if "splitOn" in trigger:
        yield from _split_problems(trigger["splitOn"], actions)
    yield from _configuration_problems(trigger.get("runtimeConfiguration", {}))


def _split_problems(split: Any, actions: Mapping[str, Any]) -> Iterator[str]:
    functions = {reference.function for reference in references(split)}
    if not isinstance(split, str) or not functions & _TRIGGER:
        yield f"splitOn is an expression on the trigger's outputs; found {split!r}"
    if '"Response"' in repr(actions).replace("'", '"'):
        yield "splitOn starts a run for each item, and no Response action can answer for them all"


def _configuration_problems(configuration: Any) -> Iterator[str]:
    if not isinstance(configuration, dict) or not _are_objects(configuration.values()):
        yield f"runtimeConfiguration is an object of objects; found {configuration!r}"
        return
    for key in sorted(set(configuration) - {"secureData"}):
        yield f"runtimeConfiguration has {key!r}, which is not emulated"


def _are_objects(values: Iterable[Any]) -> bool:
    return all(isinstance(each, dict) for each in values)

"""What is wrong with a trigger. The one type here is Request; connectors are declined."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.references import references
from local_azure.services.logic.schema import schema_problems

_KEYS = frozenset(
    {"type", "kind", "inputs", "conditions", "splitOn", "operationOptions", "description"}
    | {"runtimeConfiguration", "metadata"}
)
_INPUTS = frozenset({"method", "schema"})
_OPTIONS = ("EnableSchemaValidation",)
_TRIGGER = frozenset({"trigger", "triggerbody", "triggeroutputs"})
_OTHERS = frozenset({"actions", "body", "outputs", "variables", "items", "item", "result"})


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
    if trigger.get("operationOptions") not in (None, *_OPTIONS):
        found = trigger["operationOptions"]
        yield f"operationOptions {found!r} are not emulated; accepted: {', '.join(_OPTIONS)}"
    if trigger.get("operationOptions") in _OPTIONS:
        yield from schema_problems((trigger.get("inputs") or {}).get("schema") or {})
    if "splitOn" in trigger:
        yield from _split_problems(trigger["splitOn"], actions)
    conditions = trigger.get("conditions", [])
    if not isinstance(conditions, list):
        yield f"conditions are a list; found {type(conditions).__name__}"
        return
    for condition in conditions:
        yield from _condition_problems(condition)
    yield from _configuration_problems(trigger.get("runtimeConfiguration", {}))


def _split_problems(split: Any, actions: Mapping[str, Any]) -> Iterator[str]:
    functions = {reference.function for reference in references(split)}
    if not isinstance(split, str) or not functions & _TRIGGER:
        yield f"splitOn is an expression on the trigger's outputs; found {split!r}"
    if '"Response"' in repr(actions).replace("'", '"'):
        yield "splitOn starts a run for each item, and no Response action can answer for them all"


def _condition_problems(condition: Any) -> Iterator[str]:
    expression = condition.get("expression") if isinstance(condition, dict) else None
    if not isinstance(expression, str) or not expression.startswith("@"):
        yield f"a condition is an object with an expression; found {condition!r}"
        return
    used = {reference.function for reference in references(expression)}
    for function in sorted(used & _OTHERS):
        yield f"a condition sees the trigger and parameters only; found {function}()"


def _configuration_problems(configuration: Any) -> Iterator[str]:
    if not isinstance(configuration, dict) or not all(
        isinstance(each, dict) for each in configuration.values()
    ):
        yield f"runtimeConfiguration is an object of objects; found {configuration!r}"
        return
    for key in sorted(set(configuration) - {"secureData"}):
        yield f"runtimeConfiguration has {key!r}, which is not emulated"

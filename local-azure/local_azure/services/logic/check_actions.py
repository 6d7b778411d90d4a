"""What is wrong with actions: types, keys, run-after, and what each type knows of itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.durations import seconds
from local_azure.services.logic.action import branches_of
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.actions.types import ACTION_TYPES

_COMMON = frozenset(
    {"type", "kind", "runAfter", "description", "metadata", "limit", "operationOptions"}
    | {"runtimeConfiguration"}
)
_STATUSES = ("Succeeded", "Failed", "Skipped", "TimedOut")
_LOOPS = frozenset({"Foreach", "Until"})


def action_problems(actions: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each problem in a definition's actions."""
    seen: set[str] = set()
    yield from _branch(actions, seen, ())


def _branch(actions: Any, seen: set[str], around: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(actions, dict):
        yield f"Actions are an object; found {type(actions).__name__}."
        return
    for name, spec in actions.items():
        if name.lower() in seen:
            yield f"Action '{name}': the name is taken; names are unique in the whole workflow."
        seen.add(name.lower())
        for problem in _of_its_shape(_action(spec, around)):
            yield f"Action '{name}': {problem}."
        yield from _inside(spec, seen, around)
    yield from _run_after(actions)


def _of_its_shape(problems: Iterator[str]) -> Iterator[str]:
    """The problems, and one more where a part has a type that no check of it expects."""
    try:
        yield from problems
    except (AttributeError, KeyError, TypeError) as error:
        yield f"a part of it has another type than it must have: {error}"


def _inside(spec: Any, seen: set[str], around: tuple[str, ...]) -> Iterator[str]:
    kind = str(spec.get("type")) if isinstance(spec, dict) else ""
    if kind in ACTION_TYPES and ACTION_TYPES[kind].keys & {"actions", "cases"}:
        if misshapen := list(_branch_shapes(spec)):
            yield from misshapen
            return
        for actions in branches_of(spec).values():
            yield from _branch(actions, seen, (*around, kind))


def _branch_shapes(spec: Mapping[str, Any]) -> Iterator[str]:
    cases = spec.get("cases", {})
    branches = {key: spec[key] for key in ("else", "default") if key in spec}
    branches |= cases if isinstance(cases, dict) else {"cases": cases}
    for name, branch in branches.items():
        if not isinstance(branch, dict):
            yield f"The branch '{name}' is an object with actions; found {type(branch).__name__}."


def _action(spec: Any, around: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
        yield "it needs a type"
        return
    kind = ACTION_TYPES.get(spec["type"])
    if kind is None:
        accepted = ", ".join(sorted(ACTION_TYPES))
        yield f"the type {spec['type']!r} is not emulated; accepted: {accepted}"
        return
    shape = list(_shape(kind, spec))
    yield from shape or kind.problems(spec)
    yield from _settings(kind, spec)
    yield from _nesting(kind, around)


def _shape(kind: ActionType, spec: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(kind.required - set(spec)):
        yield f"it needs {key!r}"
    for key in sorted(set(spec) - kind.keys - _COMMON):
        accepted = ", ".join(sorted(kind.keys | _COMMON))
        yield f"it has {key!r}, which is not emulated; accepted: {accepted}"
    if kind.input_keys is None or "inputs" not in spec:
        return
    if not isinstance(spec["inputs"], dict):
        yield f"its inputs are an object; found {type(spec['inputs']).__name__}"
        return
    for key in sorted(kind.required_inputs - set(spec["inputs"])):
        yield f"its inputs need {key!r}"
    for key in sorted(set(spec["inputs"]) - kind.input_keys):
        accepted = ", ".join(sorted(kind.input_keys))
        yield f"its inputs have {key!r}, which is not emulated; accepted: {accepted}"


def _settings(kind: ActionType, spec: Mapping[str, Any]) -> Iterator[str]:
    for option in filter(None, str(spec.get("operationOptions", "")).replace(" ", "").split(",")):
        if option not in kind.options:
            accepted = ", ".join(sorted(kind.options)) or "none"
            yield f"operationOptions {option!r} are not emulated here; accepted: {accepted}"
    configuration = spec.get("runtimeConfiguration", {})
    if not isinstance(configuration, dict):
        yield f"runtimeConfiguration is an object; found {type(configuration).__name__}"
        return
    accepted_keys = {"secureData", "concurrency"} if kind.type == "Foreach" else {"secureData"}
    for key in sorted(set(configuration) - accepted_keys):
        yield f"runtimeConfiguration has {key!r}, which is not emulated for {kind.type}"
    yield from _secured(configuration.get("secureData", {}))
    if "limit" in spec and kind.type != "Until":
        yield from _limit(spec["limit"])


def _secured(document: Any) -> Iterator[str]:
    parts = document.get("properties", []) if isinstance(document, dict) else None
    if not isinstance(parts, list):
        yield f"secureData has a list of properties; found {document!r}"
        return
    for part in parts:
        if part not in ("inputs", "outputs"):
            yield f"secureData secures 'inputs' and 'outputs'; found {part!r}"


def _limit(limit: Any) -> Iterator[str]:
    if not isinstance(limit, dict) or set(limit) != {"timeout"}:
        yield f"limit has a timeout only; found {limit!r}"
        return
    try:
        seconds(limit["timeout"])
    except ValueError as error:
        yield f"limit.timeout: {error}"


def _nesting(kind: ActionType, around: tuple[str, ...]) -> Iterator[str]:
    if kind.type == "InitializeVariable" and around:
        yield f"a variable is initialised at the outermost level only; found inside a {around[-1]}"
    if kind.type == "Terminate" and _LOOPS & set(around):
        yield "a Terminate action can't stand inside a Foreach or Until loop"


def _run_after(actions: Mapping[str, Any]) -> Iterator[str]:
    sound = True
    for name, spec in actions.items():
        for problem in _predecessors(spec, actions):
            sound = False
            yield f"Action '{name}': {problem}."
    if sound and (cycle := _cycle(actions)):
        yield f"The actions {', '.join(cycle)} run after each other in a circle."


def _predecessors(spec: Any, siblings: Mapping[str, Any]) -> Iterator[str]:
    after = spec.get("runAfter", {}) if isinstance(spec, dict) else {}
    if not isinstance(after, dict):
        yield f"runAfter is an object; found {type(after).__name__}"
        return
    for name, statuses in after.items():
        if name not in siblings:
            beside = ", ".join(siblings)
            yield f"it runs after '{name}', which is no action beside it; those are: {beside}"
        known = {status.lower() for status in _STATUSES}
        if not isinstance(statuses, list) or not statuses:
            yield f"runAfter '{name}' lists statuses; found {statuses!r}"
            continue
        for status in statuses:
            if str(status).lower() not in known:
                accepted = ", ".join(_STATUSES)
                yield f"runAfter '{name}' has the status {status!r}; accepted: {accepted}"


def _cycle(actions: Mapping[str, Any]) -> list[str]:
    left = {
        name: set(spec.get("runAfter", {}) if isinstance(spec, dict) else {})
        for name, spec in actions.items()
    }
    while ready := [name for name, before in left.items() if not before & set(left)]:
        for name in ready:
            del left[name]
    return list(left)

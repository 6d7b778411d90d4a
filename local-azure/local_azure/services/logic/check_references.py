"""What is wrong with the expressions of a definition: functions, and what they refer to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from local_azure.expressions.check import check, strings
from local_azure.expressions.registry import LOGIC_APPS
from local_azure.runs.references import Reference, references
from local_azure.services.logic.action import Action

_OF_ACTIONS = frozenset({"actions", "body", "outputs", "actionbody", "actionoutputs", "result"})
_OF_ITEMS = frozenset({"Foreach", "Query", "Select"})
"""The types of action inside of which there is an item."""
_ELSEWHERE = {"listcallbackurl": "HTTP webhook", "appsetting": "Standard"}
"""Functions that mean nothing here, and where they do."""
_CHANGES = ("SetVariable", "IncrementVariable", "AppendToArrayVariable", "AppendToStringVariable")
_OF_LOOPS = {"items": "Foreach", "iterationindexes": "Until"}


@dataclass(frozen=True)
class _Sight:
    """What an action's expressions may name, all in lower case."""

    parameters: frozenset[str]
    variables: frozenset[str]
    all_actions: frozenset[str]
    before: frozenset[str] = frozenset()
    around: tuple[Action, ...] = ()

    def after(self, names: frozenset[str]) -> "_Sight":
        """Where these actions have ended too."""
        return replace(self, before=self.before | names)

    def inside(self, action: Action) -> "_Sight":
        """Where that action is around."""
        return replace(self, around=(*self.around, action))


def reference_problems(definition: Mapping[str, Any], actions: Sequence[Action]) -> Iterator[str]:
    """One sentence for each problem."""
    everything = [each for action in actions for each in action.descendants()]
    sight = _Sight(
        frozenset(name.lower() for name in definition.get("parameters", {})),
        frozenset(_initialised(everything)),
        frozenset(action.name.lower() for action in everything),
    )
    trigger = {"trigger": definition["triggers"]}
    yield from _value_problems("The trigger", trigger, sight)
    yield from _branch(actions, sight)
    ended = sight.after(sight.all_actions)
    yield from _value_problems("The outputs", definition.get("outputs", {}), ended)


def _branch(actions: Sequence[Action], sight: _Sight) -> Iterator[str]:
    before: dict[str, frozenset[str]] = {}
    for action in actions:
        known: frozenset[str] = frozenset()
        for name in action.run_after:
            predecessor = next(each for each in actions if each.name == name)
            inner = frozenset(each.name.lower() for each in predecessor.descendants())
            known |= inner | before[name]
        before[action.name] = known
        yield from _action(action, sight.after(known))


def _action(action: Action, sight: _Sight) -> Iterator[str]:
    # An Until looks at its own actions after each pass.
    inner = frozenset(each.name.lower() for each in action.descendants()) - {action.name.lower()}
    at = sight.after(inner) if action.type == "Until" else sight
    if action.type == "Until" or action.type in _OF_ITEMS - {"Foreach"}:
        at = at.inside(action)
    yield from _value_problems(f"Action '{action.name}'", action.own, at)
    if (
        action.type in _CHANGES
        and str(action.spec["inputs"]["name"]).lower() not in sight.variables
    ):
        known = ", ".join(sorted(sight.variables)) or "none"
        name = action.spec["inputs"]["name"]
        yield f"Action '{action.name}': no variable '{name}' is initialised; known: {known}."
    for branch in action.branches.values():
        yield from _branch(branch, sight.inside(action))


def _value_problems(where: str, value: Any, sight: _Sight) -> Iterator[str]:
    for problem in check(value, LOGIC_APPS):
        yield f"{where}: {problem}"
    for text in dict.fromkeys(strings(value)):
        for used in dict.fromkeys(references(text)):
            for problem in _unresolved(used, sight):
                yield f"{where}: {text}: {problem}."


def _unresolved(used: Reference, sight: _Sight) -> Iterator[str]:
    name = used.name.lower()
    if used.function in _ELSEWHERE:
        yield f"{used.function}() is of {_ELSEWHERE[used.function]} alone, which is not emulated"
    elif used.function == "item" and not any(each.type in _OF_ITEMS for each in sight.around):
        yield "item() means nothing outside of a loop over items"
    if not name:
        return
    if used.function in _OF_ACTIONS:
        yield from _action_reference(used, sight)
    elif used.function == "parameters" and name not in sight.parameters:
        declared = ", ".join(sorted(sight.parameters)) or "none"
        yield f"the parameter '{used.name}' is not declared; declared: {declared}"
    elif used.function == "variables" and name not in sight.variables:
        known = ", ".join(sorted(sight.variables)) or "none"
        yield f"the variable '{used.name}' is initialised nowhere; those that are: {known}"
    elif used.function in _OF_LOOPS:
        kind = _OF_LOOPS[used.function]
        loops = [each.name for each in sight.around if each.type == kind]
        if name not in {loop.lower() for loop in loops}:
            around = ", ".join(loops) or "none"
            yield f"'{used.name}' is no {kind} loop around it; those are: {around}"


def _action_reference(used: Reference, sight: _Sight) -> Iterator[str]:
    name = used.name.lower()
    if name not in sight.all_actions:
        yield f"{used.function}() refers to the action '{used.name}', which does not exist"
    elif name not in sight.before:
        yield (
            f"{used.function}() refers to the action '{used.name}', which does not end before "
            "it: let it run after that action"
        )


def _initialised(actions: Sequence[Action]) -> Iterator[str]:
    for action in actions:
        if action.type == "InitializeVariable":
            for variable in action.spec["inputs"]["variables"]:
                yield str(variable["name"]).lower()

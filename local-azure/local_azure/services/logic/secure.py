"""What the run history must not show, and everything that follows from it.

Declared by ``runtimeConfiguration.secureData``; an action that uses secured outputs has its inputs
hidden too, and one that hands its inputs on (Compose, Parse JSON, Response ...) its outputs as well
(D:logic-apps/logic-apps-securing-a-logic-app). Stricter than Azure: secure parameters, variables
and loops hand the hiding on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local_azure.runs.references import Reference, references
from local_azure.services.logic.action import Action

MARKER = "*** hidden: secured by the workflow definition ***"

_ECHOING = frozenset(
    {"Compose", "ParseJson", "Response", "Select", "Query", "Join"}
    | {"InitializeVariable", "SetVariable", "IncrementVariable"}
    | {"AppendToArrayVariable", "AppendToStringVariable"}
)
_OUTPUTS = frozenset({"body", "outputs", "actionbody", "actionoutputs"})
_HARMLESS = frozenset(
    {"status", "code", "name", "starttime", "endtime", "trackingid", "clienttrackingid"}
)
_TRIGGER = frozenset({"trigger", "triggerbody", "triggeroutputs"})


@dataclass(frozen=True)
class Hidden:
    """Which parts of an action the history does not show."""

    inputs: bool = False
    outputs: bool = False


class Hiding:
    """Works out what is hidden, from what is declared until nothing more follows."""

    def __init__(
        self,
        actions: Sequence[Action],
        parameters: Mapping[str, Mapping[str, Any]],
        trigger: Mapping[str, Any],
    ) -> None:
        self.trigger = _declared(trigger)
        self._actions = actions
        self._parameters = {
            name.lower()
            for name, declared in parameters.items()
            if str(declared.get("type", "")).lower().startswith("secure")
        }
        self._hidden = {action.name.lower(): _declared(action.spec) for action in actions}
        self._names = {action.name.lower(): action for action in actions}
        self._variables: set[str] = set()
        self._loops: set[str] = set()
        self._uses = {action.name.lower(): _uses(action) for action in actions}

    def actions(self) -> dict[str, Hidden]:
        """What is hidden of each action, by its name."""
        while any(self._spread(action) for action in self._actions):
            pass
        return {action.name: self._hidden[action.name.lower()] for action in self._actions}

    def reveals(self, value: Any) -> bool:
        """Whether a value is made of something that is hidden, once ``actions`` has been asked."""
        return any(map(self._is_secret, references(value)))

    def _spread(self, action: Action) -> bool:
        name = action.name.lower()
        before = self._hidden[name]
        inputs = before.inputs or any(map(self._is_secret, self._uses[name]))
        after = Hidden(inputs, before.outputs or (inputs and action.type in _ECHOING))
        self._hidden[name] = after
        return self._carry(action, after) | (before != after)

    def _carry(self, action: Action, hidden: Hidden) -> bool:
        known = len(self._variables) + len(self._loops)
        if hidden.inputs and action.type.endswith("Variable"):
            self._variables |= _variables(action)
        if hidden.inputs and action.type == "Foreach":
            self._loops |= {each.name.lower() for each in action.descendants()}
        return len(self._variables) + len(self._loops) != known

    def _is_secret(self, used: Reference) -> bool:
        name, key = used.name.lower(), used.key.lower()
        if used.function in _OUTPUTS:
            return self._hidden.get(name, Hidden()).outputs
        if used.function == "actions":
            return self._is_secret_record(name, key)
        if used.function == "result":
            scope = self._names.get(name)
            return scope is not None and any(map(self._is_touched, scope.descendants()))
        if used.function in _TRIGGER:
            return self.trigger.outputs and key not in _HARMLESS
        return name in self._secret_names(used.function)

    def _secret_names(self, function: str) -> set[str]:
        tables = {"parameters": self._parameters, "variables": self._variables}
        return self._loops if function in {"items", "item"} else tables.get(function, set())

    def _is_secret_record(self, name: str, key: str) -> bool:
        hidden = self._hidden.get(name, Hidden())
        if key in _HARMLESS:
            return False
        return hidden.outputs if key == "outputs" else hidden.inputs or hidden.outputs

    def _is_touched(self, action: Action) -> bool:
        return self._hidden[action.name.lower()] != Hidden()


def _uses(action: Action) -> list[Reference]:
    found = list(references(action.own))
    # item() means the loop around the action: the action's own name stands for it here.
    return [Reference("item", action.name) if r.function == "item" else r for r in found]


def _variables(action: Action) -> set[str]:
    inputs = action.spec.get("inputs", {})
    declared = inputs.get("variables", [inputs])
    return {str(each.get("name", "")).lower() for each in declared}


def _declared(spec: Mapping[str, Any]) -> Hidden:
    secured = spec.get("runtimeConfiguration", {}).get("secureData", {}).get("properties", [])
    # Azure has one switch for Compose, Parse JSON and Response: hidden inputs hide the outputs.
    inputs = "inputs" in secured
    return Hidden(inputs, "outputs" in secured or (inputs and spec.get("type") in _ECHOING))

"""A workflow definition, read once per version: its actions in the order in which they can run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_azure.logic.actions.types import ACTION_TYPES
from local_azure.logic.records import Status
from local_azure.logic.secure import Hidden, Hiding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local_azure.logic.actions.base import ActionType

_BRANCHES = frozenset({"actions", "else", "cases", "default"})
_STATUSES = {status.lower(): status for status in Status}


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes:
        name: unique in the definition.
        kind: its type, which knows how to run it.
        spec: the action as the definition has it.
        run_after: the statuses of each predecessor under which it runs.
        branches: the actions in it, by branch: ``actions``, ``else``, ``default``, ``case X``.
    """

    name: str
    kind: ActionType
    spec: Mapping[str, Any]
    run_after: Mapping[str, frozenset[Status]]
    branches: Mapping[str, tuple[Action, ...]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The type's name, such as ``Http``."""
        return self.kind.type

    @property
    def own(self) -> dict[str, Any]:
        """The action's document without the actions in it."""
        return {key: value for key, value in self.spec.items() if key not in _BRANCHES}

    def descendants(self) -> Iterator[Action]:
        """The action itself and all that it contains."""
        yield self
        for branch in self.branches.values():
            for action in branch:
                yield from action.descendants()


@dataclass(frozen=True)
class Definition:
    """A workflow definition.

    Attributes:
        trigger_name: its one trigger's name.
        trigger: that trigger as the definition has it.
        parameters: the declarations, by name.
        actions: the outermost actions.
        outputs: the declared outputs.
        responds: whether an action answers the caller.
        hidden: what of each action, by name, the run history does not show.
    """

    trigger_name: str
    trigger: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    actions: tuple[Action, ...]
    outputs: Mapping[str, Any]
    responds: bool
    hidden: Mapping[str, Hidden]
    trigger_hidden: Hidden

    def find(self, name: str) -> Action | None:
        """The action of that name, whatever its case."""
        for action in self.all_actions():
            if action.name.lower() == name.lower():
                return action
        return None

    def all_actions(self) -> Iterator[Action]:
        """Every action, each before those in it."""
        for action in self.actions:
            yield from action.descendants()


def read(document: Mapping[str, Any]) -> Definition:
    """The definition that a document holds; ``check_definition`` has found nothing wrong in it."""
    name, trigger = next(iter(document["triggers"].items()))
    parameters = document.get("parameters", {})
    actions = read_actions(document["actions"])
    everything = [each for action in actions for each in action.descendants()]
    hiding = Hiding(everything, parameters, trigger)
    return Definition(
        trigger_name=name,
        trigger=trigger,
        parameters=parameters,
        actions=actions,
        outputs=document.get("outputs", {}),
        responds=any(action.type == "Response" for action in everything),
        hidden=hiding.actions(),
        trigger_hidden=hiding.trigger,
    )


def read_actions(documents: Mapping[str, Any]) -> tuple[Action, ...]:
    """The actions of one branch, each behind those that it runs after."""
    actions = {name: _read_action(name, spec) for name, spec in documents.items()}
    ordered: dict[str, Action] = {}

    def place(name: str) -> None:
        if name not in ordered:
            for before in actions[name].run_after:
                place(before)
            ordered[name] = actions[name]

    for name in actions:
        place(name)
    return tuple(ordered.values())


def branches_of(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The documents of the actions in an action, by branch."""
    found = {"actions": spec["actions"]} if "actions" in spec else {}
    for branch in ("else", "default"):
        if branch in spec:
            found[branch] = spec[branch].get("actions", {})
    for name, case in spec.get("cases", {}).items():
        found[f"case {name}"] = case.get("actions", {})
    return found


def _read_action(name: str, spec: Mapping[str, Any]) -> Action:
    after = {
        before: frozenset(_STATUSES[status.lower()] for status in statuses)
        for before, statuses in spec.get("runAfter", {}).items()
    }
    inner = {branch: read_actions(actions) for branch, actions in branches_of(spec).items()}
    return Action(name, ACTION_TYPES[spec["type"]], spec, after, inner)

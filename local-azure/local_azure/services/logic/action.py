"""The actions of a definition, in the order in which they can run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from local_azure.services.logic.records import Status

_BRANCHES = frozenset({"actions", "else", "cases", "default"})
_BAD_ENDS = frozenset({Status.FAILED, Status.TIMED_OUT})
_STATUSES = {status.lower(): status for status in Status}


@dataclass(frozen=True)
class Action:
    """One action.

    Attributes:
        name: unique in the definition.
        type: its type, such as ``Http``.
        spec: the action as the definition has it.
        run_after: the statuses of each predecessor under which it runs.
        branches: the actions in it, by branch: ``actions``, ``else``, ``default``, ``case X``.
    """

    name: str
    type: str
    spec: Mapping[str, Any]
    run_after: Mapping[str, frozenset[Status]]
    branches: Mapping[str, tuple[Action, ...]] = field(default_factory=dict)

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


def has_failed(actions: Sequence[Action], statuses: Mapping[str, Status]) -> bool:
    """Whether a branch failed: a last action did, or was skipped because one before it did.

    Args:
        actions: those of the branch.
        statuses: theirs, by name; one that has none yet has not failed.
    """
    by_name = {action.name: action for action in actions}
    inner = {name for action in actions for name in action.run_after}

    def badly(action: Action) -> bool:
        status = statuses.get(action.name)
        if status is Status.SKIPPED:
            return any(badly(by_name[name]) for name in action.run_after)
        return status in _BAD_ENDS

    return any(badly(action) for action in actions if action.name not in inner)


def _read_action(name: str, spec: Mapping[str, Any]) -> Action:
    after = {
        before: frozenset(_STATUSES[status.lower()] for status in statuses)
        for before, statuses in spec.get("runAfter", {}).items()
    }
    inner = {branch: read_actions(actions) for branch, actions in branches_of(spec).items()}
    return Action(name, spec["type"], spec, after, inner)

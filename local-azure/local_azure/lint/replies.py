"""Paths that end without the reply that another path has, or with two.

Every action may succeed, fail, or (where it waits for something) time out; a Compose without
expressions, a Response and the conditions themselves are taken to succeed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from local_azure.lint.subject import Finding, Subject
from local_azure.runs.references import references
from local_azure.services.logic.action import Action, has_failed
from local_azure.services.logic.records import Status

_MOST_PATHS = 20_000
_WAITING = frozenset({"ApiConnection", "Http", "Until"})


class TooManyPathsError(Exception):
    """The definition has more paths than can be followed."""


@dataclass(frozen=True)
class _Path:
    """One way through the actions so far; the trace tells it and does not tell paths apart."""

    replies: int = 0
    ended: bool = False
    statuses: frozenset[tuple[str, Status]] = frozenset()
    trace: tuple[str, ...] = field(default=(), compare=False)

    def noting(self, action: Action, status: Status) -> _Path:
        """The path after an action."""
        usual = status in {Status.SUCCEEDED, Status.SKIPPED}
        trace = self.trace if usual else (*self.trace, f"'{action.name}' is {status}")
        return replace(self, statuses=self.statuses | {(action.name, status)}, trace=trace)


def lost_replies(subject: Subject) -> Iterator[Finding]:
    """The shortest path without a reply, and the shortest one with two."""
    replies = [action for action in subject.actions if action.type == "Response"]
    if not replies:
        return
    try:
        paths = list(_through(subject.outermost, [_Path()]))
    except TooManyPathsError:
        message = f"it has more than {_MOST_PATHS} paths: whether each of them replies is unknown"
        yield Finding("lost-reply", "The definition", message)
        return
    names = ", ".join(f"'{action.name}'" for action in replies)
    silent = [path.trace for path in paths if not path.replies]
    if silent:
        message = f"none of {names} runs where {_told(silent)}; the caller waits until it gives up"
        yield Finding("lost-reply", _where(silent), message)
    twice = [path.trace for path in paths if path.replies > 1]
    if twice:
        message = f"more than one of {names} runs where {_told(twice)}; only the first one counts"
        yield Finding("second-reply", _where(twice), message)


def _told(traces: list[tuple[str, ...]]) -> str:
    return " and ".join(_shortest(traces)) or "everything goes well"


def _shortest(traces: list[tuple[str, ...]]) -> tuple[str, ...]:
    return min(traces, key=len)


def _where(traces: list[tuple[str, ...]]) -> str:
    shortest = _shortest(traces)
    return f"Action {shortest[-1].split(' is ')[0]}" if shortest else "The definition"


def _through(actions: Sequence[Action], paths: Iterable[_Path]) -> Iterable[_Path]:
    """Every path through a branch, each with the statuses of that branch."""
    for action in actions:
        found: dict[_Path, _Path] = {}
        for path in paths:
            for after in _after(action, path):
                kept = found.setdefault(after, after)
                if len(after.trace) < len(kept.trace):
                    found[after] = after
        if len(found) > _MOST_PATHS:
            raise TooManyPathsError
        paths = list(found.values())
    return paths


def _after(action: Action, path: _Path) -> Iterator[_Path]:
    if path.ended:
        yield path
        return
    statuses = dict(path.statuses)
    if any(statuses[name] not in allowed for name, allowed in action.run_after.items()):
        yield path.noting(action, Status.SKIPPED)
    elif action.type == "Response":
        after = path.noting(action, Status.SUCCEEDED)
        yield replace(after, replies=after.replies + 1)
    elif action.type == "Terminate":
        yield replace(path.noting(action, Status.SUCCEEDED), ended=True)
    elif action.branches:
        yield from _inside(action, path)
    else:
        for status in _ends(action):
            yield path.noting(action, status)


def _inside(action: Action, path: _Path) -> Iterator[_Path]:
    for branch, note in _ways(action):
        trace = (*path.trace, note) if note else path.trace
        for inner in _through(branch, [_Path(path.replies, trace=trace)]):
            status = Status.FAILED if has_failed(branch, dict(inner.statuses)) else Status.SUCCEEDED
            yield replace(inner, statuses=path.statuses | {(action.name, status)})


def _ways(action: Action) -> Iterator[tuple[tuple[Action, ...], str]]:
    """The branches of which one is gone through, and what is told about it."""
    if action.type in {"If", "Switch"}:
        branches = dict(action.branches)
        branches.setdefault("else" if action.type == "If" else "default", ())
        for name, branch in branches.items():
            yield branch, f"'{action.name}' is {_taken(name)}"
        return
    yield action.branches["actions"], ""
    if action.type == "Foreach":
        yield (), f"'{action.name}' is given no item"


def _taken(branch: str) -> str:
    return {"actions": "true", "else": "false"}.get(branch, f"at its {branch}")


def _ends(action: Action) -> Iterator[Status]:
    yield Status.SUCCEEDED
    harmless = action.type in {"Compose", "InitializeVariable"} and not list(references(action.own))
    if not harmless:
        yield Status.FAILED
    if action.type in _WAITING or "limit" in action.spec:
        yield Status.TIMED_OUT

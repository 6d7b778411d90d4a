"""What is wrong with a configuration, and the one message that tells all of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_SHOWN = 80
"""Characters of a found value that a message shows."""

UNSAID = object()
"""Stands for a value that a refusal does not say itself."""


class Refusal(NamedTuple):
    """Why a value, or a part of it, is not accepted."""

    accepted: str
    """What would be, in words."""

    write: Any = UNSAID
    """A value of the whole key that would be accepted; unsaid, the key's own example."""

    path: str = ""
    """Where in the value the refused part is, such as `[0].type`."""

    found: Any = UNSAID
    """The refused part; unsaid, the whole value."""


class Broken(NamedTuple):
    """A key whose value does not go with the others."""

    key: str
    accepted: str
    write: Any = UNSAID


class Problem(NamedTuple):
    """One thing that is wrong, ready to be told."""

    key: str
    found: str
    accepted: str
    line: str
    """The line of YAML to write."""

    def __str__(self) -> str:
        """Four lines: key, found, accepted, add."""
        return (
            f"{self.key}\n"
            f"     found:    {self.found}\n"
            f"     accepted: {self.accepted}\n"
            f"     add:      {self.line}"
        )


class SettingsError(Exception):
    """A configuration with at least one problem; its text tells every one."""

    def __init__(self, problems: Sequence[Problem], stack: str = "") -> None:
        self.problems = tuple(problems)
        of = f" of stack {stack!r}" if stack else ""
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        told = (f"{number:>3}. {problem}" for number, problem in enumerate(problems, 1))
        heading = f"The configuration{of} has {count}. Nothing was changed."
        super().__init__("\n\n".join([heading, *told]))


def shown(value: Any) -> str:
    """A found value in one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=True, default=repr)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}… ({len(text)} long)"


def yaml_line(namespace: str, key: str, value: Any) -> str:
    """The line of a stack file that sets a key; JSON is YAML, and needs no indentation."""
    return f"{namespace}:{key}: {json.dumps(value, ensure_ascii=True)}"

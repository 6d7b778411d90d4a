"""What is wrong with a configuration, and the one message that tells all of it."""

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

LONGEST_SHOWN, LONGEST_ID = 80, 500
"""Characters of a found value that a message shows; an id is wrong at its end, as a rule."""

UNSAID: Any = object()
"""Stands for a value that a refusal does not say itself."""

Loc = tuple[str | int, ...]
"""Where something stands in a configuration: keys, and places in lists."""


class Refused(ValueError):  # noqa: N818 - what has happened to a value, not an error of the program
    """A value is not accepted; a check of one raises it.

    Args:
        accepted: what would be, in words.
        write: a value that would be accepted; unsaid, an example of the field.
        found: what was found, where the value should not be told as it is.
    """

    def __init__(self, accepted: str, write: Any = UNSAID, found: Any = UNSAID) -> None:
        super().__init__(accepted)
        self.accepted, self.write, self.found = accepted, write, found


class Misfit(NamedTuple):
    """A value that does not go with others, or what should be there and is not."""

    path: str | tuple[str, ...]
    """Where it stands, such as `cluster.min_nodes`: from the section that says so, or in whole.
    Its parts where a name may have anything in it."""

    accepted: str

    write: Any = UNSAID
    """A value that would be accepted; unsaid, an example of the field."""

    found: Any = UNSAID
    """What was found, where the value should not be told as it is."""

    @property
    def key(self) -> str:
        """The place as text."""
        return self.path if isinstance(self.path, str) else ".".join(self.path)


class MisfitsError(ValueError):
    """Values of one section do not go with each other."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        super().__init__(", ".join(each.accepted for each in misfits))
        self.misfits = misfits


class Problem(NamedTuple):
    """One thing that is wrong, ready to be told."""

    key: str
    found: str
    accepted: str
    line: str
    """The line of YAML to write, and where."""

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
    longest = LONGEST_ID if text.startswith('"/subscriptions/') else LONGEST_SHOWN
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} long)"


def loc_of(path: str | tuple[str, ...]) -> Loc:
    """A place by what people write."""
    parts = re.findall(r"[^.\[\]]+", path) if isinstance(path, str) else path
    return tuple(int(part) if part.isdigit() else part for part in parts)


def dotted(loc: Loc) -> str:
    """A place as people write it: `deployments[1].name`."""
    text = ""
    for part in loc:
        plain = isinstance(part, str) and re.fullmatch(r"[\w-]+", part)
        text += f".{part}" if plain else f"[{json.dumps(part)}]"
    return text.removeprefix(".")


def line(namespace: str, loc: Loc, value: Any) -> str:
    """The line of a stack file that sets a value; JSON is YAML, and needs no indentation."""
    return _line(namespace, loc, json.dumps(value, ensure_ascii=True))


def unwritten(namespace: str, loc: Loc) -> str:
    """The line of a value that the stack's people alone know."""
    return _line(namespace, loc, "(as accepted)")


def _line(namespace: str, loc: Loc, written: str) -> str:
    *above, name = loc
    if not above:
        return f"{namespace}:{name}: {written}"
    place = f"{namespace}:{dotted(tuple(above))}"
    return f"{name}: {written}, below {place}" if isinstance(name, str) else f"{written} in {place}"

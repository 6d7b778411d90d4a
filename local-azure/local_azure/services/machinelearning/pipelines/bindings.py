"""``${{…}}``: what a step of a pipeline is bound to, and what a command line gets.

Syntax: D:machine-learning/reference-yaml-core-syntax.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.services.machinelearning.pipelines.component import ComponentError

_BINDING = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_OF_PARENT = re.compile(r"parent\.(inputs|outputs)\.(\w+)")
_OF_STEP = re.compile(r"parent\.jobs\.(\w+)\.outputs\.(\w+)")
_OF_COMMAND = re.compile(r"(inputs|outputs)\.(\w+)(?:\.path)?")
_OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_SPECIAL = re.compile(r'([\\"$`])')


@dataclass(frozen=True)
class Bound:
    """What a step's input or output is bound to.

    Attributes:
        step: the step whose output it is; empty for the pipeline's own.
        name: of the input or output.
    """

    step: str
    name: str


def binding(value: Any, where: str, side: str = "inputs") -> Bound | None:
    """The binding that a value is, or None for a literal.

    Args:
        value: a step's input or output.
        where: its place in the spec, for messages.
        side: whether it may be bound to the pipeline's ``inputs`` or ``outputs``.

    Raises:
        ComponentError: a binding to something else.
    """
    found = _BINDING.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        if isinstance(value, str) and "${{" in value:
            raise ComponentError(where, f"found {value!r}; a binding is the whole value")
        return None
    if (parent := _OF_PARENT.fullmatch(found[1])) and parent[1] == side:
        return Bound("", parent[2])
    if (step := _OF_STEP.fullmatch(found[1])) and side == "inputs":
        return Bound(step[1], step[2])
    others = " or ${{parent.jobs.<step>.outputs.<output>}}" if side == "inputs" else ""
    reason = f"found {value!r}; accepted: ${{{{parent.{side}.<name>}}}}{others}"
    raise ComponentError(where, reason)


def names_in(command: str) -> list[tuple[str, str]]:
    """The inputs and outputs that a command line names, as pairs such as ("inputs", "data").

    Raises:
        ComponentError: it names something else.
    """
    return [_named(found[1]) for found in _BINDING.finditer(command)]


def without_optional(command: str) -> str:
    """A command line without its parts in ``$[[…]]``."""
    return _OPTIONAL.sub("", command)


def render(command: str, values: Mapping[tuple[str, str], str]) -> str:
    """A command line with its values, each of them one argument of it whatever it contains.

    A part in ``$[[…]]`` is left out where an input that it names has no value.

    Args:
        command: the component's.
        values: by the pairs of ``names_in``.
    """

    def optional(part: re.Match[str]) -> str:
        return part[1] if all(name in values for name in names_in(part[1])) else ""

    line = _OPTIONAL.sub(optional, command)
    written, quote, end = [], "", 0
    for found in _BINDING.finditer(line):
        before = line[end : found.start()]
        quote = _quote_after(before, quote)
        written += [before, _quoted(values[_named(found[1])], quote)]
        end = found.end()
    return "".join([*written, line[end:]])


def _named(inside: str) -> tuple[str, str]:
    found = _OF_COMMAND.fullmatch(inside)
    if found is None:
        reason = f"found ${{{{{inside}}}}}; accepted: inputs.<name>, outputs.<name>"
        raise ComponentError("command", reason)
    return found[1], found[2]


def _quote_after(text: str, quote: str) -> str:
    """The shell's quote that is open after a text, where ``quote`` was open before it."""
    escaped = False
    for letter in text:
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif letter == quote:
            quote = ""
        elif letter in "'\"" and not quote:
            quote = letter
    return quote


def _quoted(value: str, quote: str) -> str:
    if quote == "'":
        return value.replace("'", "'\\''")
    if quote == '"':
        return _SPECIAL.sub(r"\\\1", value)
    return shlex.quote(value)

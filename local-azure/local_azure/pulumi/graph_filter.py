"""``$filter`` of Microsoft Graph, as far as clients send it: comparisons joined by ``and``.

A comparison is ``name eq 'text'``, ``startswith(name,'text')`` or ``name/any(x:x eq 'text')``;
texts are compared without case, as the directory does.
"""

import re
from collections.abc import Iterable
from typing import Any

from local_azure.control_plane.resource_manager.errors import NotEmulatedError

_COMPARISON = re.compile(
    r"(?:(?P<name>\w+) eq |startswith\((?P<start>\w+), ?"
    r"|(?P<all>\w+)/any\((?P<one>\w+): ?(?P=one) eq )"
    r"'(?P<text>(?:[^']|'')*)'(?(name)|\))"
)
_ACCEPTED = (
    "<property> eq '<text>', startswith(<property>,'<text>'), <property>/any(x:x eq '<text>'), "
    "joined by and"
)


def selected(asked: str, objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects that a filter lets through; all where there is none.

    Raises:
        NotEmulatedError: another kind of comparison, or a property that is not told here.
    """
    found, rest = list(objects), asked
    while rest:
        comparison = _COMPARISON.match(rest)
        if comparison is None:
            raise _unknown(asked)
        rest = rest[comparison.end() :]
        joined = rest.removeprefix(" and ")
        if rest and joined == rest:
            raise _unknown(asked)
        rest = joined
        if any(
            (comparison["name"] or comparison["start"] or comparison["all"]) not in one
            for one in found
        ):
            raise _unknown(asked)
        found = [one for one in found if _fits(one, comparison)]
    return found


def _fits(told: dict[str, Any], comparison: re.Match[str]) -> bool:
    text = comparison["text"].replace("''", "'").lower()
    if name := comparison["name"]:
        return _lower(told[name]) == text
    if name := comparison["start"]:
        return _lower(told[name]).startswith(text)
    return text in map(_lower, told[comparison["all"]])


def _lower(value: Any) -> str:
    return str(value).lower()


def _unknown(asked: str) -> NotEmulatedError:
    return NotEmulatedError("$filter", f"found {asked!r}, accepted: {_ACCEPTED}")

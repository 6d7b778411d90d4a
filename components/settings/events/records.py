"""Objects in a stack file whose fields have types, checks and defaults of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.settings.checks import anything
from components.settings.key import TYPES
from components.settings.problems import UNSAID, Refusal
from components.settings.values import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.settings.checks import Check

REQUIRED = object()
"""Stands for the default of a field that has none."""


@dataclass(frozen=True)
class Field:
    """One field of an object."""

    kind: type
    check: Check = anything
    default: Any = REQUIRED
    """Taken where the field is left out; it is not checked, nor is a value that equals it."""


Fields = dict[str, Field]


def check(value: Any, fields: Fields) -> list[Refusal]:
    """What is wrong with an object that has these fields and no others."""
    if not isinstance(value, dict):
        return [Refusal(_accepted(fields), found=value)]
    return [
        *_unknown(value, fields),
        *(refusal for name, field in fields.items() for refusal in _field(name, field, value)),
    ]


def filled(value: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """An accepted object with the defaults of what it leaves out."""
    defaults = {name: each.default for name, each in fields.items() if each.default is not REQUIRED}
    return {**defaults, **value}


def _unknown(value: dict[str, Any], fields: Fields) -> Iterator[Refusal]:
    for name in value:
        if name not in fields:
            yield Refusal(_accepted(fields), path=f".{name}", found="a field that there is not")


def _field(name: str, field: Field, value: dict[str, Any]) -> Iterator[Refusal]:
    if name not in value:
        if field.default is REQUIRED:
            yield Refusal(f"{WORDS[TYPES[field.kind]]}: it is required", path=f".{name}", found="")
        return
    given = value[name]
    if type(given) is not field.kind:
        yield Refusal(WORDS[TYPES[field.kind]], path=f".{name}", found=given)
    elif given != field.default:
        for refusal in field.check(given):
            yield refusal._replace(path=f".{name}{refusal.path}", found=_found(refusal, given))


def _found(refusal: Refusal, given: Any) -> Any:
    return given if refusal.found is UNSAID else refusal.found


def _accepted(fields: Fields) -> str:
    required = [name for name, field in fields.items() if field.default is REQUIRED]
    optional = [name for name in fields if name not in required]
    told = f"an object with {', '.join(required)}" if required else "an object"
    return f"{told}; it may have {', '.join(optional)}" if optional else told

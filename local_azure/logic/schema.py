"""JSON schemas as triggers and Parse JSON use them (draft 4); other keywords are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
_ANNOTATIONS = frozenset({"$schema", "id", "$id", "title", "description", "default", "format"})
_LISTS = ("anyOf", "allOf", "oneOf")


def schema_problems(schema: Any, path: str = "#") -> Iterator[str]:
    """What of a schema can't be enforced here."""
    if not isinstance(schema, dict):
        yield f"the schema at {path} is an object; found {schema!r}"
        return
    known = _ANNOTATIONS | set(_RULES) | {"type", "properties", "items", *_LISTS}
    for key in sorted(set(schema) - known):
        yield f"the schema at {path} has {key!r}, which is not emulated"
    for name in _names(schema.get("type", [])):
        if name not in _TYPES:
            yield f"the schema at {path} has the unknown type {name!r}"
    for name, inner in _inner(schema):
        yield from schema_problems(inner, f"{path}/{name}")


def mismatches(value: Any, schema: dict[str, Any], path: str = "#") -> Iterator[str]:
    """Why a value does not fit a schema; nothing where it does."""
    kinds = _names(schema.get("type", []))
    if kinds and not any(_TYPES[kind](value) for kind in kinds):
        yield f"Invalid type at {path}. Expected {' or '.join(kinds)} but got {_kind(value)}."
        return
    for keyword, rule in _RULES.items():
        if keyword in schema and not rule(value, schema[keyword]):
            yield f"The value at {path} does not fit {keyword} {schema[keyword]!r}."
    yield from _parts(value, schema, path)
    for keyword, wanted in (("anyOf", range(1, 1000)), ("oneOf", range(1, 2))):
        fitting = sum(not any(mismatches(value, each)) for each in schema.get(keyword, []))
        if keyword in schema and fitting not in wanted:
            yield f"The value at {path} fits {fitting} of the schemas of {keyword}."
    for each in schema.get("allOf", []):
        yield from mismatches(value, each, path)


def _parts(value: Any, schema: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from mismatches(value[name], inner, f"{path}/{name}")
        if schema.get("additionalProperties") is False:
            for name in sorted(set(value) - set(schema.get("properties", {}))):
                yield f"The property {name!r} at {path} is not allowed."
    if isinstance(value, list) and "items" in schema:
        for position, each in enumerate(value):
            yield from mismatches(each, schema["items"], f"{path}/{position}")


def _inner(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from schema.get("properties", {}).items()
    if "items" in schema:
        yield "items", schema["items"]
    for keyword in _LISTS:
        for each in schema.get(keyword, []):
            yield keyword, each


def _names(kind: Any) -> list[str]:
    return [kind] if isinstance(kind, str) else list(kind)


def _kind(value: Any) -> str:
    return next(name for name, fits in _TYPES.items() if fits(value))


def _sized(
    fits: Callable[[int, int], bool], kind: type[str | list[Any]]
) -> Callable[[Any, Any], bool]:
    return lambda value, limit: not isinstance(value, kind) or fits(len(value), limit)


def _number(fits: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, limit: not _TYPES["number"](value) or fits(value, limit)


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "enum": lambda value, accepted: value in accepted,
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= set(value),
    "additionalProperties": lambda _value, _allowed: True,
    "pattern": lambda value, rule: not isinstance(value, str) or bool(re.search(rule, value)),
    "minLength": _sized(lambda size, limit: size >= limit, str),
    "maxLength": _sized(lambda size, limit: size <= limit, str),
    "minItems": _sized(lambda size, limit: size >= limit, list),
    "maxItems": _sized(lambda size, limit: size <= limit, list),
    "minimum": _number(lambda found, limit: found >= limit),
    "maximum": _number(lambda found, limit: found <= limit),
}

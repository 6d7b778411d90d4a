"""Does an object have the shape that the SDK's types give it? Every problem is told, with its path.

azure-native drops unknown nested keys without a word; here they are refused. Values that are not
known yet (in a preview) fit every type.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from local_azure.control_plane.resource_manager import sdk
from local_azure.control_plane.resource_manager.unknown import UNKNOWN

_PLAIN: dict[Any, str] = {str: "a string", bool: "true or false", int: "an integer"}
_OFF: tuple[Any, ...] = (None, False, "Disabled", [])
_LONGEST = 80


class Problem(NamedTuple):
    """What is wrong at one property.

    Attributes:
        path: such as ``properties.scaleSettings.maxNodeCount``.
        reason: a sentence: what was found, what is accepted.
    """

    path: str
    reason: str


class Secrecy:
    """Which values of an object must not be shown.

    Args:
        paths: property paths of the secret values.
    """

    def __init__(self, paths: frozenset[str] = frozenset()) -> None:
        self._paths = paths

    def also(self, paths: Iterable[str]) -> Secrecy:
        """The same, with further paths."""
        return Secrecy(self._paths.union(paths))

    def show(self, path: str, value: Any) -> str:
        """The value as a message may show it."""
        if any(_touches(path, secret) for secret in self._paths):
            return "[secret]"
        text = repr(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def problems(
    fields: Mapping[str, sdk.Field], value: Mapping[str, Any], secrecy: Secrecy, path: str = ""
) -> Iterator[Problem]:
    """Everything in which an object differs from what its fields allow."""
    for key, found in value.items():
        where = _below(path, key)
        if key in fields:
            yield from _value(fields[key], found, secrecy, where)
        else:
            yield Problem(where, _unknown_key(key, fields))
    for key, field in fields.items():
        if field.required and value.get(key) is None:
            accepted = _accepted(field.kind, field.constant)
            yield Problem(_below(path, key), f"missing; {accepted} is required")


def not_emulated(
    inputs: Mapping[str, Any], *keys: str, chosen: Mapping[str, Any] | None = None, path: str = ""
) -> Iterator[Problem]:
    """Refuse by name what Azure would heed and the embedded one would not, unless it is off.

    What the service chooses where nothing is given may be given: clients send what they read.
    """
    for key in keys:
        if inputs.get(key) not in _OFF and not is_part(inputs[key], (chosen or {}).get(key)):
            yield Problem(_below(path, key), "not emulated; leave it out")


def missing(inputs: Mapping[str, Any], *keys: str, why: str, path: str = "") -> Iterator[Problem]:
    """Refuse an object that lacks one of these keys."""
    for key in keys:
        if key not in inputs:
            yield Problem(_below(path, key), f"missing; {why}")


def other_than(
    inputs: Mapping[str, Any], key: str, *accepted: str, word: str = "emulated", path: str = ""
) -> Iterator[Problem]:
    """Refuse another value than these; one that is left out, or not known yet, is none.

    The word says whether they are those that are ``emulated``, or all that Azure has.
    """
    found = inputs.get(key)
    if found is not None and found is not UNKNOWN and found not in accepted:
        told = ", ".join(map(repr, accepted))
        yield Problem(_below(path, key), f"found {found!r}, {word}: {told}")


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def is_part(value: Any, told: Any) -> bool:
    """Whether a value is a part of what was told: an object may lack what only answers have."""
    if isinstance(value, dict) and isinstance(told, dict):
        return all(key in told and is_part(each, told[key]) for key, each in value.items())
    # `True` is 1 to Python.
    return isinstance(value, bool) == isinstance(told, bool) and bool(value == told)


def _value(field: sdk.Field, value: Any, secrecy: Secrecy, path: str) -> Iterator[Problem]:
    if value is UNKNOWN:
        return
    if field.constant is not None and value != field.constant:
        shown = secrecy.show(path, value)
        yield Problem(path, f"found {shown}, accepted: {field.constant!r}")
        return
    yield from _typed(field.kind, value, secrecy, path)


def _typed(kind: Any, value: Any, secrecy: Secrecy, path: str) -> Iterator[Problem]:
    if kind is Any or value is UNKNOWN:
        return
    objects = [part for part in sdk.alternatives(kind) if sdk.is_input(part)]
    if objects and isinstance(value, dict):
        yield from _object(objects, value, secrecy, path)
    elif sdk.is_list(kind) and isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _typed(sdk.item(kind), entry, secrecy, f"{path}[{index}]")
    elif sdk.is_mapping(kind) and isinstance(value, dict):
        for key, entry in value.items():
            yield from _typed(sdk.item(kind), entry, secrecy, f"{path}.{key}")
    elif not _fits(kind, value):
        yield Problem(path, f"found {secrecy.show(path, value)}, accepted: {_accepted(kind)}")


def _object(
    kinds: list[type], value: dict[str, Any], secrecy: Secrecy, path: str
) -> Iterator[Problem]:
    chosen = choose(kinds, value)
    if chosen is None:
        key, accepted = _discriminator(kinds)
        found = secrecy.show(f"{path}.{key}", value.get(key))
        yield Problem(f"{path}.{key}", f"found {found}, accepted: {', '.join(accepted)}")
    else:
        yield from problems(sdk.fields(chosen), value, secrecy, path)


def choose(kinds: list[type], value: Mapping[str, Any]) -> type | None:
    """The one of several classes whose constant properties a value has, or None."""
    if len(kinds) == 1:
        return kinds[0]
    for kind in kinds:
        constants = {k: f.constant for k, f in sdk.fields(kind).items() if f.constant is not None}
        if all(value.get(key) == constant for key, constant in constants.items()):
            return kind
    return None


def _discriminator(kinds: list[type]) -> tuple[str, list[str]]:
    found = [(k, f.constant) for kind in kinds for k, f in sdk.fields(kind).items() if f.constant]
    return found[0][0], [repr(constant) for _, constant in found]


def _fits(kind: Any, value: Any) -> bool:
    values = sdk.enumeration(kind)
    if values is not None:
        # Azure compares them without case, and so do programs that copy a name from elsewhere.
        return str(value).lower() in {str(one).lower() for one in values}
    return any(is_plain(part, value) for part in sdk.alternatives(kind))


def is_plain(kind: Any, value: Any) -> bool:
    """Whether a value is of a type that is no object of the SDK's, list or mapping."""
    if kind in {int, float}:
        numbers = (int, float) if kind is float else int
        return isinstance(value, numbers) and not isinstance(value, bool)
    return kind is Any or (kind in _PLAIN and isinstance(value, kind))


def _accepted(kind: Any, constant: str | None = None) -> str:
    values = [constant] if constant is not None else sdk.enumeration(kind)
    if values:
        return ", ".join(map(repr, values))
    if sdk.is_list(kind):
        return "a list"
    return _PLAIN.get(kind, "a number" if kind is float else "an object")


def _unknown_key(key: str, fields: Mapping[str, sdk.Field]) -> str:
    near = difflib.get_close_matches(key, fields, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"accepted: {', '.join(sorted(fields))}"
    return f"{key!r} is no property of this type and would be dropped; {hint}"


def _touches(path: str, secret: str) -> bool:
    return any(
        one == other or one.startswith((f"{other}.", f"{other}["))
        for one, other in ((path, secret), (secret, path))
    )

"""Property values as Pulumi's engine sends them, and as plain Python.

Secrets are told apart by their path, so that a message never shows one and an output that repeats
one is marked. Assets and archives are refused: nothing here takes them.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from local_azure.control_plane.resource_manager.unknown import UNKNOWN

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 the protocol's mark of a secret
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Properties(NamedTuple):
    """Plain values, and the paths of those that are secrets."""

    values: dict[str, Any]
    secrets: frozenset[str]


def decode(message: Struct) -> Properties:
    """The values of a message.

    Raises:
        ValueError: an asset, an archive or another special value is among them.
    """
    secrets: set[str] = set()
    values = _decode(json_format.MessageToDict(message), "", secrets)
    return Properties(values, frozenset(secrets))


def encode(values: dict[str, Any], secrets: Iterable[str] = ()) -> Struct:
    """A message with these values; those at the given paths are marked as secrets."""
    message = Struct()
    json_format.ParseDict(_encode(values, "", frozenset(secrets)), message)
    return message


def _decode(value: Any, path: str, secrets: set[str]) -> Any:
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return _special(value, path, secrets)
        inner = f"{path}." if path else ""
        # azure-native takes an absent value and a null for the same.
        return {
            key: _decode(entry, f"{inner}{key}", secrets)
            for key, entry in value.items()
            if entry is not None
        }
    if isinstance(value, list):
        return [_decode(entry, f"{path}[{i}]", secrets) for i, entry in enumerate(value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return UNKNOWN if value == _UNKNOWN else value


def _special(value: dict[str, Any], path: str, secrets: set[str]) -> Any:
    if value[_SIGNATURE] != _SECRET:
        raise ValueError(f"{path}: assets, archives and references are not emulated")
    secrets.add(path)
    return _decode(value["value"], path, secrets)


def _encode(value: Any, path: str, secrets: frozenset[str]) -> Any:
    if path in secrets:
        plain = _encode(value, path, secrets - {path})
        return {_SIGNATURE: _SECRET, "value": plain}
    if isinstance(value, dict):
        inner = f"{path}." if path else ""
        return {key: _encode(entry, f"{inner}{key}", secrets) for key, entry in value.items()}
    if isinstance(value, list):
        return [_encode(entry, f"{path}[{i}]", secrets) for i, entry in enumerate(value)]
    return _UNKNOWN if value is UNKNOWN else value

"""The SDK's own types as data: which properties exist, of what type, and which are required.

What a program may say is exactly what the installed SDK packages let it say, so nothing is listed
twice. Modules are imported at the first question about them, which may take a second.
"""

import asyncio
import importlib
import inspect
import typing
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import ModuleType, NoneType, UnionType
from typing import Any

import pulumi
from pulumi import (
    _types,  # the SDK's reader of its own generated types, which has no public name
)

_PACKAGES = {
    "azure-native": "pulumi_azure_native",
    "azuread": "pulumi_azuread",
    "random": "pulumi_random",
}


_AT_HAND: set[str] = set()


@dataclass(frozen=True)
class Field:
    """One property of an object.

    Attributes:
        kind: its type: a class, ``Any``, a list, a mapping or a tuple of alternatives.
        required: whether it must be there.
        constant: the only value that it may have, or None.
    """

    kind: Any
    required: bool = False
    constant: str | None = None


@dataclass(frozen=True)
class Resource:
    """What the SDK says about a resource.

    Attributes:
        inputs: properties that a program may set, by wire name.
        outputs: types of what the resource then has, by wire name.
    """

    inputs: dict[str, Field]
    outputs: dict[str, Any]


_FACTORY = {key: Field(str, required=True) for key in ("resourceGroupName", "factoryName")}
_BESIDE = {
    "azure-native:datafactory:ManagedVirtualNetwork": Resource(
        {**_FACTORY, "managedVirtualNetworkName": Field(str), "properties": Field(dict[str, Any])},
        dict.fromkeys(("name", "type", "etag", "properties", "azureApiVersion"), Any),
    )
}
"""What Azure has and the SDK lacks, so that programs make it by a deployment."""


@lru_cache(512)
def resource(token: str) -> Resource:
    """The types behind a token such as ``azure-native:storage:StorageAccount``.

    Raises:
        LookupError: no such resource in the installed packages.
    """
    if token in _BESIDE:
        return _BESIDE[token]
    package, module, name = token.split(":")
    place = f"{_PACKAGES[package]}.{module.partition('/')[0]}".removesuffix(".index")
    try:
        found = importlib.import_module(place)
        own = getattr(found, name)
        inputs = _arguments(importlib.import_module(own.__module__), name)
    except (ImportError, AttributeError):
        raise LookupError(f"The SDK {_PACKAGES[package]} has no resource {token!r}.") from None
    outputs = {key: _plain(kind) for key, kind in _types.resource_types(own).items()}
    return Resource(fields(inputs), outputs)


async def load(token: str) -> None:
    """Have the types behind a token at hand: the event loop must not wait for an import.

    Raises:
        LookupError: as of ``resource``.
    """
    if token not in _AT_HAND:
        await asyncio.to_thread(resource, token)
        _AT_HAND.add(token)


def _arguments(module: ModuleType, name: str) -> type:
    """A resource's arguments; they have another name where a nested type took theirs."""
    found: type = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return found


@lru_cache(4096)
def fields(inputs: type) -> dict[str, Field]:
    """The properties of an ``…Args`` class, by wire name."""
    names = _types.input_type_py_to_pulumi_names(inputs)
    required = _required(inputs)
    # What the constructor fills in by itself for a required argument is the only value it may have.
    made = inputs(**dict.fromkeys(required))
    kinds = _types.input_type_types(inputs)
    return {
        wire: Field(
            _plain(kinds.get(wire, Any)),
            python in required,
            pulumi.get(made, python) if python in required else None,
        )
        for python, wire in names.items()
    }


@lru_cache(4096)
def outputs(kind: type) -> dict[str, Any]:
    """The types of an output class' properties, by wire name."""
    return {key: _plain(value) for key, value in _types.output_type_types(kind).items()}


def is_input(kind: Any) -> bool:
    """Whether this is a class of the SDK for nested arguments."""
    return isinstance(kind, type) and _types.is_input_type(kind)


def is_output(kind: Any) -> bool:
    """Whether this is a class of the SDK for nested outputs."""
    return isinstance(kind, type) and _types.is_output_type(kind)


def item(kind: Any) -> Any:
    """The type of a list's items, or of a mapping's values."""
    return _plain(typing.get_args(kind)[-1])


def is_list(kind: Any) -> bool:
    """Whether this is the type of a list."""
    return _origin(kind).__name__ in {"Sequence", "list", "List"}


def is_mapping(kind: Any) -> bool:
    """Whether this is the type of a mapping with free keys."""
    return _origin(kind).__name__ in {"Mapping", "dict", "Dict"}


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The types of a union; of any other type, that type alone."""
    return kind if isinstance(kind, tuple) else (kind,)


def enumeration(kind: Any) -> list[Any] | None:
    """The values of an enumeration (open ones as well), or None for any other type."""
    found = [part for part in alternatives(kind) if isinstance(part, type)]
    values = [member.value for part in found if issubclass(part, Enum) for member in part]
    return values or None


def _origin(kind: Any) -> Any:
    return typing.get_origin(kind) or NoneType


def _plain(kind: Any) -> Any:
    """A type without what lets a value be an output, awaited or absent; a union as a tuple."""
    if typing.get_origin(kind) is pulumi.Output:
        return _plain(typing.get_args(kind)[0])
    if typing.get_origin(kind) not in {typing.Union, UnionType}:
        return kind
    kept = tuple(part for part in typing.get_args(kind) if not _is_plumbing(part))
    return kept[0] if len(kept) == 1 else kept


def _is_plumbing(kind: Any) -> bool:
    return kind is NoneType or _origin(kind).__name__ in {"Output", "Awaitable"}


def _required(inputs: type) -> list[str]:
    parameters = list(inspect.signature(inputs).parameters.items())
    return [name for name, found in parameters if found.default is inspect.Parameter.empty]

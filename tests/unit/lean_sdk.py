"""The SDK without what only an engine in another process needs, for the stand-in of `engine.py`.

Private names of the SDK are used, which is why its version is pinned. What it sends to the real
engine is judged in `tests/stack`.
"""

import asyncio
import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest import mock

import pulumi
from pulumi import _types
from pulumi.output import _OutputData
from pulumi.runtime import resource_cycle_breaker, rpc
from pulumi.runtime.proto import resource_pb2, source_pb2


class Message(SimpleNamespace):
    """What goes between the program and the stand-in, by the names of protobuf's."""

    PropertyDependencies: ClassVar = SimpleNamespace
    ResourceHooksBinding: ClassVar = resource_pb2.RegisterResourceRequest.ResourceHooksBinding
    CustomTimeouts: ClassVar = resource_pb2.RegisterResourceRequest.CustomTimeouts


@contextlib.contextmanager
def lean_sdk() -> Iterator[None]:
    """While it lasts, the SDK does no more than the stand-in can tell.

    - Left out: a resource's former types, up to fifty, its own URN and its place in the source,
      lines for a log, and looks for what is not known yet, since here everything is.
    - Values go to the stand-in and back as they are, not packed into protobuf's.
    - A resource's property is translated when somebody asks for it, which is seldom.
    - What follows from a type alone is computed once.
    """
    with contextlib.ExitStack() as patches:
        for name, value in _PATCHES.items():
            patches.enter_context(mock.patch(f"pulumi.{name}", value))
        yield


async def _no_aliases(*_: object) -> list[object]:
    return []


def _no_urn(*_: object) -> str:
    return ""


class _NoUrn:
    def __init__(self, *_: object) -> None: ...

    async def future(self) -> str:
        return ""


def _unheard(*_: object, **_named: object) -> None: ...


def _nothing_unknown(_: object) -> bool:
    return False


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def _reachable(from_resource: pulumi.Resource, to_resource: pulumi.Resource) -> bool:
    """Whether a resource depends on another: the SDK asks by a generator for each step."""
    seen, waiting = {from_resource}, [from_resource]
    while waiting and to_resource not in seen:
        found = resource_cycle_breaker._deps(waiting.pop()) - seen
        seen |= found
        waiting += found
    return to_resource in seen


class _Properties:
    """What a resource has, each read from Azure's answer when somebody asks."""

    def __init__(self, resource: pulumi.Resource) -> None:
        self._resource = resource
        self._answered = asyncio.Future[dict[str, Any]]()
        self._asked: dict[str, asyncio.Future[Any]] = {}

    def __call__(self, answer: dict[str, Any], *told: Any) -> None:
        if failure := told[-1]:
            self._answered.set_exception(failure)
        else:
            self._answered.set_result(answer)

    def ask(self, name: str) -> asyncio.Future[Any]:
        """The property's value, once it is there."""
        if name not in self._asked:
            self._asked[name] = asyncio.ensure_future(self._read(name))
        return self._asked[name]

    async def _read(self, name: str) -> _OutputData[Any]:
        answer = await self._answered
        cls = type(self._resource)
        key = _types.resource_py_to_pulumi_names(cls).get(name, name)
        value = rpc.translate_output_properties(
            rpc.deserialize_property(answer.get(key)),
            _same,
            _types.resource_types(cls).get(key),
            transform_using_type_metadata=True,
            return_none_on_dict_type_mismatch=True,
        )
        is_secret = rpc.is_rpc_secret(value)
        return _OutputData({self._resource}, rpc.unwrap_rpc_secret(value), True, is_secret)  # noqa: FBT003


def _same(name: str) -> str:
    return name


class _Later(pulumi.Output[Any]):
    """An output that has a future from when it is asked for."""

    def __init__(self, of: _Properties, name: str) -> None:
        self._of, self._name = of, name

    @property
    def _data(self) -> asyncio.Future[Any]:  # type: ignore[override]
        return self._of.ask(self._name)


def _transferred(
    resource: pulumi.Resource,
    names: Iterable[str],
    custom: bool,  # noqa: FBT001 as the SDK calls it
) -> dict[str, _Properties]:
    properties = _Properties(resource)
    apart = {"urn", "id"} if custom else {"urn"}
    for name in names:
        if name not in apart:
            resource.__dict__[name] = _Later(properties, name)
    return {"": properties}


def _resolve(
    _: pulumi.Resource,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    _dependencies: object,
    resolvers: Mapping[str, _Properties],
    *_more: object,
    **_named: object,
) -> None:
    resolvers[""]({**inputs, **outputs}, None)


_PATCHES = {
    "log.debug": _unheard,
    "output.contains_unknowns": _nothing_unknown,
    "runtime.resource.create_urn": _NoUrn,
    "runtime.resource.prepare_aliases": _no_aliases,
    "runtime.resource_cycle_breaker._reachable": _reachable,
    "resource.collapse_alias_to_urn": _no_urn,
    "runtime.resource._get_stack_trace": source_pb2.StackTrace,
    "runtime.resource.wrap_with_context": _as_it_is,
    "runtime.resource.resource_pb2.RegisterResourceRequest": Message,
    "runtime.resource.resource_pb2.RegisterResourceOutputsRequest": Message,
    "runtime.resource.resource_pb2.ReadResourceRequest": Message,
    "runtime.invoke.resource_pb2.ResourceInvokeRequest": Message,
    "runtime.rpc.struct_pb2": SimpleNamespace(Struct=dict, ListValue=list, Value=()),
    "runtime.rpc._is_rpc_struct_secret": rpc.is_rpc_secret,
    "runtime.rpc.transfer_properties": _transferred,
    "runtime.rpc.resolve_outputs": _resolve,
    **{
        f"_types.{name}": functools.cache(getattr(_types, name))
        for name in (
            "unwrap_type",
            "unwrap_optional_type",
            "input_type_types",
            "input_type_py_to_pulumi_names",
            "resource_types",
            "resource_py_to_pulumi_names",
        )
    },
}

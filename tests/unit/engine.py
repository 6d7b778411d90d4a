"""A stand-in for Pulumi's engine: runs a program to its end and keeps what it registered.

Stock mocks drop parents, dependencies, options and secrets; this keeps them as plain data. It does
not run hooks, plan, or compare with an earlier state: the real engine does that in `tests/stack`.
Private names of the SDK are used, which is why its version is pinned.
"""

import asyncio
import contextvars
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import config as pulumi_config
from pulumi.runtime import mocks, settings, stack
from pulumi.runtime.proto import resource_pb2

from tests.unit.azure import answer, invoked, physical_id
from tests.unit.lean_sdk import Message, lean_sdk

SECRET_KEY = "4dabf18193072939515e22adb298388d"  # the wire's own marks, not secrets
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"
ROOT = "stack"


@dataclass(frozen=True)
class Registered:
    """One resource as the program registered, or read, it."""

    type: str
    name: str
    inputs: dict[str, Any]
    """As sent, with camel-case keys; secrets are unwrapped here and named in `secrets`."""

    secrets: frozenset[str]
    """Paths of secret inputs, such as `destination.endpointUrl`."""

    parent: str
    depends_on: frozenset[str]
    """Names of all that it waits for, through its inputs or by option."""

    protect: bool
    ignore_changes: tuple[str, ...]
    replaced_for: tuple[str, ...]
    """Inputs whose change makes another one."""

    deleted_first: bool
    """Whether it goes before the other one is made."""

    deleted_with: str
    retained: bool
    """Whether it stays in Azure when the program has it no longer."""

    error_hooks: tuple[str, ...]
    create_hooks: tuple[str, ...]
    update_hooks: tuple[str, ...]
    read_id: str = ""
    """The id that an existing resource was read by; empty for a new one."""


@dataclass
class Deployment:
    """Everything that a program registered."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Registered outputs of each component by its name."""

    exports: dict[str, Any] = field(default_factory=dict)
    secret_exports: frozenset[str] = frozenset()
    hooks: set[str] = field(default_factory=set)
    """Names of all hooks, also of those for what only a former program made."""

    costs: str = ""
    """What a preview says that it costs."""

    def one(self, type_: str) -> Registered:
        """The only resource of the type."""
        found = self.all(type_)
        assert len(found) == 1, f"{type_}: {[resource.name for resource in found]}"
        return found[0]

    def all(self, type_: str) -> list[Registered]:
        """Every resource of the type, new or read."""
        return [resource for resource in self.resources if resource.type.endswith(type_)]

    def named(self, name: str) -> Registered:
        """The only resource with the name."""
        found = [resource for resource in self.resources if resource.name == name]
        assert len(found) == 1, f"{name}: {len(found)} of {[r.name for r in self.resources]}"
        return found[0]

    def types(self) -> set[str]:
        """The types of all new resources, without components."""
        return {r.type for r in self.resources if not r.read_id and ":index:" not in r.type}

    def everything_before(self, name: str) -> set[str]:
        """All that must be there before the resource is made, over any number of steps."""
        waiting, seen = [name], set[str]()
        by_name = {resource.name: resource for resource in self.resources}
        while waiting:
            for needed in by_name[waiting.pop()].depends_on - seen:
                seen.add(needed)
                waiting.append(needed)
        return seen


def deploy(
    program: Callable[[], object],
    config: Mapping[str, str] | None = None,
    *,
    stack_name: str = "dev",
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Deployment:
    """Runs a program against the stand-in.

    Args:
        program: creates resources; what it returns is not looked at.
        config: the stack's configuration, keys with their namespace.
        stack_name: name of the stack.
        answers: outputs, by the type of a resource or a function, that differ from the usual.
    """
    return contextvars.copy_context().run(_deploy, program, config or {}, stack_name, answers or {})


def bound(make: Callable[[], pulumi.ResourceHookBinding]) -> Any:
    """The hooks that a program binds to a resource, run as the engine would have them."""
    made: list[pulumi.ResourceHookBinding] = []
    deploy(lambda: made.append(make()))
    return made[0]


def _deploy(
    program: Callable[[], object],
    config: Mapping[str, str],
    stack_name: str,
    answers: Mapping[str, Mapping[str, Any]],
) -> Deployment:
    monitor = _Monitor(answers)
    pulumi_config.set_all_config(dict(config))
    settings.ROOT.set(None)
    settings.configure(
        mocks.MockSettings(  # type: ignore[no-untyped-call]
            monitor=monitor,
            monitor_features=set(),
            engine=mocks.MockEngine(None),
            project="azureml-batch-events",
            stack=stack_name,
            dry_run=False,
            organization="organization",
            callbacks=_Unheard(monitor.deployment.hooks),
        )
    )

    def run() -> None:
        program()

    with lean_sdk():
        try:
            with asyncio.Runner(loop_factory=_AtOnce) as runner:
                runner.run(stack.run_in_stack(run))
        except BaseException:
            settings.SETTINGS.outputs.clear()  # those that a failed program leaves behind
            raise
    if path := os.environ.get("STACK_BODIES"):
        _write_bodies(Path(path), monitor.deployment)
    return monitor.deployment


def _write_bodies(path: Path, deployed: Deployment) -> None:
    """Adds what Azure would get to a file, for who holds it against Azure's own types."""
    made_by = os.environ.get("PYTEST_CURRENT_TEST", "")
    with path.open("a") as file:
        for each in deployed.resources:
            if each.type.startswith("azure-native:") and not each.read_id:
                told = {"type": each.type, "inputs": each.inputs, "from": f"{made_by} {each.name}"}
                file.write(json.dumps(told) + "\n")


class _AtOnce(asyncio.SelectorEventLoop):
    """Does what blocks where it is asked for: the stand-in answers without a thread.

    It takes its tasks along: nothing collects them, and each run's end looks through all there are.
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: list[asyncio.Task[Any]] = []

    def create_task(self, coro: Any, **named: Any) -> asyncio.Task[Any]:
        task = super().create_task(coro, **named)
        self._made.append(task)
        return task

    def close(self) -> None:
        super().close()
        for task in self._made:
            asyncio.tasks._unregister_task(task)
        self._made.clear()

    def run_in_executor(  # type: ignore[override]  # what it says there is not what it takes
        self, _: object, func: Callable[..., Any], *arguments: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*arguments))
        except Exception as error:  # noqa: BLE001 whoever awaits it gets it
            future.set_exception(error)
        return future


class _Unheard:
    """Takes hooks, which nothing here runs; the SDK's own would start a server for each."""

    def __init__(self, hooks: set[str]) -> None:
        self._hooks = hooks

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        self._hooks.add(hook.name)

    def register_error_hook(self, hook: pulumi.ErrorHook) -> None:
        self._hooks.add(hook.name)


class _NoMocks(mocks.Mocks):
    def call(self, args: mocks.MockCallArgs) -> Any:
        raise NotImplementedError

    def new_resource(self, args: mocks.MockResourceArgs) -> Any:
        raise NotImplementedError


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(_NoMocks())
        self.deployment = Deployment()
        self._answers = answers

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return _there(urn)
        secrets: set[str] = set()
        registered = _registered(request, _plain(request.object, "", secrets), frozenset(secrets))
        self.deployment.resources.append(registered)
        id_ = physical_id(registered.type, registered.name, registered.inputs)
        outputs = self._answer(registered.type, id_, registered.inputs)
        return _there(urn, id_ if request.custom else "", outputs)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        read = _registered(request, {}, frozenset(), read_id=request.id)
        self.deployment.resources.append(read)
        outputs = self._answer(request.type, request.id, {})
        urn = self.make_urn(request.parent, request.type, request.name)
        return _there(urn, "", outputs)

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        told = {**invoked(request.tok, request.args), **self._answers.get(request.tok, {})}
        return Message(failures=[], unknown=False, **{"return": told})

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        secrets: set[str] = set()
        outputs = _plain(request.outputs, "", secrets)
        if "::pulumi:pulumi:Stack::" in request.urn:
            self.deployment.exports = outputs
            self.deployment.secret_exports = frozenset(secrets)
        else:
            self.deployment.outputs[_name(request.urn)] = outputs
        return empty_pb2.Empty()

    def _answer(self, type_: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
        return {**answer(type_, id_, inputs), **self._answers.get(type_, {})}


def _there(urn: str, id_: str = "", outputs: Mapping[str, Any] | None = None) -> Message:
    return Message(
        urn=urn,
        id=id_,
        object=outputs or {},
        properties=outputs or {},
        propertyDependencies={},
        result=resource_pb2.Result.SUCCESS,
        unknown=False,
    )


def _registered(
    request: Any, inputs: dict[str, Any], secrets: frozenset[str], read_id: str = ""
) -> Registered:
    hooks = getattr(request, "hooks", None)
    return Registered(
        type=request.type,
        name=request.name,
        inputs=inputs,
        secrets=secrets,
        parent=_name(request.parent),
        depends_on=frozenset(_name(urn) for urn in request.dependencies),
        protect=bool(getattr(request, "protect", False)),
        ignore_changes=tuple(getattr(request, "ignoreChanges", None) or ()),
        replaced_for=tuple(getattr(request, "replaceOnChanges", None) or ()),
        deleted_first=bool(getattr(request, "deleteBeforeReplace", False)),
        deleted_with=_name(getattr(request, "deletedWith", "")),
        retained=bool(getattr(request, "retainOnDelete", False)),
        error_hooks=tuple(hooks.on_error) if hooks else (),
        create_hooks=tuple(hooks.before_create) if hooks else (),
        update_hooks=tuple(hooks.before_update) if hooks else (),
        read_id=read_id,
    )


def _name(urn: str) -> str:
    return ROOT if "pulumi:pulumi:Stack::" in urn else urn.rsplit("::", 1)[-1]


def _plain(value: Any, path: str, secrets: set[str]) -> Any:
    if isinstance(value, list):
        return [_plain(item, f"{path}[{index}]", secrets) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if value.get(SECRET_KEY) == SECRET_MARK:
        secrets.add(path)
        return _plain(value["value"], path, secrets)
    assert all(isinstance(key, str) for key in value), f"{path}: the protocol has names as keys"
    return {
        key: _plain(item, f"{path}.{key}" if path else key, secrets) for key, item in value.items()
    }

"""Pulumi's provider protocol over the kinds of resources that a provider has.

One server answers every provider of a program: the engine opens a connection for each, so what a
provider was configured with is kept by connection.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc, status_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane import notices
from local_azure.control_plane.entra.errors import EntraError
from local_azure.control_plane.resource_manager import sdk
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.shape import Problem, Secrecy
from local_azure.control_plane.resource_manager.unknown import holds_unknown
from local_azure.errors import LocalAzureError
from local_azure.pulumi import difference, engine, projection, wire
from local_azure.pulumi.kind import Caller, Json, Kind, Made, Naming, PartialError

Context = grpc.aio.ServicerContext[Any, Any]
Invoke = Callable[[Json, Caller], Awaitable[Json]]

_log = logging.getLogger(__name__)

# No release has a higher version, so the engine never finds this one too old for an SDK.
_VERSION = "999.0.0"
_REFUSALS = (ControlPlaneError, EntraError, LocalAzureError, LookupError, ValueError)


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """One provider. What it does not offer is not implemented, as the protocol has it.

    Args:
        name: the package's name, such as ``azure-native``.
        kinds: its types of resources, by Pulumi's name.
        invokes: its functions, by Pulumi's name.
        configured: the caller that a configuration describes; refuses what it can't heed.
    """

    def __init__(
        self,
        name: str,
        kinds: Mapping[str, Kind],
        invokes: dict[str, Invoke],
        configured: Callable[[Json], Caller],
    ) -> None:
        self._name = name
        self._kinds = kinds
        self._invokes = invokes
        self._configured = configured
        self._callers: dict[str, Caller] = {}
        self._engines: dict[str, str] = {}

    async def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> empty_pb2.Empty:
        """Take note of the engine's address: it is told what an operation waits for."""
        self._engines[context.peer()] = request.address
        return empty_pb2.Empty()

    async def Handshake(
        self, _request: pb.ProviderHandshakeRequest, _context: Context
    ) -> pb.ProviderHandshakeResponse:
        """Say what this provider understands."""
        return pb.ProviderHandshakeResponse(
            accept_secrets=True, supports_autonaming_configuration=True
        )

    async def GetPluginInfo(
        self, _request: empty_pb2.Empty, _context: Context
    ) -> plugin_pb2.PluginInfo:
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=_VERSION)

    async def CheckConfig(self, request: pb.CheckRequest, _context: Context) -> pb.CheckResponse:
        """Accept the configuration; Configure refuses what can't be heeded."""
        return pb.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: pb.DiffRequest, _context: Context) -> pb.DiffResponse:
        """Say whether the configuration is another one: the engine goes on with the old, if not.

        It concerns what is done next; no resource that exists is replaced for it.
        """
        same = request.news == request.olds
        changes = pb.DiffResponse.DIFF_NONE if same else pb.DiffResponse.DIFF_SOME
        return pb.DiffResponse(changes=changes)

    async def Configure(
        self, request: pb.ConfigureRequest, context: Context
    ) -> pb.ConfigureResponse:
        """Learn who asks, and in which cloud."""
        given = wire.decode(request.args).values
        try:
            self._callers[context.peer()] = self._configured(given)
        except _REFUSALS as refusal:
            await _refuse(context, refusal)
        return pb.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    async def Check(self, request: pb.CheckRequest, context: Context) -> pb.CheckResponse:
        """Complete the inputs and tell everything that is wrong with them."""
        try:
            kind = await self._kind(request.type)
            given, olds = wire.decode(request.news), wire.decode(request.olds).values
        except _REFUSALS as refusal:
            return pb.CheckResponse(failures=[pb.CheckFailure(reason=str(refusal))])
        caller = await self._caller(context)
        inputs = kind.completed(given.values, olds, _naming(request), caller)
        found = kind.problems(inputs, Secrecy(given.secrets), caller)
        return pb.CheckResponse(
            inputs=wire.encode(inputs, given.secrets), failures=list(map(_failure, found))
        )

    async def Diff(self, request: pb.DiffRequest, _context: Context) -> pb.DiffResponse:
        """Tell what changes, and what that replaces.

        As azure-native does, what the program ignores too: the engine leaves it out of an `up`, not
        of a refresh (pulumi-azure-native, provider/pkg/provider/provider.go).
        """
        kind = await self._kind(request.type)
        old, new = wire.decode(request.old_inputs).values, wire.decode(request.news).values
        told = difference.response(old, new, kind.replaces)
        # A name that Pulumi made up leaves room for the new resource beside the old one.
        named_here = bool(old.get("__createBeforeDelete"))
        told.deleteBeforeReplace = bool(told.replaces) and kind.deletes_first and not named_here
        return told

    async def Create(self, request: pb.CreateRequest, context: Context) -> pb.CreateResponse:
        """Make a resource; in a preview, tell what is known of it."""
        given = wire.decode(request.properties)
        kind = await self._kind(request.type)
        if request.preview:
            shown = projection.previewed(sdk.resource(kind.pulumi_type).outputs, given.values)
            return pb.CreateResponse(properties=wire.encode(shown, given.secrets))
        caller = await self._caller(context)
        with self._heard(context, request.urn):
            made = await _made(context, kind.create(given.values, caller), given)
        return pb.CreateResponse(id=made.id, properties=_told(made, given.secrets))

    async def Read(self, request: pb.ReadRequest, context: Context) -> pb.ReadResponse:
        """Tell a resource as it stands."""
        kind = await self._kind(request.type)
        inputs, outputs = wire.decode(request.inputs), wire.decode(request.properties)
        caller = await self._caller(context)
        found = await _answered(context, kind.read(request.id, outputs.values, caller))
        if found is None:
            return pb.ReadResponse()
        now = _inputs_now(kind, found, inputs.values, outputs.values)
        return pb.ReadResponse(
            id=request.id,  # as it was asked for, whatever its letters: so does azure-native
            properties=_told(found, inputs.secrets | outputs.secrets),
            inputs=wire.encode(now, inputs.secrets),
        )

    async def Update(self, request: pb.UpdateRequest, context: Context) -> pb.UpdateResponse:
        """Give a resource new inputs; in a preview, tell what is known of it then."""
        kind = await self._kind(request.type)
        given, before = wire.decode(request.news), wire.decode(request.olds)
        if request.preview:
            shown = projection.previewed(sdk.resource(kind.pulumi_type).outputs, given.values)
            kept = projection.filled(shown, before.values)
            return pb.UpdateResponse(properties=wire.encode(kept, given.secrets | before.secrets))
        caller = await self._caller(context)
        with self._heard(context, request.urn):
            made = await _made(
                context, kind.update(request.id, given.values, before.values, caller), given
            )
        return pb.UpdateResponse(properties=_told(made, given.secrets))

    async def Delete(self, request: pb.DeleteRequest, context: Context) -> empty_pb2.Empty:
        """Take a resource away."""
        kind = await self._kind(request.type)
        outputs = wire.decode(request.properties).values
        caller = await self._caller(context)
        await _answered(context, kind.delete(request.id, outputs, caller))
        return empty_pb2.Empty()

    async def Invoke(self, request: pb.InvokeRequest, context: Context) -> pb.InvokeResponse:
        """Call a function."""
        if request.tok not in self._invokes:
            await _refuse(context, LookupError(f"The function {request.tok} is not emulated."))
        arguments = wire.decode(request.args).values
        if holds_unknown(arguments):
            return pb.InvokeResponse()
        caller = await self._caller(context)
        told = await _answered(context, self._invokes[request.tok](arguments, caller))
        # The field's name is a keyword of Python.
        answer: dict[str, Any] = {"return": wire.encode(told)}
        return pb.InvokeResponse(**answer)

    async def Cancel(self, _request: empty_pb2.Empty, _context: Context) -> empty_pb2.Empty:
        """Nothing that is asked for here takes longer than a moment."""
        return empty_pb2.Empty()

    def _heard(self, context: Context, urn: str) -> AbstractContextManager[None]:
        """Have the engine show beside a resource what is said while it is made."""
        address = self._engines.get(context.peer())
        return notices.heard_by(partial(engine.warn, address, urn)) if address else nullcontext()

    async def _kind(self, pulumi_type: str) -> Kind:
        """The kind of a resource.

        Raises:
            LookupError: it is not emulated, or the SDK has none of this name.
        """
        kind = self._kinds.get(pulumi_type)
        if kind is None:
            known = ", ".join(sorted(self._kinds))
            message = f"The resource type {pulumi_type} is not emulated. Emulated: {known}."
            raise LookupError(message)
        # The SDK's modules take up to a second to import: not in the event loop.
        await sdk.load(pulumi_type)
        return kind

    async def _caller(self, context: Context) -> Caller:
        caller = self._callers.get(context.peer())
        if caller is None:
            await context.abort(
                grpc.StatusCode.FAILED_PRECONDITION,
                f"The provider {self._name} was not configured on this connection: the embedded "
                "Azure was restarted in between. Run the command again.",
            )
        return caller


async def _answered(context: Context, work: Awaitable[Any]) -> Any:
    """What the work comes to; a refusal ends the call with its message."""
    try:
        return await work
    except _REFUSALS as refusal:
        await _refuse(context, refusal)


async def _made(context: Context, work: Awaitable[Made], given: wire.Properties) -> Made:
    """What was made; of what was made in part the engine is told what there is."""
    try:
        made: Made = await _answered(context, work)
    except PartialError as failure:
        await context.abort(*_partial(failure, given))
    return made


def _partial(
    failure: PartialError, given: wire.Properties
) -> tuple[grpc.StatusCode, str, tuple[tuple[str, bytes]]]:
    """How azure-native says that an operation failed which Azure had accepted.

    Source: its ``HandleErrorWithCheckpoint``, and ``ErrorResourceInitFailed`` of the protocol.
    """
    code, message = grpc.StatusCode.UNKNOWN, str(failure)
    status = status_pb2.Status(code=code.value[0], message=message)
    status.details.add().Pack(
        pb.ErrorResourceInitFailed(
            id=failure.made.id,
            properties=_told(failure.made, given.secrets),
            reasons=[message],
            inputs=wire.encode(given.values, given.secrets),
        )
    )
    return code, message, (("grpc-status-details-bin", status.SerializeToString()),)


async def _refuse(context: Context, refusal: Exception) -> NoReturn:
    message = refusal.description if isinstance(refusal, EntraError) else str(refusal)
    await context.abort(grpc.StatusCode.UNKNOWN, message)


def _naming(request: pb.CheckRequest) -> Naming:
    wish = request.autonaming
    return Naming(
        logical=request.name or request.urn.rpartition("::")[2],
        proposed=wish.proposed_name,
        disabled=wish.mode == pb.CheckRequest.AutonamingOptions.DISABLE,
        seed=request.randomSeed,
    )


def _failure(problem: Problem) -> pb.CheckFailure:
    return pb.CheckFailure(property=problem.path, reason=problem.reason)


def _inputs_now(kind: Kind, found: Made, inputs: Json, outputs: Json) -> Json:
    """The inputs as they would be given for the resource as it stands."""
    fields = sdk.resource(kind.pulumi_type).inputs
    if not inputs:
        return {**projection.inputs_of(fields, found.outputs), **kind.inputs_from_id(found.id)}
    passed_over = kind.apart - inputs.keys()
    fields = {key: field for key, field in fields.items() if key not in passed_over}
    now = projection.inputs_of(fields, found.outputs)
    before = projection.inputs_of(fields, outputs)
    told: Json = projection.refreshed(inputs, before, now)
    return told


def _told(made: Made, secrets: frozenset[str]) -> Any:
    return wire.encode(made.outputs, secrets | made.secrets)

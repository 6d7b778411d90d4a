"""An operation that fails after Azure accepted it: the resource is there, as failed."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import status_pb2

from local_azure.catalogue import TYPES
from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.errors import OperationFailedError
from local_azure.control_plane.resource_manager.resource_type import Put
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION
from local_azure.pulumi import wire
from local_azure.services.eventgrid.subscriptions import Subscriptions
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, signed_in
from local_azure_tests.providers.event_path import EventPath
from local_azure_tests.storage import world

KIND = "azure-native:eventgrid:TopicEventSubscription"

pytestmark = pytest.mark.usefixtures("client_environment")


def partial(error: pytest.ExceptionInfo[grpc.RpcError]) -> pb.ErrorResourceInitFailed:
    """What the provider tells of a resource that was made in part."""
    metadata: dict[str, Any] = {one.key: one.value for one in error.value.trailing_metadata()}
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    told = pb.ErrorResourceInitFailed()
    assert status.details[0].Unpack(told)
    return told


def half_made(native: Engine, inputs: dict[str, Any], hook: world.Hook) -> Created:
    """A subscription whose webhook refuses the handshake once."""
    hook.body, hook.answers = "echo", [500]
    with pytest.raises(grpc.RpcError) as error:
        native.create(KIND, inputs)
    told = partial(error)
    assert "Url validation" in told.reasons[0]
    given, outputs = wire.decode(told.inputs).values, wire.decode(told.properties).values
    return Created(KIND, told.id, given, outputs)


def test_the_engine_is_told_what_there_is(path: EventPath, hook: world.Hook) -> None:
    left = half_made(path.native, path.to_webhook("told"), hook)

    assert left.id.endswith("/topics/path-orders/eventSubscriptions/told")
    assert left.outputs["provisioningState"] == "Failed"
    assert left.inputs["destination"]["endpointUrl"] == world.hook_url("told")


def test_who_writes_and_may_not_read_is_told_too(
    running: Running, path: EventPath, hook: world.Hook
) -> None:
    who, role = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "writer"), str(uuid4())
    authorization = running.azure.authorization
    running.call(authorization.define_role, role, Role("Writes", ("*",), ("*/read",)))
    running.call(authorization.assign, "/writes", who.object_id, role, SUBSCRIPTION)

    left = half_made(signed_in(running, who), path.to_webhook("unread"), hook)

    assert left.outputs["provisioningState"] == "Failed"


def test_nothing_is_left_below_a_parent_that_went_meanwhile(
    running: Running, native: Engine
) -> None:
    azure, path = running.azure, EventPath(native, "orphan")
    inputs, parent = path.to_webhook("orphan"), path.own_topic
    kind = next(one for one in TYPES if one.pulumi_type == KIND)

    async def fail(put: Put) -> None:
        azure.resources.delete(parent.id)
        raise OperationFailedError(put.id)

    with pytest.raises(OperationFailedError):
        running.run(
            azure.manager.put(replace(kind, prepare=fail), inputs, DEPLOYER, PUBLIC, new=True)
        )
    assert running.call(azure.resources.below, parent.id) == []


def test_an_update_makes_it_whole(running: Running, path: EventPath, hook: world.Hook) -> None:
    left = half_made(path.native, path.to_webhook("whole"), hook)
    subscriptions = Subscriptions(running.azure.resources)
    assert running.call(subscriptions.find, left.id) is None, "it would get events"

    made = path.native.update(left, left.inputs)

    assert made.outputs["provisioningState"] == "Succeeded"
    assert running.call(subscriptions.find, left.id) is not None


def test_it_can_be_deleted(running: Running, path: EventPath, hook: world.Hook) -> None:
    left = half_made(path.native, path.to_webhook("gone"), hook)

    path.native.delete(left)

    assert running.call(running.azure.resources.find, left.id) is None

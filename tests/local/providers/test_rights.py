"""Who may use the control plane: the provider's own principal, by its roles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import grpc
import pytest

from local_azure.authorization.roles import Role
from local_azure.entra.directory import Principal
from local_azure.tenant import SUBSCRIPTION, TENANT_ID
from tests.local.providers.conftest import Engine, refusal
from tests.local.providers.event_path import EventPath

if TYPE_CHECKING:
    from tests.local.conftest import Running

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
WHO = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "previewer")
CALLBACK = "azure-native:logic:listWorkflowTriggerCallbackUrl"


@pytest.fixture(scope="module")
def path(native: Engine) -> EventPath:
    return EventPath(native, "rights")


@pytest.fixture(scope="module")
def previewer(running: Running) -> Engine:
    azure = running.azure
    running.call(azure.directory.add, WHO)
    end = datetime(2100, 1, 1, tzinfo=UTC)
    running.call(azure.directory.add_secret, WHO.client_id, "key", "previewer's secret", end)
    running.call(azure.authorization.assign, "/reads", WHO.object_id, READER, SUBSCRIPTION)
    return Engine(
        azure.ports.now["azure-native"],
        clientId=str(WHO.client_id),
        clientSecret="previewer's secret",
        tenantId=TENANT_ID,
    )


def test_a_reader_reads_what_others_created(previewer: Engine, path: EventPath) -> None:
    found = previewer.read(path.inputs)
    assert found is not None
    assert found.outputs == path.inputs.outputs


def test_a_reader_creates_nothing(previewer: Engine, path: EventPath) -> None:
    with pytest.raises(grpc.RpcError) as error:
        previewer.create("azure-native:storage:StorageAccount", path.account_inputs("rightsnew"))
    told = refusal(error)
    assert told.startswith('Code="AuthorizationFailed"')
    assert "'previewer'" in told
    assert "'Microsoft.Storage/storageAccounts/write'" in told
    assert f"over scope '{path.group.id}/providers/Microsoft.Storage/" in told


def test_a_reader_deletes_nothing(previewer: Engine, path: EventPath) -> None:
    with pytest.raises(grpc.RpcError) as error:
        previewer.delete(path.group)
    action = "Microsoft.Resources/subscriptions/resourceGroups/delete"
    assert action in refusal(error)


def test_a_callback_url_takes_an_action_that_reading_does_not_have(
    running: Running, previewer: Engine, path: EventPath
) -> None:
    trigger, guid = path.trigger, str(uuid4())
    with pytest.raises(grpc.RpcError) as error:
        previewer.invoke(CALLBACK, trigger)
    assert "Microsoft.Logic/workflows/triggers/listCallbackUrl/action" in refusal(error)
    role = Role("Callback", ("Microsoft.Logic/workflows/triggers/listCallbackUrl/action",))
    running.call(running.azure.authorization.define_role, guid, role)
    running.call(running.azure.authorization.assign, "/lists", WHO.object_id, guid, SUBSCRIPTION)
    assert "sig=" in previewer.invoke(CALLBACK, trigger)["value"]


def test_a_trigger_that_a_workflow_does_not_have_is_refused_by_its_name(
    native: Engine, path: EventPath
) -> None:
    with pytest.raises(grpc.RpcError) as error:
        native.invoke(CALLBACK, {**path.trigger, "triggerName": "other"})

    assert refusal(error).startswith('Code="WorkflowTriggerNotFound" Message="The workflow ')
    assert refusal(error).endswith("trigger 'other' could not be found.\"")


def test_the_configuration_tells_who_asks(previewer: Engine) -> None:
    told = previewer.invoke("azure-native:authorization:getClientConfig", {})
    assert told["objectId"] == WHO.object_id


@pytest.mark.parametrize(
    ("configuration", "reason"),
    [
        ({"useOidc": "true"}, "Provider settings useOidc: not emulated"),
        ({"subscriptionId": str(uuid4())}, "here exists only '50b50000"),
        ({"environment": "moon"}, "environment: found 'moon', accepted: public"),
        ({"clientId": str(WHO.client_id), "clientSecret": "no"}, "AADSTS7000215"),
    ],
)
def test_a_configuration_that_can_not_be_heeded_is_refused(
    running: Running, previewer: Engine, configuration: dict[str, str], reason: str
) -> None:
    assert previewer
    with pytest.raises(grpc.RpcError) as error:
        Engine(running.azure.ports.now["azure-native"], **configuration)
    assert reason in refusal(error)


def test_keys_and_tokens_are_handed_out_to_nobody(native: Engine) -> None:
    with pytest.raises(grpc.RpcError) as error:
        native.invoke("azure-native:authorization:getClientToken", {})
    assert "getClientToken is not emulated" in refusal(error)


def test_only_the_deployer_changes_the_directory(running: Running, previewer: Engine) -> None:
    assert previewer
    engine = Engine(
        running.azure.ports.now["azuread"],
        clientId=str(WHO.client_id),
        clientSecret="previewer's secret",
    )
    with pytest.raises(grpc.RpcError) as error:
        engine.create("azuread:index/application:Application", {"displayName": "mine"})
    assert refusal(error).startswith('Code="Authorization_RequestDenied"')

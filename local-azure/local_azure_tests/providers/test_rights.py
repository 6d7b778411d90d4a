"""Who may use the control plane: the provider's own principal, by its roles."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.authorization.roles import Role
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Engine, refused, signed_in
from local_azure_tests.providers.event_path import EventPath

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
WHO = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "previewer")
LODGER = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "lodger")
CALLBACK = "azure-native:logic:listWorkflowTriggerCallbackUrl"


@pytest.fixture(scope="module")
def previewer(running: Running) -> Engine:
    running.call(running.azure.authorization.assign, "/reads", WHO.object_id, READER, SUBSCRIPTION)
    return signed_in(running, WHO)


@pytest.fixture(scope="module")
def tenant_of_group(running: Running, native: Engine) -> tuple[Engine, EventPath]:
    """Whoever owns a group of the subscription, and nothing else in it."""
    path = EventPath(native, "lodger")
    azure = running.azure
    running.call(azure.authorization.assign, "/owns", LODGER.object_id, OWNER, path.group.id)
    return signed_in(running, LODGER), path


def test_a_reader_reads_what_others_created(previewer: Engine, path: EventPath) -> None:
    assert previewer.found(path.inputs).outputs == path.inputs.outputs


def test_a_group_is_made_by_who_may_at_the_subscription(
    tenant_of_group: tuple[Engine, EventPath],
) -> None:
    lodger, _ = tenant_of_group
    inputs = {"resourceGroupName": "another", "location": "westeurope"}
    told = lodger.refusal("azure-native:resources:ResourceGroup", inputs)
    assert (
        "'Microsoft.Resources/subscriptions/resourceGroups/write' over scope "
        f"'{SUBSCRIPTION}/resourceGroups/another'" in told
    )


def _with_identity(mine: EventPath, theirs: EventPath) -> tuple[str, dict[str, Any], str]:
    identity = {"type": "UserAssigned", "userAssignedIdentities": [theirs.identity.id]}
    inputs = {**mine.account_inputs("lodgeraccount"), "identity": identity}
    return "azure-native:storage:StorageAccount", inputs, theirs.identity.id


def _with_logs(mine: EventPath, theirs: EventPath) -> tuple[str, dict[str, Any], str]:
    logs = theirs.insights.inputs["workspaceResourceId"]
    metrics = [{"category": "Transaction", "enabled": True}]
    inputs = {"resourceUri": mine.inputs.id, "name": "d", "workspaceId": logs, "metrics": metrics}
    return "azure-native:monitor:DiagnosticSetting", inputs, logs


def _with_handler(mine: EventPath, theirs: EventPath) -> tuple[str, dict[str, Any], str]:
    account = theirs.inputs.outputs["name"]
    theirs.made("storage:Queue", accountName=account, queueName="told")
    to_queue = {"endpointType": "StorageQueue", "resourceId": theirs.inputs.id, "queueName": "told"}
    inputs = {
        **mine.in_group,
        "systemTopicName": mine.topic.outputs["name"],
        "eventSubscriptionName": "tells",
        "deliveryWithResourceIdentity": {
            "destination": to_queue,
            "identity": {"type": "SystemAssigned"},
        },
    }
    return "azure-native:eventgrid:SystemTopicEventSubscription", inputs, theirs.inputs.id


def _with_scopes(mine: EventPath, theirs: EventPath) -> tuple[str, dict[str, Any], str]:
    inputs = {
        "scope": mine.group.id,
        "roleDefinitionId": str(uuid4()),
        "roleName": "wide",
        "assignableScopes": [mine.group.id, theirs.group.id],
        "permissions": [{"actions": ["*/read"]}],
    }
    return "azure-native:authorization:RoleDefinition", inputs, theirs.group.id


@pytest.mark.parametrize(
    ("linking", "action"),
    [
        (_with_identity, "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"),
        (_with_logs, "Microsoft.OperationalInsights/workspaces/sharedKeys/action"),
        (_with_handler, "Microsoft.Storage/storageAccounts/write"),
        (_with_scopes, "Microsoft.Authorization/roleDefinitions/write"),
    ],
)
def test_what_a_resource_names_in_another_group_takes_a_right_there(
    tenant_of_group: tuple[Engine, EventPath],
    path: EventPath,
    linking: Callable[[EventPath, EventPath], tuple[str, dict[str, Any], str]],
    action: str,
) -> None:
    lodger, mine = tenant_of_group
    kind, inputs, linked = linking(mine, path)
    told = lodger.refusal(kind, inputs)
    assert told.startswith('Status=403 Code="LinkedAuthorizationFailed"')
    assert f"'{LODGER.object_id}' has permission to perform action 'Microsoft." in told
    assert f"permission to perform action '{action}' on the linked scope(s) '{linked}'" in told


def test_a_callback_url_takes_an_action_that_reading_does_not_have(
    running: Running, previewer: Engine, path: EventPath
) -> None:
    trigger, guid = path.trigger, str(uuid4())
    action = "Microsoft.Logic/workflows/triggers/listCallbackUrl/action"
    with refused(action):
        previewer.invoke(CALLBACK, trigger)
    role = Role("Callback", (action,))
    running.call(running.azure.authorization.define_role, guid, role)
    running.call(running.azure.authorization.assign, "/lists", WHO.object_id, guid, SUBSCRIPTION)
    assert "sig=" in previewer.invoke(CALLBACK, trigger)["value"]


def test_a_trigger_that_a_workflow_does_not_have_is_refused_by_its_name(
    native: Engine, path: EventPath
) -> None:
    name = path.workflow.outputs["name"]
    with refused(
        'Status=404 Code="WorkflowTriggerNotFound" Message="The workflow '
        f"'{name}' trigger 'other' could not be found.\""
    ):
        native.invoke(CALLBACK, {**path.trigger, "triggerName": "other"})


def test_a_client_id_without_a_secret_is_who_is_signed_in(
    running: Running, previewer: Engine, path: EventPath
) -> None:
    assert previewer
    engine = Engine(running.azure.ports.now["azure-native"], clientId=str(WHO.client_id))
    assert engine.read(path.inputs)
    with refused(f"object id '{WHO.object_id}'"):
        engine.delete(path.inputs)


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
        ({"clientId": str(uuid4())}, "AADSTS700016"),
    ],
)
def test_a_configuration_that_can_not_be_heeded_is_refused(
    running: Running, previewer: Engine, configuration: dict[str, str], reason: str
) -> None:
    assert previewer
    with refused(reason):
        Engine(running.azure.ports.now["azure-native"], **configuration)


def test_keys_and_tokens_are_handed_out_to_nobody(native: Engine) -> None:
    with refused("getClientToken is not emulated"):
        native.invoke("azure-native:authorization:getClientToken", {})

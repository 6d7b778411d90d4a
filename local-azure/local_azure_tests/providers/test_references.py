"""What must exist before a resource can, and what may exist only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import grpc
import pytest

from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, TENANT_ID
from local_azure_tests.providers.conftest import refusal
from local_azure_tests.providers.event_path import ML, EventPath

if TYPE_CHECKING:
    from local_azure_tests.providers.conftest import Engine

NOBODY = "00000000-0000-4000-8000-000000000bad"


@pytest.fixture(scope="module")
def path(native: Engine) -> EventPath:
    return EventPath(native, "refs")


def refused(path: EventPath, kind: str, inputs: dict[str, Any]) -> str:
    with pytest.raises(grpc.RpcError) as error:
        path.native.create(kind, inputs)
    return refusal(error)


def test_a_resource_needs_its_resource_group(path: EventPath) -> None:
    inputs = {**path.account_inputs("nogroup"), "resourceGroupName": "gone", "location": "x"}
    told = refused(path, "azure-native:storage:StorageAccount", inputs)
    assert told == (
        'Status=404 Code="ResourceGroupNotFound" Message="Resource group \'gone\' '
        'could not be found."'
    )


def test_a_nested_resource_needs_its_parent(path: EventPath) -> None:
    inputs = {**path.in_group, "accountName": "missing", "containerName": "inputs"}
    told = refused(path, "azure-native:storage:BlobContainer", inputs)
    assert told.startswith('Status=404 Code="ParentResourceNotFound"')
    assert "storageAccounts/missing' not found" in told


def test_a_resource_that_exists_is_not_created_again(path: EventPath) -> None:
    assert path.inputs
    told = refused(path, "azure-native:storage:StorageAccount", path.account_inputs("refsinputs"))
    assert "cannot create already existing resource" in told


def test_a_storage_account_name_is_unique_in_azure(native: Engine, path: EventPath) -> None:
    assert path.inputs
    elsewhere = EventPath(native, "other")
    told = refused(
        path, "azure-native:storage:StorageAccount", elsewhere.account_inputs("refsinputs")
    )
    assert told.startswith('Status=409 Code="NameNotAvailable"')


def test_an_endpoint_name_is_unique_in_its_region(path: EventPath) -> None:
    assert path.endpoint
    other = EventPath(path.native, "twin")
    inputs = {**other.endpoint_inputs, "endpointName": path.endpoint.outputs["name"]}
    told = refused(path, f"{ML}BatchEndpoint", inputs)
    assert "already taken in the region westeurope" in told


def test_a_property_that_names_no_resource_is_refused_with_its_path(path: EventPath) -> None:
    inputs = {**path.topic_inputs, "source": f"{path.inputs.id}x"}
    told = refused(path, "azure-native:eventgrid:SystemTopic", inputs)
    assert told.startswith('Status=400 Code="LinkedResourceNotFound"')
    assert "source: the resource" in told


def test_a_property_that_names_another_type_is_refused(path: EventPath) -> None:
    inputs = {**path.topic_inputs, "source": path.group.id}
    told = refused(path, "azure-native:eventgrid:SystemTopic", inputs)
    assert "found a Microsoft.Resources/resourceGroups, accepted: Microsoft.Storage/" in told


def test_a_source_has_one_system_topic(path: EventPath) -> None:
    assert path.topic
    inputs = {**path.topic_inputs, "systemTopicName": "second-topic"}
    told = refused(path, "azure-native:eventgrid:SystemTopic", inputs)
    assert told == (
        'Status=400 Code="InvalidRequest" Message="There is an existing tracked system topic for '
        f'the given source {path.inputs.id}. Only one system topic is allowed per source."'
    )


def test_a_system_topic_is_in_its_sources_region(path: EventPath) -> None:
    other = path.account("refselsewhere")
    inputs = {
        **path.topic_inputs,
        "systemTopicName": "far-topic",
        "source": other.id,
        "location": "northeurope",
    }
    told = refused(path, "azure-native:eventgrid:SystemTopic", inputs)
    assert "location: found 'northeurope', accepted: the source's, 'westeurope'" in told


def test_a_role_for_nobody_is_refused_in_azures_words(path: EventPath) -> None:
    told = refused(
        path,
        "azure-native:authorization:RoleAssignment",
        path.grant_inputs(NOBODY, path.inputs.id),
    )
    assert told.startswith(
        'Status=400 Code="PrincipalNotFound" Message="Principal 00000000000040008000000000000bad '
        f"does not exist in the directory {TENANT_ID}."
    )


def test_a_role_for_a_client_id_is_told_the_object_id(path: EventPath) -> None:
    inputs = path.grant_inputs(str(DEPLOYER.client_id), path.inputs.id)
    told = refused(path, "azure-native:authorization:RoleAssignment", inputs)
    assert f"roles are given to the object id, here {DEPLOYER.object_id}" in told


def test_a_role_says_what_its_principal_is(path: EventPath) -> None:
    inputs = {**path.grant_inputs(DEPLOYER.object_id, path.inputs.id), "principalType": "User"}
    told = refused(path, "azure-native:authorization:RoleAssignment", inputs)
    assert told.startswith('Status=400 Code="UnmatchedPrincipalType"')


def test_a_role_that_does_not_exist_can_not_be_given(path: EventPath) -> None:
    role = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{NOBODY}"
    inputs = {**path.grant_inputs(DEPLOYER.object_id, path.inputs.id), "roleDefinitionId": role}
    told = refused(path, "azure-native:authorization:RoleAssignment", inputs)
    assert told.startswith('Status=400 Code="RoleDefinitionDoesNotExist"')


def test_the_same_role_is_given_once(path: EventPath) -> None:
    path.grant(DEPLOYER.object_id, path.dead_letters.id)
    inputs = path.grant_inputs(DEPLOYER.object_id, path.dead_letters.id)
    told = refused(path, "azure-native:authorization:RoleAssignment", inputs)
    assert told.startswith('Status=409 Code="RoleAssignmentExists"')


def test_a_custom_role_is_given_only_where_it_says(path: EventPath) -> None:
    elsewhere = EventPath(path.native, "outside")
    role = path.native.create(
        "azure-native:authorization:RoleDefinition",
        {
            "scope": path.group.id,
            "roleName": "Invoker",
            "roleDefinitionId": str(uuid4()),
            "assignableScopes": [path.group.id],
            "permissions": [{"actions": ["Microsoft.Logic/workflows/read"]}],
        },
    )
    inputs = path.grant_inputs(DEPLOYER.object_id, elsewhere.group.id)
    told = refused(
        path,
        "azure-native:authorization:RoleAssignment",
        {**inputs, "roleDefinitionId": role.id},
    )
    assert "the role 'Invoker' can be assigned only at or below" in told


def test_an_endpoint_defaults_only_to_a_deployment_that_exists(path: EventPath) -> None:
    properties = {"authMode": "AADToken", "defaults": {"deploymentName": "digits"}}
    inputs = {**path.endpoint_inputs, "endpointName": "hasty", "properties": properties}
    told = refused(path, f"{ML}BatchEndpoint", inputs)
    assert "properties.defaults.deploymentName: the endpoint has no deployment 'digits'" in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"identity": {"type": "UserAssigned"}},
            "does not support creation of 'UserAssigned' resource identity.",
        ),
        (
            {"tags": {"owner": "me", "team": ""}},
            '"ErrorMessage": "Tag values must not be null or empty.", "AttemptedValue": ""',
        ),
    ],
)
def test_an_endpoint_is_refused_in_the_words_of_public_reports(
    path: EventPath, change: dict[str, Any], said: str
) -> None:
    if "identity" in change:
        change = {"identity": {**change["identity"], "userAssignedIdentities": [path.identity.id]}}
    inputs = {**path.endpoint_inputs, "endpointName": "refused", **change}
    assert said in refused(path, f"{ML}BatchEndpoint", inputs)


def test_a_deployment_asks_for_no_more_nodes_than_its_cluster_has(path: EventPath) -> None:
    inputs = path.deployment_inputs
    properties = {**inputs["properties"], "resources": {"instanceCount": 3}}
    told = refused(path, f"{ML}BatchDeployment", {**inputs, "properties": properties})
    assert "instanceCount: found 3, accepted: at most the cluster's maxNodeCount, 2" in told


def test_a_versions_content_never_changes(path: EventPath) -> None:
    inputs = {**path.in_workspace, "name": "fixed", "version": "1"}
    inputs |= {"properties": {"image": "python:3.11"}}
    version = path.native.create(f"{ML}EnvironmentVersion", inputs)
    with pytest.raises(grpc.RpcError) as error:
        path.native.update(version, {**version.inputs, "properties": {"image": "python:3.12"}})
    said = "Environment fixed with version 1 is already registered and cannot be changed."
    assert said in refusal(error)


def test_dead_letters_need_the_role_of_the_topics_identity(path: EventPath) -> None:
    kind = "azure-native:eventgrid:SystemTopicEventSubscription"
    told = refused(path, kind, path.subscription_inputs)
    assert told.startswith('Status=400 Code="Managed Identity Authorization Error"')
    assert "does not have permission to perform appropriate action on the destination" in told
    assert "aka.ms/egmsivalidation" in told
    assert f"containers/blobs/write' over scope '{path.inputs.id}'" in told


def test_the_role_on_the_container_of_dead_letters_is_not_enough(path: EventPath) -> None:
    path.grant(path.topic.outputs["identity"]["principalId"], path.dead_letters.id)
    kind = "azure-native:eventgrid:SystemTopicEventSubscription"
    inputs = {**path.subscription_inputs, "eventSubscriptionName": "narrow"}
    assert "Managed Identity" in refused(path, kind, inputs)


def test_a_webhook_that_does_not_shake_hands_is_told_without_its_signature(path: EventPath) -> None:
    broken = {
        **path.subscription_inputs,
        "eventSubscriptionName": "broken",
        "destination": {
            "endpointType": "WebHook",
            "endpointUrl": f"{path.callback_url}x",
        },
    }
    del broken["deadLetterWithResourceIdentity"]
    told = refused(path, "azure-native:eventgrid:SystemTopicEventSubscription", broken)
    assert told.startswith('Status=400 Code="Url validation" Message="Webhook validation')
    assert "Http POST request failed with response code Unauthorized. For troublehooting" in told
    assert "sig=" not in told

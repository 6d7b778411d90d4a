"""What must exist before a resource can, and what may exist only once.

What Azure was recorded to say of it is judged by `local_azure_tests/recorded`.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.providers.event_path import ML, EventPath

Inputs = Callable[[EventPath], dict[str, Any]]

ACCOUNT = "azure-native:storage:StorageAccount"
GRANT = "azure-native:authorization:RoleAssignment"
SYSTEM_TOPIC = "azure-native:eventgrid:SystemTopic"
SUBSCRIPTION = "azure-native:eventgrid:SystemTopicEventSubscription"


def taken_account(path: EventPath) -> dict[str, Any]:
    return EventPath(path.native, "other").account_inputs(path.inputs.outputs["name"])


def taken_endpoint(path: EventPath) -> dict[str, Any]:
    twin = EventPath(path.native, "twin").endpoint_inputs
    return {**twin, "endpointName": path.endpoint.outputs["name"]}


def new_topic(path: EventPath, source: str) -> dict[str, Any]:
    return {**path.topic_inputs, "systemTopicName": "new-topic", "source": source}


def far_topic(path: EventPath) -> dict[str, Any]:
    return {**new_topic(path, path.account("refselsewhere").id), "location": "northeurope"}


def role_elsewhere(path: EventPath) -> dict[str, Any]:
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
    outside = EventPath(path.native, "outside").group.id
    return {**path.grant_inputs(DEPLOYER.object_id, outside), "roleDefinitionId": role.id}


def hasty_endpoint(path: EventPath) -> dict[str, Any]:
    properties = {"authMode": "AADToken", "defaults": {"deploymentName": "digits"}}
    return {**path.endpoint_inputs, "endpointName": "hasty", "properties": properties}


def wide_deployment(path: EventPath) -> dict[str, Any]:
    inputs = path.deployment_inputs
    return {**inputs, "properties": {**inputs["properties"], "resources": {"instanceCount": 3}}}


REFUSED: dict[str, tuple[str, Inputs, str]] = {
    "a nested resource needs its parent": (
        "azure-native:storage:BlobContainer",
        lambda path: {**path.in_group, "accountName": "missing", "containerName": "inputs"},
        "storageAccounts/missing' not found",
    ),
    "a storage account's name is unique in Azure": (ACCOUNT, taken_account, '"NameNotAvailable"'),
    "an endpoint's name is unique in its region": (
        f"{ML}BatchEndpoint",
        taken_endpoint,
        "already taken in the region westeurope",
    ),
    "a property that names no resource is told with its path": (
        SYSTEM_TOPIC,
        lambda path: new_topic(path, f"{path.inputs.id}x"),
        "source: the resource",
    ),
    "a property names a resource of its type": (
        SYSTEM_TOPIC,
        lambda path: new_topic(path, path.group.id),
        "found a Microsoft.Resources/resourceGroups, accepted: Microsoft.Storage/",
    ),
    "a system topic is in its source's region": (
        SYSTEM_TOPIC,
        far_topic,
        "location: found 'northeurope', accepted: the source's, 'westeurope'",
    ),
    "a role is given to an object id": (
        GRANT,
        lambda path: path.grant_inputs(str(DEPLOYER.client_id), path.inputs.id),
        f"roles are given to the object id, here {DEPLOYER.object_id}",
    ),
    "a role says what its principal is": (
        GRANT,
        lambda path: {
            **path.grant_inputs(DEPLOYER.object_id, path.inputs.id),
            "principalType": "User",
        },
        'Code="UnmatchedPrincipalType"',
    ),
    "a custom role is given only where it says": (
        GRANT,
        role_elsewhere,
        "the role 'Invoker' can be assigned only at or below",
    ),
    "an endpoint defaults only to a deployment that exists": (
        f"{ML}BatchEndpoint",
        hasty_endpoint,
        "properties.defaults.deploymentName: the endpoint has no deployment 'digits'",
    ),
    "a deployment asks for no more nodes than its cluster has": (
        f"{ML}BatchDeployment",
        wide_deployment,
        "instanceCount: found 3, accepted: at most the cluster's maxNodeCount, 2",
    ),
}


@pytest.mark.parametrize(("kind", "inputs", "said"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_what_there_is_is_refused(
    path: EventPath, kind: str, inputs: Inputs, said: str
) -> None:
    assert said in path.native.refusal(kind, inputs(path))


def test_dead_letters_need_a_role_of_the_topics_identity_on_the_whole_account(
    path: EventPath,
) -> None:
    without = path.native.refusal(SUBSCRIPTION, path.subscription_inputs)
    path.grant(path.topic.outputs["identity"]["principalId"], path.dead_letters.id)
    narrow = {**path.subscription_inputs, "eventSubscriptionName": "narrow"}

    assert re.match(
        'Status=400 Code="Managed Identity Authorization Error" .+ aka.ms/egmsivalidation .+ '
        f"action 'Microsoft.Storage/.+/containers/blobs/write' over scope '{path.inputs.id}'",
        without,
    )
    assert "Managed Identity" in path.native.refusal(SUBSCRIPTION, narrow)

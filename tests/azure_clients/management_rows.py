"""What the management SDKs do to each type that the program creates, a row a type.

A resource of the program is read, and what was read is sent again under another name, with what
must differ. Where a row names no change, its tags are changed.
"""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from azure.core.credentials import TokenCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.datafactory import DataFactoryManagementClient
from azure.mgmt.eventgrid import EventGridManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.logic import LogicManagementClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

Json = dict[str, Any]
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
TAGGED: Json = {"tags": {"step": "changed"}}
DESCRIBED: Json = {"properties": {"description": "changed"}}
LABELLED: Json = {"labels": ["changed"]}
_KEYLESS: Json = {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}


class Row(NamedTuple):
    """What is done to one type.

    Attributes:
        operations: what the SDK has for it.
        change: what is changed of it; nothing of what can't be.
        differs: what the copy has instead of what was read.
        name: of the copy.
        patched: whether it is changed by a PATCH, not by a PUT of the whole.
    """

    operations: Any
    change: Json = TAGGED
    differs: Json = {}  # noqa: RUF012 never changed
    name: str = "made-by-sdk"
    patched: bool = True


class ById:
    """What the generic client does to a type that has no client of its own here."""

    def __init__(self, resources: Any, api_version: str) -> None:
        self._resources = resources
        self._version = api_version
        self.list_by_resource_group = resources.list_by_resource_group
        self.list = resources.list

    def get(self, resource_id: str) -> Any:
        return self._resources.get_by_id(resource_id, api_version=self._version)

    def begin_create_or_update(self, resource_id: str, body: Json) -> Any:
        return self._resources.begin_create_or_update_by_id(
            resource_id, body, api_version=self._version
        )

    def begin_update(self, resource_id: str, body: Json) -> Any:
        return self._resources.begin_update_by_id(resource_id, body, api_version=self._version)

    def begin_delete(self, resource_id: str) -> Any:
        return self._resources.begin_delete_by_id(resource_id, api_version=self._version)


Ids = Mapping[str, list[str]]
"""What the program has made, by type in lower case."""


def rows(credential: TokenCredential, subscription: str, ids: Ids) -> dict[str, Row]:
    """By type."""
    clients = (credential, subscription)
    return {
        **_foundations(clients, ids),
        **_events(clients, ids),
        **_data_factory(DataFactoryManagementClient(*clients)),
        **_machine_learning(MachineLearningServicesMgmtClient(*clients), _elsewhere(subscription)),
        **_others(ResourceManagementClient(*clients)),
    }


def _foundations(clients: Any, ids: Ids) -> dict[str, Row]:
    storage, vaults = StorageManagementClient(*clients), KeyVaultManagementClient(*clients)
    roles = AuthorizationManagementClient(*clients)
    reader = f"/subscriptions/{clients[1]}/providers/{_ROLES}Definitions/{READER}"
    unmanaged = f"{_elsewhere(clients[1])}/managementPolicies/default"
    rule: Json = {
        "enabled": True,
        "name": "changed",
        "type": "Lifecycle",
        "definition": {
            "actions": {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 1.0}}},
            "filters": {"blobTypes": ["blockBlob"]},
        },
    }
    secret: Json = {"properties": {"value": "kept"}}
    return {
        "Microsoft.Resources/resourceGroups": Row(
            ResourceManagementClient(*clients).resource_groups
        ),
        "Microsoft.ManagedIdentity/userAssignedIdentities": Row(
            ManagedServiceIdentityClient(*clients).user_assigned_identities
        ),
        _ACCOUNT: Row(storage.storage_accounts, differs=_KEYLESS, name="madebysdk1"),
        f"{_ACCOUNT}/blobServices/containers": Row(
            storage.blob_containers, {"properties": {"metadata": {"step": "changed"}}}
        ),
        f"{_ACCOUNT}/managementPolicies": Row(
            storage.management_policies,
            {"properties": {"policy": {"rules": [rule]}}},
            name=unmanaged,
            patched=False,
        ),
        f"{_ROLES}Definitions": Row(
            roles.role_definitions,
            DESCRIBED,
            {"properties": {"roleName": f"Made by the SDK {uuid.uuid4()}"}},
            name=f"{ids[_GROUP][0]}/providers/{_ROLES}Definitions/{uuid.uuid4()}",
            patched=False,
        ),
        f"{_ROLES}Assignments": Row(
            roles.role_assignments,
            {},
            {"properties": {"roleDefinitionId": reader}},
            name=str(uuid.uuid4()),
        ),
        "Microsoft.KeyVault/vaults": Row(vaults.vaults),
        "Microsoft.KeyVault/vaults/secrets": Row(vaults.secrets, differs=secret),
    }


def _elsewhere(subscription: str) -> str:
    """Another team's account, which the program did not make."""
    group = f"/subscriptions/{subscription}/resourceGroups/elsewhere"
    return f"{group}/providers/{_ACCOUNT}/elsewhere"


def _events(clients: Any, ids: Ids) -> dict[str, Row]:
    grid, logic = EventGridManagementClient(*clients), LogicManagementClient(*clients)
    group, workflow = ids[_WORKFLOW.lower()][-1].split("/")[4::4]
    (trigger,) = logic.workflows.get(group, workflow).definition["triggers"]
    called = logic.workflow_triggers.list_callback_url(group, workflow, trigger).value
    hook = {"endpointType": "WebHook", "properties": {"endpointUrl": called}}
    return {
        _WORKFLOW: Row(logic.workflows, patched=False),
        f"{_GRID}/systemTopics": Row(
            grid.system_topics, differs={"properties": {"source": _elsewhere(clients[1])}}
        ),
        f"{_GRID}/systemTopics/eventSubscriptions": Row(
            grid.system_topic_event_subscriptions, LABELLED, {"properties": {"destination": hook}}
        ),
        f"{_GRID}/domains": Row(grid.domains),
        f"{_GRID}/domains/topics": Row(grid.domain_topics, {}),
        f"{_GRID}/domains/topics/eventSubscriptions": Row(
            grid.domain_topic_event_subscriptions, LABELLED
        ),
    }


def _data_factory(client: DataFactoryManagementClient) -> dict[str, Row]:
    within = "Microsoft.DataFactory/factories"
    return {
        within: Row(client.factories),
        **{
            f"{within}/{name.replace('_', '')}": Row(
                getattr(client, name), DESCRIBED, name="made_by_sdk", patched=False
            )
            for name in ("linked_services", "datasets", "pipelines")
        },
    }


def _machine_learning(client: MachineLearningServicesMgmtClient, account: str) -> dict[str, Row]:
    within = "Microsoft.MachineLearningServices/workspaces"
    larger: Json = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 2}}}}
    return {
        within: Row(client.workspaces, differs={"properties": {"storageAccount": account}}),
        f"{within}/computes": Row(client.compute, larger),
        f"{within}/batchEndpoints": Row(
            client.batch_endpoints, differs={"properties": {"defaults": None}}
        ),
        f"{within}/batchEndpoints/deployments": Row(
            client.batch_deployments, {**TAGGED, **DESCRIBED}
        ),
        f"{within}/datastores": Row(
            client.datastores, DESCRIBED, name="made_by_sdk", patched=False
        ),
        **{
            f"{within}/{name}s/versions": Row(
                getattr(client, f"{name}_versions"), DESCRIBED, patched=False
            )
            for name in ("code", "model", "environment", "component")
        },
    }


def _others(client: ResourceManagementClient) -> dict[str, Row]:
    """By the generic client, in azure-native's versions."""
    return {
        kind: Row(ById(client.resources, version), name="madebysdk")
        for kind, version in (
            ("Microsoft.ContainerRegistry/registries", "2023-01-01-preview"),
            ("Microsoft.Insights/actionGroups", "2024-10-01-preview"),
            ("Microsoft.Insights/components", "2020-02-02"),
            ("Microsoft.Insights/metricAlerts", "2018-03-01"),
            ("Microsoft.OperationalInsights/workspaces", "2023-09-01"),
            ("Microsoft.Web/connections", "2016-06-01"),
        )
    }


_ACCOUNT = "Microsoft.Storage/storageAccounts"
_GROUP = "microsoft.resources/resourcegroups"
_GRID = "Microsoft.EventGrid"
_ROLES = "Microsoft.Authorization/role"
_WORKFLOW = "Microsoft.Logic/workflows"

"""Runs in the environment of the management SDKs: each makes, reads, changes, lists and deletes.

Prints one JSON object: by type what each step told, or the error that it ended with.
"""

from __future__ import annotations

import json
import sys
import uuid
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.datafactory import DataFactoryManagementClient
from azure.mgmt.eventgrid import EventGridManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.logic import LogicManagementClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.storage import StorageManagementClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION = "westeurope"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def main(subscription: str, group: str, workspace: str, tenant: str) -> dict[str, Any]:
    """What came of each type."""
    credential = EnvironmentCredential()
    scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
    identities = ManagedServiceIdentityClient(credential, subscription).user_assigned_identities
    accounts = StorageManagementClient(credential, subscription).storage_accounts
    vaults = KeyVaultManagementClient(credential, subscription).vaults
    factories: Any = DataFactoryManagementClient(credential, subscription).factories
    workflows = LogicManagementClient(credential, subscription).workflows
    topics = EventGridManagementClient(credential, subscription).system_topics
    roles = AuthorizationManagementClient(credential, subscription).role_assignments
    workspaces = MachineLearningServicesMgmtClient(credential, subscription).workspaces
    keyless = {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False}
    account = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": REGION}
    vault = {"tenantId": tenant, "sku": {"family": "A", "name": "standard"}}
    schema = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01"
    definition = {
        "$schema": f"{schema}/workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
        "actions": {"Reply": {"type": "Response", "inputs": {"statusCode": 200}}},
    }
    told = {
        "identity": _steps(
            lambda tags: identities.create_or_update(
                group, "by-sdk", {"location": REGION, "tags": tags}
            ),
            lambda: identities.get(group, "by-sdk"),
            lambda: identities.list_by_resource_group(group),
            lambda: identities.delete(group, "by-sdk"),
        ),
        "storage account": _steps(
            lambda tags: accounts.begin_create(
                group,
                "storedbysdk1",
                {**account, "properties": {**keyless, "minimumTlsVersion": "TLS1_2"}, "tags": tags},
            ).result(),
            lambda: accounts.get_properties(group, "storedbysdk1"),
            lambda: accounts.list_by_resource_group(group),
            lambda: accounts.delete(group, "storedbysdk1"),
        ),
        "vault": _steps(
            lambda tags: vaults.begin_create_or_update(
                group,
                "vault-by-sdk",
                {
                    "location": REGION,
                    "properties": {**vault, "enableRbacAuthorization": True},
                    "tags": tags,
                },
            ).result(),
            lambda: vaults.get(group, "vault-by-sdk"),
            lambda: vaults.list_by_resource_group(group),
            lambda: vaults.delete(group, "vault-by-sdk"),
        ),
        "factory": _steps(
            lambda tags: factories.create_or_update(
                group, "factory-by-sdk", {"location": REGION, "tags": tags}
            ),
            lambda: factories.get(group, "factory-by-sdk"),
            lambda: factories.list_by_resource_group(group),
            lambda: factories.delete(group, "factory-by-sdk"),
        ),
        "workflow": _steps(
            lambda tags: workflows.create_or_update(
                group,
                "workflow-by-sdk",
                {"location": REGION, "properties": {"definition": definition}, "tags": tags},
            ),
            lambda: workflows.get(group, "workflow-by-sdk"),
            lambda: workflows.list_by_resource_group(group),
            lambda: workflows.delete(group, "workflow-by-sdk"),
        ),
        "system topic": _steps(
            lambda tags: topics.begin_create_or_update(
                group,
                "topic-by-sdk",
                {
                    "location": REGION,
                    "properties": {
                        "source": workspace,
                        "topicType": "Microsoft.MachineLearningServices.Workspaces",
                    },
                    "tags": tags,
                },
            ).result(),
            lambda: topics.get(group, "topic-by-sdk"),
            lambda: topics.list_by_resource_group(group),
            lambda: topics.begin_delete(group, "topic-by-sdk").result(),
        ),
        "workspace": _tried(
            lambda: [
                workspaces.get(group, workspace.rpartition("/")[2]).name,
                *(one.name for one in workspaces.list_by_resource_group(group)),
            ]
        ),
    }
    given = str(uuid.uuid4())
    principal = identities.create_or_update(group, "with-role", {"location": REGION}).principal_id
    role = (
        f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    )
    body = {"principalId": principal, "principalType": "ServicePrincipal", "roleDefinitionId": role}
    told["role assignment"] = _steps(
        lambda _: roles.create(scope, given, {"properties": body}),
        lambda: roles.get(scope, given),
        lambda: roles.list_for_scope(scope),
        lambda: roles.delete(scope, given),
    )
    return told


def _steps(
    put: Callable[[dict[str, str]], Any],
    get: Callable[[], Any],
    everything: Callable[[], Any],
    delete: Callable[[], Any],
) -> Any:
    """Make, read, change, read, list, delete and list again."""

    def steps() -> Iterator[Any]:
        name = put({"step": "made"}).name
        yield _tag(get())
        yield _tag(put({"step": "changed"}))
        yield name in {one.name for one in everything()}
        delete()
        yield name in {one.name for one in everything()}

    return _tried(lambda: list(steps()))


def _tag(resource: Any) -> Any:
    return (getattr(resource, "tags", None) or {}).get("step")


def _tried(does: Callable[[], Any]) -> Any:
    try:
        return does()
    except HttpResponseError as error:
        return f"{error.status_code}: {error.message}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))

"""The workspace and what it is made of."""

from __future__ import annotations

import pytest

from components.machine_learning_workspace import (
    MachineLearningWorkspace,
    MachineLearningWorkspaceArgs,
)
from tests.unit.azure import GROUP, TENANT
from tests.unit.engine import Deployment, deploy

INPUTS = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/team"


def _deployed(existing: str | None = None, answer: dict[str, object] | None = None) -> Deployment:
    args: MachineLearningWorkspaceArgs = {
        "resource_group_name": "rg",
        "location": "westeurope",
        "tenant_id": TENANT,
        "input_account_id": INPUTS,
        "input_datastore": "batch_inputs",
        "input_container": "inputs",
        "storage_suffix": "core.chinacloudapi.cn",
        "existing_workspace_id": existing,
    }
    answers = {"azure-native:machinelearningservices:Workspace": answer or {}}
    return deploy(lambda: MachineLearningWorkspace("ml", args), answers=answers)


def test_its_own_storage_has_no_keys_and_no_hierarchy() -> None:
    account = _deployed().one("storage:StorageAccount").inputs
    assert account["allowSharedKeyAccess"] is False
    assert account["isHnsEnabled"] is False


def test_the_vault_is_opened_by_roles_and_cannot_be_purged() -> None:
    vault = _deployed().one("keyvault:Vault").inputs["properties"]
    assert vault["enableRbacAuthorization"] is True
    assert vault["enablePurgeProtection"] is True
    assert vault["tenantId"] == TENANT


def test_the_registry_has_no_admin_user() -> None:
    assert _deployed().one("Registry").inputs["adminUserEnabled"] is False


def test_insights_keeps_its_data_in_log_analytics() -> None:
    deployed = _deployed()
    assert deployed.one("Component").inputs["workspaceResourceId"] == (
        f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/ml-insights-logs"
    )


def test_the_workspace_uses_all_of_its_parts_by_identity() -> None:
    workspace = _deployed().one("machinelearningservices:Workspace").inputs
    providers = f"{GROUP}/providers/Microsoft"
    assert workspace["systemDatastoresAuthMode"] == "Identity"
    assert workspace["identity"] == {"type": "SystemAssigned"}
    assert workspace["storageAccount"] == f"{providers}.Storage/storageAccounts/stml0a1b2c3d4e"
    assert workspace["keyVault"] == f"{providers}.KeyVault/vaults/kvmlvault0a1b2c3d4e"
    assert workspace["applicationInsights"] == f"{providers}.Insights/components/ml-insights"
    assert workspace["containerRegistry"] == (
        f"{providers}.ContainerRegistry/registries/crmlregistry0a1b2c3d4e"
    )


def test_the_inputs_are_a_datastore_without_credentials_linked_to_its_account() -> None:
    datastore = _deployed().one("Datastore").inputs
    assert datastore["name"] == "batch_inputs"
    assert datastore["properties"] == {
        "datastoreType": "AzureBlob",
        "credentials": {"credentialsType": "None"},
        "subscriptionId": "00000000-0000-0000-0000-00000000000a",
        "resourceGroup": "rg",
        "accountName": "inputs",
        "containerName": "inputs",
        "endpoint": "core.chinacloudapi.cn",
        "protocol": "https",
        "serviceDataAccessAuthIdentity": "None",
        "description": "Where files are dropped for the batch endpoint",
    }


def test_an_existing_workspace_gets_a_datastore_and_nothing_else() -> None:
    deployed = _deployed(existing=WORKSPACE)
    assert deployed.types() == {"azure-native:machinelearningservices:Datastore"}
    assert deployed.one("Datastore").inputs["workspaceName"] == "team"


def test_an_existing_workspace_without_a_registry_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="The workspace has no container registry"):
        _deployed(existing=WORKSPACE, answer={"containerRegistry": ""})

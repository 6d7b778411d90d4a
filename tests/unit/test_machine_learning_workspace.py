"""The workspace and what it is made of."""

from typing import Any

import pulumi
import pytest

from components.identity.compute_identity import required_registry
from components.machine_learning.machine_learning_workspace import (
    ExistingMachineLearningWorkspace,
    InputDatastoreArgs,
    MachineLearningWorkspace,
    MachineLearningWorkspaceArgs,
)
from tests.unit.azure import GROUP, TENANT
from tests.unit.engine import Deployment, deploy

INPUTS = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/team"


DATASTORE: InputDatastoreArgs = {
    "input_account_id": INPUTS,
    "input_datastore": "batch_inputs",
    "input_container": "inputs",
    "storage_suffix": "core.chinacloudapi.cn",
}


def _deployed(**changes: bool) -> Deployment:
    args: MachineLearningWorkspaceArgs = {
        "resource_group_name": "rg",
        "location": "westeurope",
        "tenant_id": TENANT,
        **DATASTORE,
        **changes,  # type: ignore[typeddict-item]
    }
    return deploy(lambda: MachineLearningWorkspace("ml", args))


def _adopted(registry: str | None = None) -> Deployment:
    answer = {} if registry is None else {"containerRegistry": registry}
    answers = {"azure-native:machinelearningservices:Workspace": answer}

    def program() -> None:
        there = ExistingMachineLearningWorkspace("ml", {**DATASTORE, "workspace_id": WORKSPACE})
        pulumi.export("artifacts", there.artifacts_container)

    return deploy(program, answers=answers)


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
    assert (
        workspace["applicationInsights"]
        == f"{GROUP}/providers/microsoft.insights/components/ml-insights"
    )
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
    deployed = _adopted()
    assert deployed.types() == {"azure-native:machinelearningservices:Datastore"}
    assert deployed.one("Datastore").inputs["workspaceName"] == "team"


def test_an_existing_workspaces_artifacts_lie_in_the_container_of_its_own_datastore() -> None:
    assert _adopted().exports == {"artifacts": "guid-azureml-blobstore"}


@pytest.mark.parametrize("keys", [False, True])
def test_storage_and_datastores_take_keys_together_or_not_at_all(keys: bool) -> None:  # noqa: FBT001 - a parameter of the table
    deployed = _deployed(storage_keys=keys)
    mode = deployed.one("machinelearningservices:Workspace").inputs["systemDatastoresAuthMode"]
    assert deployed.one("storage:StorageAccount").inputs["allowSharedKeyAccess"] is keys
    assert mode == ("AccessKey" if keys else "Identity")


@pytest.mark.parametrize(
    ("need", "given"),
    [
        ({}, {}),
        ({"builds_images": True}, {"8311e382-0749-4cb8-b61a-304f252e45ec": "crml"}),
        (
            {"looks_at_inputs": True},
            {
                "acdd72a7-3385-48ef-bd42-f606fba81ae7": "inputs",
                "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "inputs",
            },
        ),
    ],
)
def test_the_workspaces_own_identity_gets_what_azure_does_not_give_it(
    need: dict[str, Any], given: dict[str, str]
) -> None:
    grants = [each.inputs for each in _deployed(**need).all("RoleAssignment")]
    assert {each["principalId"] for each in grants} <= {"workspace-principal"}
    told = {each["roleDefinitionId"].rsplit("/")[-1]: each["scope"] for each in grants}
    assert {role: scope.rsplit("/")[-1] for role, scope in told.items()} == given


def test_an_existing_workspace_may_have_no_registry_yet() -> None:
    assert _adopted(registry="").outputs["ml"]["workspace_id"] == WORKSPACE


@pytest.mark.parametrize("registry", ["", None])
def test_without_a_registry_a_compute_identity_is_refused_with_the_command_that_adds_one(
    registry: str | None,
) -> None:
    with pytest.raises(pulumi.RunError, match="az ml workspace update --container-registry"):
        required_registry(registry)

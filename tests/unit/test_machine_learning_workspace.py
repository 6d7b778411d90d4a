"""The workspace and what it is made of."""

import pulumi
import pytest

from components.identity.compute_identity import required_registry
from tests.unit.azure import GROUP, TENANT
from tests.unit.program import run
from tests.unit.sample_settings import changed

PROVIDERS = f"{GROUP}/providers/Microsoft"
ADOPTED = {"workspace.existing": f"{PROVIDERS}.MachineLearningServices/workspaces/team"}


def test_its_own_storage_has_no_hierarchy() -> None:
    assert run().named("ml-storage").inputs["isHnsEnabled"] is False


def test_the_vault_is_of_the_deployer_s_tenant() -> None:
    assert run().one("keyvault:Vault").inputs["properties"]["tenantId"] == TENANT


def test_insights_keeps_its_data_in_log_analytics() -> None:
    assert run().one("Component").inputs["workspaceResourceId"] == (
        f"{PROVIDERS}.OperationalInsights/workspaces/ml-insights-logs"
    )


def test_the_workspace_uses_all_of_its_parts_by_identity() -> None:
    parts = {
        "systemDatastoresAuthMode": "Identity",
        "identity": {"type": "SystemAssigned"},
        "storageAccount": f"{PROVIDERS}.Storage/storageAccounts/stml0a1b2c3d4e",
        "keyVault": f"{PROVIDERS}.KeyVault/vaults/kvmlvault0a1b2c3d4e",
        "applicationInsights": f"{GROUP}/providers/microsoft.insights/components/ml-insights",
        "containerRegistry": f"{PROVIDERS}.ContainerRegistry/registries/crmlregistry0a1b2c3d4e",
    }
    workspace = run().one("machinelearningservices:Workspace").inputs
    assert {name: workspace[name] for name in parts} == parts


def test_the_inputs_are_a_datastore_without_credentials_linked_to_its_account() -> None:
    datastore = run().one("Datastore").inputs
    assert datastore["name"] == "batch_inputs"
    assert datastore["properties"] == {
        "datastoreType": "AzureBlob",
        "credentials": {"credentialsType": "None"},
        "subscriptionId": "00000000-0000-0000-0000-00000000000a",
        "resourceGroup": "rg",
        "accountName": "stinputs0a1b2c3d4e",
        "containerName": "inputs",
        "endpoint": "core.windows.net",
        "protocol": "https",
        "serviceDataAccessAuthIdentity": "None",
        "description": "Where files are dropped for the batch endpoint",
    }


def test_an_existing_workspace_gets_a_datastore_and_nothing_else() -> None:
    inside = [each for each in run(changed(ADOPTED)).resources if each.parent == "ml"]
    assert [each.name for each in inside if not each.read_id] == ["ml-inputs"]
    assert inside[-1].inputs["workspaceName"] == "team"


def test_storage_and_datastores_take_keys_together() -> None:
    deployed = run(changed({"workspace.storage_keys": True}))
    workspace = deployed.one("machinelearningservices:Workspace").inputs
    assert deployed.named("ml-storage").inputs["allowSharedKeyAccess"] is True
    assert workspace["systemDatastoresAuthMode"] == "AccessKey"


def test_an_existing_workspace_may_have_no_registry_yet() -> None:
    answers = {"azure-native:machinelearningservices:Workspace": {"containerRegistry": ""}}
    adopted = {"endpoint.existing": f"{ADOPTED['workspace.existing']}/batchEndpoints/theirs"}
    deployed = run(changed(adopted, deployments=[]), answers)

    assert deployed.outputs["ml"]["workspace_id"] == ADOPTED["workspace.existing"]


@pytest.mark.parametrize("registry", ["", None])
def test_without_a_registry_a_compute_identity_is_refused_with_the_command_that_adds_one(
    registry: str | None,
) -> None:
    with pytest.raises(pulumi.RunError, match="az ml workspace update --container-registry"):
        required_registry(registry)

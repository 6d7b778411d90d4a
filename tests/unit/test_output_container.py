"""The container that pipelines write to."""

import pulumi

from components.machine_learning.output_container import OutputContainer
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs".replace("/rg/", "/data/")
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/predictions"


def _deployed() -> Deployment:
    def program() -> None:
        made = OutputContainer(
            "outputs",
            {
                "account_id": ACCOUNT,
                "container": "predictions",
                "workspace_id": WORKSPACE,
                "datastore": "batch_outputs",
                "storage_suffix": "core.windows.net",
                "writer_principal_id": "cluster-principal",
                "readers": [{"object_id": "caller", "type": "Group"}],
            },
        )
        pulumi.export("datastore", made.datastore)

    return deploy(program)


def test_it_is_a_private_container_of_the_input_account() -> None:
    container = _deployed().one("BlobContainer").inputs
    assert (container["resourceGroupName"], container["accountName"]) == ("data", "inputs")
    assert container["publicAccess"] == "None"


def test_it_is_registered_with_no_credentials() -> None:
    datastore = _deployed().one("Datastore").inputs
    assert (datastore["name"], datastore["workspaceName"]) == ("batch_outputs", "ws")
    assert datastore["properties"]["credentials"] == {"credentialsType": "None"}
    assert datastore["properties"]["containerName"] == "predictions"
    assert datastore["properties"]["resourceGroup"] == "data"


def test_the_cluster_may_write_there_and_coordinate_by_the_accounts_queues_and_tables() -> None:
    grants = [
        each.inputs
        for each in _deployed().all("RoleAssignment")
        if each.inputs["principalId"] == "cluster-principal"
    ]
    assert {each["roleDefinitionId"].rsplit("/")[-1]: each["scope"] for each in grants} == {
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe": CONTAINER,
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88": ACCOUNT,
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": ACCOUNT,
    }


def test_a_reader_reads_that_container_alone() -> None:
    grant = _deployed().named("outputs-read-caller").inputs
    assert (grant["principalId"], grant["principalType"]) == ("caller", "Group")
    assert grant["roleDefinitionId"].endswith("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
    assert grant["scope"] == CONTAINER


def test_its_datastore_is_told_by_name() -> None:
    assert _deployed().exports == {"datastore": "batch_outputs"}

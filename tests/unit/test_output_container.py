"""The container that pipelines write to."""

from tests.unit.azure import GROUP
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_settings import CALLER, changed

ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/theirs".replace("/rg/", "/data/")
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/predictions"


def _deployed() -> Deployment:
    said = {"storage.existing": ACCOUNT, "data_factory.output_container": "predictions"}
    return run(changed(said))


def test_it_is_a_private_container_of_the_input_account() -> None:
    container = _deployed().named("outputs-container").inputs
    assert (container["resourceGroupName"], container["accountName"]) == ("data", "theirs")
    assert container["publicAccess"] == "None"


def test_it_is_registered_with_no_credentials() -> None:
    datastore = _deployed().named("outputs-datastore").inputs
    there = ("data", "predictions", {"credentialsType": "None"})
    told = ("resourceGroup", "containerName", "credentials")
    assert (datastore["name"], datastore["workspaceName"]) == ("batch_outputs", "ml-workspace")
    assert tuple(datastore["properties"][each] for each in told) == there


def test_the_cluster_may_write_there_and_coordinate_by_the_accounts_queues_and_tables() -> None:
    grants = [
        each.inputs
        for each in _deployed().all("RoleAssignment")
        if each.parent == "outputs" and each.inputs["principalId"] == "uami-principal"
    ]
    assert {each["roleDefinitionId"].rsplit("/")[-1]: each["scope"] for each in grants} == {
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe": CONTAINER,
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88": ACCOUNT,
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": ACCOUNT,
    }


def test_a_reader_reads_that_container_alone() -> None:
    grant = _deployed().named(f"outputs-read-{CALLER}").inputs
    assert (grant["principalId"], grant["principalType"]) == (CALLER, "Group")
    assert grant["roleDefinitionId"].endswith("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1")
    assert grant["scope"] == CONTAINER

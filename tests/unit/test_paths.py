"""Which path a stack has: blob events, a data factory, both or neither."""

from typing import Any

from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_event_settings import PROVIDERS
from tests.unit.sample_settings import changed

ACCOUNT = f"{SUBSCRIPTION}/resourceGroups/theirs/providers/Microsoft.Storage/storageAccounts/data"
OF_EVENTS = {
    "azure-native:eventgrid:SystemTopic",
    "azure-native:eventgrid:SystemTopicEventSubscription",
    "azure-native:logic:Workflow",
}
OF_A_PRINCIPAL = {
    "azuread:index/application:Application",
    "azuread:index/applicationPassword:ApplicationPassword",
    "azuread:index/servicePrincipal:ServicePrincipal",
}
OF_A_FACTORY = {"azure-native:datafactory:Factory", "azure-native:datafactory:Pipeline"}


def piped(events: dict[str, Any] | None = None, **factory: Any) -> Deployment:
    """What a stack with a data factory registers."""
    return run(changed(blob_events=events or {}, data_factory={"enabled": True, **factory}))


def from_asset_to_container() -> Deployment:
    """A protected one whose pipelines read registered data and write to a container of theirs."""
    said = {"input_uri": "azureml:digits:3", "output_container": "predictions"}
    return run(changed(protect=True, data_factory={"enabled": True, **said}))


def test_without_blob_events_there_is_an_endpoint_and_nothing_that_invokes_it() -> None:
    with_events, without = run(), run(changed({"blob_events.enabled": False}))
    assert with_events.types() - without.types() == OF_EVENTS | OF_A_PRINCIPAL
    told = {"workflow_id", "invoker_client_id", "scoring_uri"}
    assert told & without.exports.keys() == {"scoring_uri"}


def test_a_factory_stands_beside_the_blob_events() -> None:
    assert piped().types() - run().types() == OF_A_FACTORY
    assert piped().exports["pipeline_name"] == "Score-Folder"


def test_a_factory_stands_alone() -> None:
    alone = piped({"enabled": False})
    assert alone.types() & (OF_EVENTS | OF_A_PRINCIPAL) == set()
    assert alone.types() >= OF_A_FACTORY


def test_a_marker_starts_the_pipeline_and_nobody_but_the_factory_invokes() -> None:
    deployed = piped({"marker_name": "_SUCCESS", "extension_filter": None})
    assert deployed.types() & OF_A_PRINCIPAL == set()
    assert deployed.named("blob-created-subscription").inputs["filter"]["subjectEndsWith"] == (
        "/_SUCCESS"
    )
    assert "invoker_object_id" not in deployed.exports


def test_the_workflow_waits_until_the_pipeline_may_do_what_it_does() -> None:
    deployed = piped({"marker_name": "_SUCCESS", "extension_filter": None})
    before = deployed.everything_before("on-marker-workflow")
    assert before >= {"pipelines-invokes", "pipelines-reads-inputs", "pipelines-run"}


def test_without_events_of_a_workflow_a_pipeline_can_still_sign_in() -> None:
    deployed = piped({"enabled": False}, authentication="service_principal")
    assert deployed.types() >= OF_A_PRINCIPAL
    assert deployed.exports["invoker_client_id"] == "app-client-id"


def test_a_named_data_asset_is_read_by_its_resource_id() -> None:
    deployed = from_asset_to_container()
    given = deployed.named("pipelines-score").inputs["parameters"]["endpoint_input_uri"]
    workspace = deployed.exports["workspace_id"]
    assert given["defaultValue"] == f"{workspace}/data/digits/versions/3"


def test_further_inputs_that_are_registered_are_sent_by_their_ids() -> None:
    further = {
        "rules": {"type": "CustomModel", "uri": "azureml:rules:2"},
        "more": {"type": "UriFile", "uri": "azureml:more:1"},
        "mode": {"type": "Literal", "value": "append"},
    }
    endpoint = (
        f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/ws-1/batchEndpoints/theirs"
    )
    adopted = {"endpoint.existing": endpoint, "deployments": []}
    deployed = run(changed({**adopted, "blob_events.job_inputs": further}))
    sent = deployed.named("on-blob-workflow").inputs["parameters"]["job_inputs"]["value"]
    workspace = deployed.exports["workspace_id"]
    assert sent == {
        "rules": {"JobInputType": "CustomModel", "Uri": f"{workspace}/models/rules/versions/2"},
        "more": {"JobInputType": "UriFile", "Uri": f"{workspace}/data/more/versions/1"},
        "mode": {"JobInputType": "Literal", "Value": "append"},
    }


def test_an_output_container_is_where_pipelines_write() -> None:
    deployed = from_asset_to_container()
    folder = deployed.named("pipelines-score").inputs["parameters"]["output_folder"]
    assert folder["defaultValue"] == "azureml://datastores/batch_outputs/paths/batch/"


def test_predictions_are_copied_from_the_workspaces_own_datastore() -> None:
    deployed = piped(copy_after={"account_id": ACCOUNT, "container": "scores", "folder": "digits/"})
    given = deployed.named("pipelines-copies").inputs["parameters"]
    names = ("output_container", "output_datastore", "destination_folder")
    assert [given[each]["defaultValue"] for each in names] == [
        *("azureml-blobstore-workspace-guid", "workspaceblobstore", "digits/")
    ]
    assert deployed.exports["pipeline_name"] == "Score-Then-Copy"
    read = deployed.named("pipelines-output-copies").inputs["scope"]
    assert read == (
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stml"
        "/blobServices/default/containers/azureml-blobstore-workspace-guid"
    )


def test_a_container_that_pipelines_write_to_is_protected_with_the_stack() -> None:
    assert from_asset_to_container().named("outputs-container").protect

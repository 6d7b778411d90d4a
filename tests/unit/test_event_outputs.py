"""Where the job of an event writes: named by the event, unless the stack says otherwise."""

from typing import Any

import pytest

from components.settings import Settings
from tests.unit.azure import GROUP
from tests.unit.program import run
from tests.unit.sample_settings import SETTINGS, changed

STORE = "azureml://datastores/workspaceblobstore/paths"
OF_EVENT = f"{STORE}/scoring0a1b2c3d4e/{{event_id}}"
ROWS = f"{STORE}/own/{{event_id}}/rows.csv"
OWN = {"blob_events.job_outputs": {"rows": {"type": "UriFile", "uri": ROWS}}}
PIPELINE = {
    "deployments": [{"name": "digits", "pipeline": "samples/diamonds/pipeline.yml"}],
    "endpoint.input_name": "data",
    "blob_events": {"marker_name": "_SUCCESS", "extension_filter": None},
}
SUMMARY = {"deployments[0].output_action": "summary_only"}
ENDPOINT = (
    f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-1"
    "/batchEndpoints/team-endpoint"
)
ADOPTED = {"endpoint.existing": ENDPOINT, "deployments": []}


def _sent(settings: Settings) -> tuple[Any, Any]:
    """The outputs that the workflow gives a job, and the folder that a caller is told."""
    deployed = run(settings)
    parameters = deployed.named("on-blob-workflow").inputs["parameters"]
    told = deployed.exports.get("event_predictions_url")
    return parameters.get("job_outputs", {}).get("value", {}), told


def test_a_models_predictions_are_named_by_the_event() -> None:
    outputs, told = _sent(SETTINGS)

    assert outputs == {"score": {"JobOutputType": "UriFile", "Uri": f"{OF_EVENT}/predictions.csv"}}
    assert told.endswith("/azureml-blobstore-workspace-guid/scoring0a1b2c3d4e/")


def test_a_pipelines_outputs_have_the_names_that_it_declares() -> None:
    outputs, _ = _sent(changed(PIPELINE))

    assert outputs == {
        "predictions": {"JobOutputType": "UriFolder", "Uri": f"{OF_EVENT}/predictions/"}
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(OWN, id="a model has one output"),
        pytest.param({**ADOPTED, **OWN}, id="adopted"),
    ],
)
def test_an_output_that_the_stack_names_is_the_only_one(changes: dict[str, Any]) -> None:
    assert _sent(changed(changes)) == ({"rows": {"JobOutputType": "UriFile", "Uri": ROWS}}, None)


def test_predictions_lie_beside_their_input_where_the_stack_says_so() -> None:
    outputs, told = _sent(changed({"blob_events.predictions_beside_inputs": True}))

    uri = "azureml://datastores/batch_inputs/paths/{input}_predictions.csv"
    assert outputs == {"score": {"JobOutputType": "UriFile", "Uri": uri}}
    assert told is None


def test_the_cluster_writes_to_the_inputs_only_where_predictions_lie_beside_them() -> None:
    deployed = run(changed({"blob_events.predictions_beside_inputs": True}))

    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stinputs0a1b2c3d4e"
    grants = {
        each.name: (each.inputs["roleDefinitionId"].rpartition("/")[2], each.inputs["scope"])
        for each in deployed.all("RoleAssignment")
        if each.name.endswith("inputs") and each.inputs["principalId"] == "uami-principal"
    }
    assert grants == {
        "compute-writes-inputs": (
            "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
            f"{account}/blobServices/default/containers/inputs",
        ),
        "compute-uses-queues-of-inputs": ("974c5e8b-45b9-4653-ba55-5f855dd0fb88", account),
        "compute-uses-tables-of-inputs": ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", account),
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"blob_events.payload": "plain"}, id="plain"),
        pytest.param(ADOPTED, id="what an adopted endpoint writes is not known"),
        pytest.param(SUMMARY, id="no file is written"),
    ],
)
def test_what_is_not_known_or_not_wanted_is_not_named(changes: dict[str, Any]) -> None:
    assert _sent(changed(changes)) == ({}, None)


def test_a_plain_payload_is_what_the_workflow_is_told_to_send() -> None:
    workflow = run(changed({"blob_events.payload": "plain"})).named("on-blob-workflow")
    assert workflow.inputs["parameters"]["plain_payload"] == {"type": "bool", "value": True}

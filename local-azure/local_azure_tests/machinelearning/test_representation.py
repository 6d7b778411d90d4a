"""Jobs as recordings of azure-ai-ml's own tests have them; what each run makes anew is left out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from local_azure_tests.machinelearning.world import ENDPOINT, ML, WORKSPACE

if TYPE_CHECKING:
    from local_azure_tests.machinelearning.world import World

ARM = "https://management.azure.com"
MADE_UP = re.compile(r"[a-z]+_[a-z]+_[a-z0-9]{8}")
URL = "https://inputs.blob.core.windows.net/inputs/data/a.txt"
BODY = {"properties": {"InputData": {"input1": {"JobInputType": "UriFile", "Uri": URL}}}}
OUTPUT = "azureml://datastores/workspaceblobstore/paths/mine/rows.csv"
TRACKING = f"azureml://westeurope.api.azureml.ms/mlflow/v1.0{WORKSPACE}?"
WSID = WORKSPACE.replace("resourceGroups", "resourcegroups").replace(
    "providers/Microsoft.MachineLearningServices/", ""
)
TAGS = {
    "outputType": "output_data",
    "inputType": "input_data",
    "azureml.batchrun": "true",
    "azureml.deploymentname": "blue",
    "azureml.jobtype": "azureml.batchjob",
}


def _studio(name: str) -> str:
    return f"https://ml.azure.com/runs/{name}?wsid={WSID}"


def _left_out(told: dict[str, Any]) -> dict[str, Any]:
    """What is asserted apart, or made anew for each job."""
    return {key: told["properties"].pop(key) for key in ("name", "properties", "description")}


def test_the_answer_to_an_invocation_is_the_recorded_one(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")

    status, told, headers = world.exchange("POST", "/jobs", BODY)
    name = told["name"]
    world.end(name)

    left = _left_out(told)
    assert status == 201
    assert told["id"] == f"{ENDPOINT}/deployments/blue/jobs/{name}"
    assert told["type"] == f"{ML}/batchEndpoints/deployments/jobs"
    assert told["properties"] == {
        "provisioningState": "Succeeded",
        "status": "Preparing",
        "inputData": {
            "input1": {
                "description": None,
                "uri": URL,
                "mode": "ReadOnlyMount",
                "jobInputType": "UriFile",
            }
        },
        "output": {"datastoreId": None, "path": None},
        "compute": {
            "target": f"{WORKSPACE}/computes/batch-cluster",
            "instanceCount": None,
            "isLocal": False,
            "location": None,
            "instanceType": None,
            "properties": None,
        },
        "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
        "interactionEndpoints": {
            kind: {"jobEndpointType": kind, "port": None, "endpoint": page, "properties": None}
            for kind, page in (("Tracking", TRACKING), ("Studio", _studio(name)))
        },
        "tags": TAGS,
    }
    assert MADE_UP.fullmatch(left["name"])
    assert json.loads(left["properties"]["azureml.parameters"]) == {
        "run_max_try": "3",
        "run_invocation_timeout": "30",
        "mini_batch_size": "10",
        "error_threshold": "-1",
        "logging_level": "INFO",
        "process_count_per_node": "1",
        "legacy_model_job": "False",
        "NodeCount": "1",
        "append_row_file_name": "predictions.csv",
    }
    assert set(told["systemData"]) == {
        "createdAt",
        "createdBy",
        "lastModifiedAt",
        "lastModifiedBy",
    }
    recorded = {
        "azureml-model-deployment": "blue",
        "location": (
            f"https://westeurope.api.azureml.ms/mferp/managementfrontend{ENDPOINT}/deployments/blue"
            "?api-version=2020-09-01-dataplanepreview"
        ),
        "x-ms-response-type": "standard",
        "server": "azureml-frontdoor",
    }
    assert headers.items() >= recorded.items()


def test_a_named_output_and_the_callers_own_settings_are_told(world: World) -> None:
    world.blob("inputs", "inputs", "data/a.txt", b"one")

    _, told = world.invoke(URL, output=OUTPUT, miniBatchSize=7, tags={"event_id": "e-1"})
    world.end(told["name"])

    properties = told["properties"]
    assert "output" not in properties
    assert properties["outputData"] == {
        "score": {
            "description": None,
            "uri": OUTPUT,
            "mode": "ReadWriteMount",
            "jobOutputType": "UriFile",
        }
    }
    assert properties["miniBatchSize"] == 7
    assert json.loads(properties["properties"]["azureml.parameters"])["mini_batch_size"] == "7"
    assert properties["tags"] == {**TAGS, "event_id": "e-1"}


def test_resource_manager_shows_the_recorded_pipeline_job(world: World) -> None:
    world.allow_further(f"{ML}/jobs/read")
    world.blob("inputs", "inputs", "data/a.txt", b"one")
    name = world.score(URL)["name"]

    path = f"{WORKSPACE}/jobs/{name}?api-version=2024-01-01-preview"
    _, told = world.request(
        "GET", path, host="management.azure.com", token=world.token(audience=ARM)
    )

    properties = told["properties"]
    assert MADE_UP.fullmatch(properties.pop("displayName"))
    assert properties.pop("properties")["azureml.runsource"] == "azureml.PipelineRun"
    assert properties == {
        "description": "Pipeline submission for endpoint: digits, deployment: blue.",
        "tags": TAGS,
        "status": "Completed",
        "experimentName": "digits",
        "services": {
            kind: {
                "jobServiceType": kind,
                "port": None,
                "endpoint": page,
                "status": None,
                "errorMessage": None,
                "properties": None,
                "nodes": None,
            }
            for kind, page in (("Tracking", TRACKING), ("Studio", _studio(name)))
        },
        "computeId": None,
        "isArchived": False,
        "identity": None,
        "componentId": None,
        "jobType": "Pipeline",
        "settings": None,
        "jobs": None,
        "inputs": None,
        "outputs": None,
        "sourceJobId": None,
    }
    assert told["systemData"]["createdByType"] == "User"


def test_a_refusal_has_its_code_innermost(world: World) -> None:
    status, told, headers = world.exchange("GET", "/jobs/gone")

    error = told["error"]
    more = {each["type"]: each["info"]["value"] for each in error["additionalInfo"]}
    assert (status, error["code"], error["details"]) == (404, "UserError", [])
    assert headers["x-ms-response-type"] == "error"
    assert more.pop("InnerError") == {
        "code": "NotFound",
        "innerError": {"code": "JobNotFound", "innerError": None},
    }
    assert (more["ComponentName"], more["Location"]) == ("managementfrontend", "westeurope")
    assert set(more) == {"ComponentName", "Correlation", "Environment", "Location", "Time"}

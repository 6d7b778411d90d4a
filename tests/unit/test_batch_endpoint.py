"""The endpoint, its deployments, and its default."""

from typing import Any

import pytest

from components.azure.whole_body_put import literal
from components.machine_learning.batch_endpoint import BatchEndpoint
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy
from tests.unit.program import run
from tests.unit.sample_settings import changed

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
PIPELINE = {
    "name": "clean",
    "pipeline": "samples/diamonds/pipeline.yml",
    "continue_on_step_failure": True,
}
BOTH = {
    "deployments": [{"name": "digits"}, PIPELINE],
    "endpoint": {"default_deployment": "clean", "input_name": "data"},
    "blob_events": {"marker_name": "_SUCCESS", "extension_filter": None},
}


NAMED = {"endpoint.name": "my-digits"}
TAGGED = {
    "tags.new": "tag",
    "deployments[0].output_action": "summary_only",
    "deployments[0].environment_variables": {"a_Name": "1"},
}


def _properties(said: dict[str, Any]) -> Any:
    """What the deployment is made with."""
    return run(changed(said)).one("BatchDeployment").inputs["properties"]


def _put_again(deployed: Deployment) -> dict[str, object]:
    template = deployed.named("scoring-default").inputs["properties"]["template"]
    resource: dict[str, object] = template["resources"][0]
    return resource


def test_the_endpoint_has_a_random_name_unless_one_is_given() -> None:
    named = run(changed(NAMED)).named("scoring-endpoint-my-digits")

    assert run().named("scoring-endpoint").inputs["endpointName"] == "scoring0a1b2c3d4e"
    assert named.inputs["endpointName"] == "my-digits"


def test_the_deployment_is_the_configured_one() -> None:
    assets = run().outputs["model-digits"]

    assert run().one("BatchDeployment").inputs["deploymentName"] == "digits"
    sizes = {"mini_batch_size": 7, "max_concurrency_per_instance": 2}
    said = {f"deployments[0].{name}": size for name, size in sizes.items()}
    assert _properties(said) == {
        "model": {"referenceType": "Id", "assetId": assets["model_id"]},
        "codeConfiguration": {"codeId": assets["code_id"], "scoringScript": "score.py"},
        "environmentId": assets["environment_id"],
        "compute": f"{WORKSPACE}/computes/batch-cluster",
        "resources": {"instanceCount": 1},
        "miniBatchSize": 7,
        "maxConcurrencyPerInstance": 2,
        "errorThreshold": -1,
        "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
        "outputAction": "AppendRow",
        "outputFileName": "predictions.csv",
        "loggingLevel": "Info",
    }


def test_a_summary_is_all_that_is_kept_by_choice() -> None:
    assert _properties(TAGGED)["outputAction"] == "SummaryOnly"


def test_a_scoring_script_gets_the_environment_variables_of_its_deployment() -> None:
    assert _properties(TAGGED)["environmentVariables"] == {"a_Name": "1"}


def test_the_default_is_set_by_a_second_put_of_the_whole_endpoint() -> None:
    deployed = run()
    tags = deployed.named("scoring-endpoint").inputs["tags"]
    assert _put_again(deployed) == {
        "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
        "apiVersion": "2025-12-01",
        "name": "ml-workspace/scoring0a1b2c3d4e",
        "location": "westeurope",
        "tags": tags,
        "properties": {"authMode": "AADToken", "defaults": {"deploymentName": "digits"}},
    }
    before = deployed.everything_before("scoring-default")
    assert before >= {"scoring-endpoint", "scoring-deployment-digits"}


@pytest.mark.parametrize("change", [TAGGED, NAMED])
def test_the_second_put_changes_with_everything_that_the_first_one_sends(
    change: dict[str, Any],
) -> None:
    assert _put_again(run(changed(change))) != _put_again(run())


def test_the_second_put_runs_again_for_an_endpoint_that_was_made_anew() -> None:
    template = run().named("scoring-default").inputs["properties"]["template"]
    assert template["metadata"] == {"createdAt": "2026-01-01T00:00:00Z"}


def test_a_default_that_a_refresh_reads_back_is_not_taken_away() -> None:
    assert run().named("scoring-endpoint").ignore_changes == ("properties.defaults",)


def test_the_deployment_goes_with_its_endpoint() -> None:
    assert run().one("BatchDeployment").deleted_with == "scoring-endpoint"


def test_azure_makes_the_script_and_the_environment_of_an_mlflow_model() -> None:
    saved = {"model_type": "mlflow_model", "model": "samples/heart/model"}
    made = run(changed(BOTH, deployments=[{"name": "heart", **saved}, PIPELINE]))

    properties = made.named("scoring-deployment-heart").inputs["properties"]
    assert {"codeConfiguration", "environmentId"} & properties.keys() == set()


def test_of_several_deployments_the_named_one_is_the_default() -> None:
    deployed = run(changed(BOTH))
    properties = {"authMode": "AADToken", "defaults": {"deploymentName": "clean"}}
    assert _put_again(deployed)["properties"] == properties
    assert "scoring-deployment-clean" in deployed.everything_before("scoring-default")


def test_a_pipeline_is_deployed_as_its_component_with_the_cluster() -> None:
    deployed = run(changed(BOTH))
    made = {each.name: each.inputs["properties"] for each in deployed.all("BatchDeployment")}
    assert made.keys() == {"scoring-deployment-digits", "scoring-deployment-clean"}
    assert made["scoring-deployment-clean"] == {
        "deploymentConfiguration": {
            "deploymentConfigurationType": "PipelineComponent",
            "componentId": {
                "referenceType": "Id",
                "assetId": deployed.outputs["pipeline-clean"]["component_id"],
            },
            "settings": {"default_compute": "batch-cluster", "continue_on_step_failure": "true"},
        }
    }


def test_a_default_that_is_no_deployment_is_refused() -> None:
    args: Any = {"resource_group_name": "rg", "workspace_name": "ws", "default_deployment": "other"}

    with pytest.raises(ValueError, match="found 'other', accepted: none"):
        deploy(lambda: BatchEndpoint("scoring", args))


def test_text_in_brackets_is_no_expression_of_the_template() -> None:
    assert literal({"a": ["[x]", "[x", "x"], "b": 1}) == {"a": ["[[x]", "[x", "x"], "b": 1}

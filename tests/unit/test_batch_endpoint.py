"""The endpoint, its deployment, and its default."""

from collections.abc import Sequence

import pytest

from components.azure.whole_body_put import literal
from components.machine_learning.batch_endpoint import BatchEndpoint, BatchEndpointArgs
from components.machine_learning.model_deployment import ModelDeploymentArgs
from components.machine_learning.pipeline_components.deployment import PipelineDeploymentArgs
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
DEPLOYMENT: ModelDeploymentArgs = {
    "name": "digits",
    "compute_id": "/cluster",
    "model_id": "/model",
    "code_id": "/code",
    "environment_id": "/environment",
    "scoring_script": "score.py",
    "instance_count": 1.0,  # type: ignore[typeddict-item]  # as another language sends it
    "mini_batch_size": 10,
    "max_concurrency_per_instance": 2,
    "error_threshold": -1,
    "mini_batch_retries": 3,
    "mini_batch_timeout_seconds": 30.0,  # type: ignore[typeddict-item]  # as above
    "output_action": "append_row",
    "output_file_name": "predictions.csv",
}


PIPELINE: PipelineDeploymentArgs = {
    "name": "clean",
    "compute_id": f"{WORKSPACE}/computes/cluster",
    "component_id": "/component",
    "continue_on_step_failure": True,
}


def _deployed(
    *,
    name: str | None = None,
    models: Sequence[ModelDeploymentArgs] = (DEPLOYMENT,),
    pipelines: Sequence[PipelineDeploymentArgs] = (),
    default: str = "digits",
    tags: dict[str, str] | None = None,
) -> Deployment:
    args: BatchEndpointArgs = {
        "resource_group_name": "rg",
        "location": "westeurope",
        "tags": {**(tags or {})},
        "workspace_name": "ws",
        "endpoint_name": name,
        "model_deployments": [*models],
        "pipeline_deployments": [*pipelines],
        "default_deployment": default,
    }
    return deploy(lambda: BatchEndpoint("scoring", args))


def _put_again(deployed: Deployment) -> dict[str, object]:
    template = deployed.named("scoring-default").inputs["properties"]["template"]
    resource: dict[str, object] = template["resources"][0]
    return resource


def test_callers_need_an_entra_token() -> None:
    assert _deployed().named("scoring-endpoint").inputs["properties"] == {"authMode": "AADToken"}


def test_the_endpoint_has_a_random_name_unless_one_is_given() -> None:
    assert _deployed().named("scoring-endpoint").inputs["endpointName"] == "scoring0a1b2c3d4e"
    assert (
        _deployed(name="digits").named("scoring-endpoint-digits").inputs["endpointName"] == "digits"
    )


def test_the_deployment_is_the_configured_one() -> None:
    deployment = _deployed().one("BatchDeployment").inputs
    assert deployment["deploymentName"] == "digits"
    assert deployment["properties"] == {
        "model": {"referenceType": "Id", "assetId": "/model"},
        "codeConfiguration": {"codeId": "/code", "scoringScript": "score.py"},
        "environmentId": "/environment",
        "compute": "/cluster",
        "resources": {"instanceCount": 1},
        "miniBatchSize": 10,
        "maxConcurrencyPerInstance": 2,
        "errorThreshold": -1,
        "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
        "outputAction": "AppendRow",
        "outputFileName": "predictions.csv",
        "loggingLevel": "Info",
    }


def test_a_summary_is_all_that_is_kept_by_choice() -> None:
    deployed = _deployed(models=[{**DEPLOYMENT, "output_action": "summary_only"}])
    properties = deployed.one("BatchDeployment").inputs["properties"]
    assert properties["outputAction"] == "SummaryOnly"


def test_a_scoring_script_gets_the_environment_variables_of_its_deployment() -> None:
    deployed = _deployed(models=[{**DEPLOYMENT, "environment_variables": {"a_Name": "1"}}])
    properties = deployed.one("BatchDeployment").inputs["properties"]
    assert properties["environmentVariables"] == {"a_Name": "1"}


def test_the_default_is_set_by_a_second_put_of_the_whole_endpoint() -> None:
    deployed = _deployed(tags={"owner": "team"})
    assert _put_again(deployed) == {
        "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
        "apiVersion": "2025-12-01",
        "name": "ws/scoring0a1b2c3d4e",
        "location": "westeurope",
        "tags": {"owner": "team"},
        "properties": {"authMode": "AADToken", "defaults": {"deploymentName": "digits"}},
    }
    before = deployed.everything_before("scoring-default")
    assert before >= {"scoring-endpoint", "scoring-deployment-digits"}


def test_the_second_put_changes_with_everything_that_the_first_one_sends() -> None:
    first = _put_again(_deployed())
    assert _put_again(_deployed(tags={"new": "tag"})) != first
    assert _put_again(_deployed(name="other")) != first


def test_the_second_put_runs_again_for_an_endpoint_that_was_made_anew() -> None:
    template = _deployed().named("scoring-default").inputs["properties"]["template"]
    assert template["metadata"] == {"createdAt": "2026-01-01T00:00:00Z"}


def test_a_default_that_a_refresh_reads_back_is_not_taken_away() -> None:
    assert _deployed().named("scoring-endpoint").ignore_changes == ("properties.defaults",)


def test_the_deployment_goes_with_its_endpoint() -> None:
    assert _deployed().one("BatchDeployment").deleted_with == "scoring-endpoint"


def test_azure_makes_the_script_and_the_environment_of_an_mlflow_model() -> None:
    mlflow: ModelDeploymentArgs = {
        **DEPLOYMENT,
        "code_id": None,
        "environment_id": None,
        "scoring_script": None,
    }
    properties = _deployed(models=[mlflow]).one("BatchDeployment").inputs["properties"]
    assert {"codeConfiguration", "environmentId"} & properties.keys() == set()


def test_a_pipeline_is_deployed_by_its_component() -> None:
    deployed = _deployed(models=[], pipelines=[PIPELINE], default="clean")
    deployment = deployed.named("scoring-deployment-clean").inputs
    assert deployment["deploymentName"] == "clean"
    assert deployment["properties"] == {
        "deploymentConfiguration": {
            "deploymentConfigurationType": "PipelineComponent",
            "componentId": {"referenceType": "Id", "assetId": "/component"},
            "settings": {"default_compute": "cluster", "continue_on_step_failure": "true"},
        }
    }


def test_of_several_deployments_the_named_one_is_the_default() -> None:
    deployed = _deployed(pipelines=[PIPELINE], default="clean")
    put = _put_again(deployed)
    assert put["properties"] == {"authMode": "AADToken", "defaults": {"deploymentName": "clean"}}
    assert "scoring-deployment-clean" in deployed.everything_before("scoring-default")
    assert len(deployed.all("BatchDeployment")) == 2


def test_a_default_that_is_no_deployment_is_refused() -> None:
    with pytest.raises(ValueError, match="found 'other', accepted: digits"):
        _deployed(default="other")


def test_text_in_brackets_is_no_expression_of_the_template() -> None:
    assert literal({"a": ["[x]", "[x", "x"], "b": 1}) == {"a": ["[[x]", "[x", "x"], "b": 1}

"""Several deployments: each names what differs from the keys of the only one.

A deployment is of a model, or of a pipeline component that lies in a file of the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from components.azure.naming import check as check_name
from components.settings import assets
from components.settings.deployment_keys import MODEL_KEYS
from components.settings.events import records
from components.settings.events.records import Field
from components.settings.model import DeploymentSettings, PipelineDeploymentSettings
from components.settings.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    Values = Mapping[str, Any]
    Deployment = DeploymentSettings | PipelineDeploymentSettings

_KIND = "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments"


def _named(name: str) -> list[Refusal]:
    broken = check_name(_KIND, name)
    return [Refusal(broken)] if broken else []


_MODEL: Final = {
    "name": Field(str, _named),
    # Left out, a field has the value of the key of its name.
    **{key.name: Field(type(key.default), key.check, None) for key in MODEL_KEYS},
}
_PIPELINE: Final = {
    "name": Field(str, _named),
    "pipeline": Field(str, assets.pipeline),
    "continue_on_step_failure": Field(bool, default=False),
}
EXAMPLE: Final = [
    {"name": "digits"},
    {"name": "digits-2", "model": "samples/digits/model", "mini_batch_size": 20},
]


def check(item: Any) -> list[Refusal]:
    """What is wrong with one deployment."""
    return records.check(item, _PIPELINE if _is_pipeline(item) else _MODEL)


def build(values: Values) -> tuple[Deployment, ...]:
    """The deployments that a configuration says, the only one's keys filled in."""
    items = values["deployments"] or [{"name": values["deployment_name"]}]
    return tuple(_pipeline(item) if _is_pipeline(item) else _model(item, values) for item in items)


def default_name(values: Values) -> str:
    """The deployment that is invoked without a header."""
    items = values["deployments"]
    first = items[0]["name"] if items else values["deployment_name"]
    return str(values["default_deployment"] or first)


def _is_pipeline(item: Any) -> bool:
    return isinstance(item, dict) and "pipeline" in item


def _pipeline(item: Mapping[str, Any]) -> PipelineDeploymentSettings:
    filled = records.filled(item, _PIPELINE)
    return PipelineDeploymentSettings(
        name=filled["name"],
        file=filled["pipeline"],
        continue_on_step_failure=filled["continue_on_step_failure"],
    )


def _model(item: Mapping[str, Any], values: Values) -> DeploymentSettings:
    told = {key.name: item.get(key.name, values[key.name]) for key in MODEL_KEYS}
    model, environment = told["model"], told["environment"]
    registered, curated = assets.is_asset_id(model), assets.is_asset_id(environment)
    return DeploymentSettings(
        name=item["name"],
        model_folder=None if registered else model,
        model_id=model if registered else None,
        is_mlflow=told["model_type"] == "mlflow_model",
        code_folder=told["scoring_code"],
        scoring_script=told["scoring_script"],
        environment_image=None if curated else environment,
        environment_id=environment if curated else None,
        environment_variables=dict(told["environment_variables"]),
        instance_count=told["instance_count"],
        mini_batch_size=told["mini_batch_size"],
        max_concurrency_per_instance=told["max_concurrency_per_instance"],
        error_threshold=told["error_threshold"],
        max_retries=told["mini_batch_retries"],
        timeout_seconds=told["mini_batch_timeout_seconds"],
        output_action=told["output_action"],
        output_file_name=told["output_file_name"],
    )

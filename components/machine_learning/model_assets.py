"""What a deployment runs: a model, the code that scores with it, the environment of both.

A model or an environment that a team registers elsewhere is given by its id. An MLflow model brings
code and environment with it (D:machine-learning/how-to-mlflow-batch).
"""

from pathlib import Path
from typing import NotRequired

import pulumi

from components.azure.component import Component, Options
from components.machine_learning.asset_versions import (
    AssetStore,
    Content,
    register_code,
    register_environment,
    register_model,
)


class ModelAssetsArgs(AssetStore):
    """Arguments of ModelAssets."""

    model_name: str
    """Name that the model and its code are registered under."""

    model_path: NotRequired[str | None]
    """Folder of the model, if it is to be uploaded."""

    mlflow: NotRequired[bool]
    """Whether it is an MLflow model, which needs no code and no environment of ours."""

    model_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of a model that is registered already."""

    code_path: NotRequired[str | None]
    """Folder of the scoring script and what it imports; not for an MLflow model."""

    image: NotRequired[str | None]
    """Image to register as the environment."""

    conda_file: NotRequired[str]
    """Text of the conda file with what is installed over the image; empty for nothing."""

    environment_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of an environment that exists already, a curated one for example."""


class ModelAssets(Component):
    """Model version, code version, environment version."""

    model_id: pulumi.Output[str]
    """Asset id of the model."""

    code_id: pulumi.Output[str]
    """Asset id of the code; empty for an MLflow model."""

    environment_id: pulumi.Output[str]
    """Asset id of the environment; empty for an MLflow model."""

    def __init__(self, name: str, args: ModelAssetsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)

        self.model_id = _model(name, args, self.child)
        self.code_id = _code(name, args, self.child)
        self.environment_id = _environment(name, args, self.child)
        self.register_outputs(
            {
                "model_id": self.model_id,
                "code_id": self.code_id,
                "environment_id": self.environment_id,
            }
        )


def _model(name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    folder, given = args.get("model_path"), args.get("model_id")
    if given is not None:
        return pulumi.Output.from_input(given)
    if folder is None:
        raise ValueError("A model is given by `model_path` or by `model_id`; neither is there")
    kind = "mlflow_model" if args.get("mlflow") else "custom_model"
    model = register_model(f"{name}-model", args["model_name"], Path(folder), kind, args, opts)
    return model.id


def _code(name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    if args.get("mlflow"):
        return pulumi.Output.from_input("")
    folder = args.get("code_path")
    if folder is None:
        raise ValueError("A model that is no MLflow model needs `code_path`")
    return register_code(f"{name}-code", args["model_name"], Path(folder), args, opts).id


def _environment(
    name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    if args.get("mlflow"):
        return pulumi.Output.from_input("")
    image, given = args.get("image"), args.get("environment_id")
    if given is not None:
        return pulumi.Output.from_input(given)
    if image is None:
        raise ValueError("An environment is given by `image` or `environment_id`; neither is there")
    content = Content(image, args.get("conda_file", ""))
    return register_environment(f"{name}-environment", args["model_name"], content, args, opts).id

"""`deployments`: of a model, or of a pipeline component that lies in a file of the project.

The only checks that look at the file system are of what is uploaded: it has to be there. What is
inside of a model's folder is the scoring script's affair.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from components.azure.content import what_is_wrong
from components.machine_learning.conda_file import read_conda_file
from components.machine_learning.pipeline_components.files import read_pipeline
from components.settings.endpoint import DeploymentName
from components.settings.problems import Misfit, Refused
from components.settings.section import (
    FORMS,
    GUID,
    INT32,
    Accepts,
    Section,
    between,
    matching,
)
from components.settings.workspace import MOST_NODES

PROJECT = Path(__file__).resolve().parents[2]
"""The folder that folders of the configuration are relative to."""

RESERVED = ("AZUREML_MODEL_DIR", "AZUREML_BI_OUTPUT_PATH")
"""The service sets these itself (D:machine-learning/how-to-batch-scoring-script); which value would
hold if a deployment named one of them is UNVERIFIED, so it may not."""

_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*"
_IMAGE = (
    r"(?=.*:)(?:[a-z0-9.-]+(?::[0-9]{1,5})?/)?[a-z0-9._-]+(?:/[a-z0-9._-]+)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)


def is_asset_id(value: str) -> bool:
    """Whether a value is meant as the id of something registered."""
    return value.startswith(("/subscriptions/", "azureml:"))


def _asset_id(kind: str, value: str) -> str:
    """Full ids only: a deployment's body has no workspace to look a short name up in."""
    workspace = (
        rf"/subscriptions/{GUID}/resourceGroups/[^/]+/providers"
        rf"/Microsoft\.MachineLearningServices/workspaces/[^/]+/{kind}/{_NAME}/versions/{_NAME}"
    )
    registry = rf"azureml://registries/{_NAME}/{kind}/{_NAME}/versions/{_NAME}"
    if re.fullmatch(f"(?i:{workspace})|{registry}", value):
        return value
    raise Refused(
        f"/subscriptions/…/workspaces/<workspace>/{kind}/<name>/versions/<version>"
        f" or azureml://registries/<registry>/{kind}/<name>/versions/<version>"
    )


def _model(value: str) -> str:
    return _asset_id("models", value) if is_asset_id(value) else _folder(value)


def _environment(value: str) -> str:
    if is_asset_id(value):
        return _asset_id("environments", value)
    if re.fullmatch(_IMAGE, value):
        return value
    raise Refused("a container image with its tag, or the id of a registered environment")


def _in_project(value: str, accepted: str) -> Path:
    path = Path(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value:
        raise Refused(f"{accepted}, relative to Pulumi.yaml, with slashes and no '..'")
    return PROJECT / path


def _folder(value: str) -> str:
    accepted = "a folder of this project with files in it, such as samples/digits/model"
    if wrong := what_is_wrong(_in_project(value, accepted)):
        raise Refused(f"{accepted}; {wrong}")
    return value


def _readable(accepted: str, read: Callable[[Path], object]) -> AfterValidator:
    """A file of the project that can be read as what it is meant to be."""

    def check(value: str) -> str:
        path = _in_project(value, accepted)
        try:
            read(path)
        except ValueError as error:
            raise Refused(f"{accepted}; {error}") from None
        return value

    return AfterValidator(check)


_VARIABLE = Accepts(
    "names of letters, digits and '_', the first no digit, none of"
    f" {', '.join(RESERVED)}, which the service sets",
    lambda name: re.fullmatch("[A-Za-z_][A-Za-z0-9_]{0,254}", name) and name not in RESERVED,
)
# Azure's limit, if there is one: UNVERIFIED. Linux takes 131072 bytes for a name with its value.
_VALUE = matching(r"(?s)[^\0]{0,32768}", "text of at most 32768 characters")


class BuiltEnvironment(Section):
    """An environment that Azure ML builds."""

    image: Annotated[str, matching(_IMAGE, "a container image with its tag")]
    """Container image, with its tag."""

    conda_file: Annotated[
        str,
        _readable("a conda file of this project, such as samples/heart/conda.yml", read_conda_file),
    ]
    """Conda file of this project: what is installed over the image."""


class ModelDeployment(Section):
    """A deployment of a model."""

    name: DeploymentName
    """Name of the deployment."""

    model: Annotated[str, AfterValidator(_model)] = "samples/digits/model"
    """Folder of this project to upload as the model, or the full id of a registered one."""

    model_type: Literal["custom_model", "mlflow_model"] = "custom_model"
    """custom_model, which scoring_code scores with, or mlflow_model, for which Azure makes script
    and environment itself."""

    scoring_code: Annotated[str, AfterValidator(_folder)] = "samples/digits/code"
    """Folder of this project with the scoring script."""

    scoring_script: Annotated[
        str,
        matching(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\.py", "a Python file directly in scoring_code"),
    ] = "score.py"
    """Script in that folder, with init() and run(mini_batch)."""

    environment: Annotated[
        Annotated[str, AfterValidator(_environment), Tag("[text]")]
        | Annotated[BuiltEnvironment, Tag("[object]")],
        Discriminator(lambda told: "[object]" if isinstance(told, dict | Section) else "[text]"),
    ] = "mcr.microsoft.com/azureml/curated/sklearn-1.5:49"
    """Container image that the script runs in, the full id of a registered environment, or an
    object: image, and conda_file, a file of this project with the packages that are installed over
    it."""

    environment_variables: Annotated[
        dict[Annotated[str, _VARIABLE], Annotated[str, _VALUE]],
        Field(examples=[{"OMP_NUM_THREADS": "1"}]),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Environment variables of the scoring script, names and text values. No place for secrets:
    whoever may read the deployment reads them."""

    instance_count: Annotated[int, between(1, MOST_NODES)] = 1
    """Nodes of one job."""

    mini_batch_size: Annotated[int, between(1, INT32, "files")] = 10
    """Files handed to one call of run."""

    max_concurrency_per_instance: Annotated[int, between(1, INT32)] = 1
    """Calls of run at a time on one node."""

    error_threshold: Annotated[int, between(-1, INT32, "files, -1 for never")] = -1
    """Failed files after which a job fails; -1 for never."""

    mini_batch_retries: Annotated[int, between(0, INT32)] = 3
    """How often a failed mini batch is tried again."""

    mini_batch_timeout_seconds: Annotated[int, between(1, INT32, "seconds")] = 30
    """Seconds that one call of run may take."""

    output_action: Literal["append_row", "summary_only"] = "append_row"
    """append_row writes what run returns to output_file_name; summary_only does not."""

    output_file_name: Annotated[
        str, matching(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", "a file name without folder")
    ] = "predictions.csv"
    """Name of the predictions file."""

    @property
    def is_mlflow(self) -> bool:
        """Whether Azure makes script and environment itself; ours are unused then."""
        return self.model_type == "mlflow_model"

    @property
    def environment_id(self) -> str | None:
        """The registered environment, if it is one."""
        told = self.environment
        return told if isinstance(told, str) and is_asset_id(told) else None

    @property
    def image(self) -> str | None:
        """The image of an environment that is not registered yet."""
        told = self.environment
        if isinstance(told, BuiltEnvironment):
            return told.image
        return None if is_asset_id(told) else told

    @property
    def conda_path(self) -> Path | None:
        """What is installed over the image, if anything is."""
        told = self.environment
        return PROJECT / told.conda_file if isinstance(told, BuiltEnvironment) else None

    @property
    def appends_rows(self) -> bool:
        """Whether its jobs write what run returns to a file."""
        return self.output_action == "append_row"

    def misfits(self) -> Iterator[Misfit]:
        """The script is there, or what MLflow runs."""
        if self.is_mlflow and not self._is_saved_by_mlflow():
            yield Misfit(
                "model",
                "a folder that MLflow has saved, with MLmodel directly in it",
                "samples/heart/model",
            )
        if self.is_mlflow and not self.appends_rows:
            accepted = "append_row: the script that Azure makes for MLflow writes rows alone"
            yield Misfit("output_action", accepted, "append_row")
        if not self.is_mlflow and not (PROJECT / self.scoring_code / self.scoring_script).is_file():
            yield Misfit("scoring_script", f"a Python file that is in {self.scoring_code}")

    def _is_saved_by_mlflow(self) -> bool:
        return is_asset_id(self.model) or (PROJECT / self.model / "MLmodel").is_file()


class PipelineDeployment(Section):
    """A deployment of a pipeline component."""

    told_by = "pipeline"

    name: DeploymentName
    """Name of the deployment."""

    pipeline: Annotated[
        str,
        _readable(
            "the YAML file of a pipeline component, such as samples/diamonds/pipeline.yml",
            read_pipeline,
        ),
    ]
    """YAML file of the pipeline component, in this project."""

    continue_on_step_failure: bool = False
    """Whether steps run that need nothing of one that failed."""


Deployment = Annotated[ModelDeployment | PipelineDeployment, FORMS]

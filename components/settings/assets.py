"""Checks of what a deployment is made of: a folder of this project, or something registered.

The only checks that look at the file system: a folder to upload has to be there. What is inside
of a model's folder is the scoring script's affair.
"""

from __future__ import annotations

import re
from pathlib import Path

from components.azure.content import what_is_wrong
from components.settings.checks import GUID
from components.settings.problems import Refusal

PROJECT = Path(__file__).parents[2]
"""The folder that folders of the configuration are relative to."""

_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*"
_IMAGE = re.compile(
    r"(?:[a-z0-9.-]+(?::[0-9]{1,5})?/)?[a-z0-9._-]+(?:/[a-z0-9._-]+)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)


def is_asset_id(value: str) -> bool:
    """Whether a value is meant as the id of something registered."""
    return value.startswith(("/subscriptions/", "azureml:"))


def model(value: str) -> list[Refusal]:
    """A folder to upload, or the id of a registered model."""
    return _asset_id("models", value) if is_asset_id(value) else folder(value)


def environment(value: str) -> list[Refusal]:
    """A container image, or the id of a registered environment."""
    if is_asset_id(value):
        return _asset_id("environments", value)
    accepted = "a container image with its tag, or the id of a registered environment"
    return [] if _IMAGE.fullmatch(value) and ":" in value else [Refusal(accepted)]


def folder(value: str) -> list[Refusal]:
    """A folder of this project that has something in it."""
    accepted = "a folder of this project with files in it, such as samples/digits/model"
    path = Path(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value:
        return [Refusal(f"{accepted}, relative to Pulumi.yaml, with slashes and no '..'")]
    wrong = what_is_wrong(PROJECT / path)
    return [Refusal(f"{accepted}; {wrong}")] if wrong else []


def pipeline(value: str) -> list[Refusal]:
    """The file of a pipeline component, all of whose steps can be read."""
    accepted = "the YAML file of a pipeline component, such as samples/diamonds/pipeline.yml"
    path = Path(value)
    if path.is_absolute() or ".." in path.parts or "\\" in value or "\0" in value:
        return [Refusal(f"{accepted}, relative to Pulumi.yaml, with slashes and no '..'")]
    from components.machine_learning.pipeline_components.files import (  # noqa: PLC0415 - reads YAML, which most stacks don't
        ComponentFileError,
        read_pipeline,
    )

    try:
        read_pipeline(PROJECT / path)
    except ComponentFileError as error:
        return [Refusal(f"{accepted}; {error}")]
    return []


def has_script(folder: str, script: str) -> bool:
    """Whether a folder of this project has a script."""
    return (PROJECT / folder / script).is_file()


def _asset_id(kind: str, value: str) -> list[Refusal]:
    """Full ids only: a deployment's body has no workspace to look a short name up in."""
    workspace = (
        rf"/subscriptions/{GUID}/resourceGroups/[^/]+/providers"
        rf"/Microsoft\.MachineLearningServices/workspaces/[^/]+/{kind}/{_NAME}/versions/{_NAME}"
    )
    registry = rf"azureml://registries/{_NAME}/{kind}/{_NAME}/versions/{_NAME}"
    if re.fullmatch(f"(?i:{workspace})|{registry}", value):
        return []
    accepted = (
        f"/subscriptions/…/workspaces/<workspace>/{kind}/<name>/versions/<version>"
        f" or azureml://registries/<registry>/{kind}/<name>/versions/<version>"
    )
    return [Refusal(accepted)]

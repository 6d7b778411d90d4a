"""Versions of models, code and environments, named by the hash of their content.

Changed content is a new version, and what refers to it moves there; the old one stays, for jobs
that wait (docs/decisions/uploads-without-keys.md). The containers of the versions are left to the
service, which makes one with its first version: another team's may be there.
"""

from pathlib import Path
from typing import NamedTuple, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices
from pulumi_random import RandomString

from components.azure.content import content_hash, text_hash
from components.azure.made_first import made_first
from components.azure.options import also
from components.azure.resource_id import group_of, name_of, parse
from components.machine_learning.publishing import upload_before_create


class AssetStore(TypedDict):
    """Where assets are registered, and where their files lie."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace."""

    artifacts_url: pulumi.Input[str]
    """URL of the container behind `workspaceblobstore`, once publishers may write there."""

    login_host: str
    """Host that issues the tokens of uploads."""


class Content(NamedTuple):
    """What an environment consists of."""

    image: str
    """Container image."""

    conda_file: str
    """Text of the conda file; empty for none."""


class Version(NamedTuple):
    """What a content is registered as."""

    logical: str
    """Logical name of its resource."""

    name: pulumi.Output[str]
    """Its hash, and an end that makes it new: what a former registration was called Azure may
    refuse, be it there still or deleted."""

    opts: pulumi.ResourceOptions
    """Options of its resource, which stays in the workspace when nothing asks for it any more."""


def new_version(name: str, content: str, opts: pulumi.ResourceOptions) -> Version:
    """The version of a content, another one each time that the content comes back.

    Args:
        name: logical name of the asset.
        content: hash of the content.
        opts: options of the version otherwise.
    """
    logical, kept = made_first(name, content, opts)
    end = RandomString(f"{logical}-version", length=6, special=False, upper=False, opts=opts)
    stays = also(kept, retain_on_delete=True)
    return Version(logical, pulumi.Output.concat(content, "-", end.result), stays)


def register_model(
    name: str,
    model: str,
    folder: Path,
    kind: str,
    store: AssetStore,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.ModelVersion:
    """Uploads and registers a model's folder, as a `custom_model` or an `mlflow_model`."""
    content = content_hash(folder)
    path, version = f"models/{model}/{content}", new_version(name, content, opts)
    return machinelearningservices.ModelVersion(
        version.logical,
        resource_group_name=group_of(store["workspace_id"]),
        workspace_name=name_of(store["workspace_id"]),
        name=model,
        version=version.name,
        properties={
            "model_type": kind,
            "model_uri": pulumi.Output.concat(_datastore(store), "/", path),
        },
        opts=_uploaded(folder, path, store, version.opts),
    )


def register_code(
    name: str, model: str, folder: Path, store: AssetStore, opts: pulumi.ResourceOptions
) -> machinelearningservices.CodeVersion:
    """Uploads and registers the folder of a model's scoring script."""
    content = content_hash(folder)
    path, version = f"code/{model}/{content}", new_version(name, content, opts)
    return machinelearningservices.CodeVersion(
        version.logical,
        resource_group_name=group_of(store["workspace_id"]),
        workspace_name=name_of(store["workspace_id"]),
        name=f"{model}-code",
        version=version.name,
        properties={"code_uri": pulumi.Output.concat(store["artifacts_url"], "/", path)},
        opts=_uploaded(folder, path, store, version.opts),
    )


def register_environment(
    name: str, model: str, content: Content, store: AssetStore, opts: pulumi.ResourceOptions
) -> machinelearningservices.EnvironmentVersion:
    """Registers an image, with what is installed over it, as the environment of a model."""
    properties: machinelearningservices.EnvironmentVersionPropertiesArgsDict = {
        "image": content.image,
        "os_type": "Linux",
    }
    if content.conda_file:
        properties["conda_file"] = content.conda_file
    version = new_version(name, text_hash("\n".join(filter(None, content))), opts)
    return machinelearningservices.EnvironmentVersion(
        version.logical,
        resource_group_name=group_of(store["workspace_id"]),
        workspace_name=name_of(store["workspace_id"]),
        name=f"{model}-environment",
        version=version.name,
        properties=properties,
        opts=version.opts,
    )


def _datastore(store: AssetStore) -> pulumi.Output[str]:
    """The long form of a path, as the documented sample registers models (EX, S004)."""
    # The URL is not in it, but nothing is registered before it can be uploaded there.
    known = pulumi.Output.all(store["workspace_id"], store["artifacts_url"])
    return known.apply(lambda values: _long_form(values[0]))


def _long_form(workspace_id: str) -> str:
    path = parse(workspace_id)
    return (
        f"azureml://subscriptions/{path.subscription_id}/resourcegroups/{path.resource_group}"
        f"/workspaces/{path.names[0]}/datastores/workspaceblobstore/paths"
    )


def _uploaded(
    folder: Path, path: str, store: AssetStore, opts: pulumi.ResourceOptions
) -> pulumi.ResourceOptions:
    url = pulumi.Output.concat(store["artifacts_url"], "/", path)
    hooks = upload_before_create(folder, url, store["login_host"])
    return also(opts, hooks=hooks)

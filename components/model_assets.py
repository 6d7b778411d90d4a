"""What a deployment runs: a model, the code that scores with it, the environment of both.

Code and models are uploaded and registered under the hash of their content: changed content is a
new asset, and the deployment moves to it. A model that a team registers elsewhere is given by its
id. Containers of the versions are left to the service, which makes them with the first version.
"""

from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices

from components import access
from components.content import content_hash, text_hash
from components.publishing import upload_before_create


class PublisherArgs(TypedDict):
    """Somebody who may upload models and code."""

    object_id: str
    """Object id in Entra."""

    type: str
    """User, Group or ServicePrincipal."""


class ModelAssetsArgs(TypedDict):
    """Arguments of ModelAssets."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace that the assets are registered in."""

    artifacts_url: pulumi.Input[str]
    """URL of the container behind `workspaceblobstore`, without a slash at its end."""

    artifacts_container_id: pulumi.Input[str]
    """Resource id of the same container; publishers may write there."""

    publishers: list[PublisherArgs]
    """Who uploads: whoever runs `up`, people and pipelines, must be one of them."""

    login_host: str
    """Host that issues tokens in this cloud."""

    model_name: str
    """Name that the model and its code are registered under."""

    model_path: NotRequired[str | None]
    """Folder of the model, if it is to be uploaded."""

    model_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of a model that is registered already."""

    code_path: str
    """Folder of the scoring script and what it imports."""

    image: NotRequired[str | None]
    """Image to register as the environment."""

    environment_id: NotRequired[pulumi.Input[str] | None]
    """Asset id of an environment that exists already, a curated one for example."""


class ModelAssets(pulumi.ComponentResource):
    """Model version, code version, environment version."""

    model_id: pulumi.Output[str]
    """Asset id of the model."""

    code_id: pulumi.Output[str]
    """Asset id of the code."""

    environment_id: pulumi.Output[str]
    """Asset id of the environment."""

    def __init__(
        self, name: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:ModelAssets", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        place = _Place.of(args["workspace_id"])
        grants = [
            access.may_write_blobs(
                f"{name}-publisher-{publisher['object_id']}",
                access.Principal(publisher["object_id"], publisher["type"]),
                args["artifacts_container_id"],
                child,
            )
            for publisher in args["publishers"]
        ]
        published = pulumi.ResourceOptions(parent=self, depends_on=grants)

        self.model_id = _model(name, place, args, published)
        self.code_id = _code(name, place, args, published)
        self.environment_id = _environment(name, place, args, child)
        self.register_outputs(
            {
                "model_id": self.model_id,
                "code_id": self.code_id,
                "environment_id": self.environment_id,
            }
        )


class _Place(NamedTuple):
    """The workspace, taken apart."""

    resource_group_name: pulumi.Output[str]
    workspace_name: pulumi.Output[str]
    datastore: pulumi.Output[str]

    @classmethod
    def of(cls, workspace_id: pulumi.Input[str]) -> "_Place":
        path = pulumi.Output.from_input(workspace_id).apply(lambda text: text.split("/"))
        return cls(path[4], path[8], path.apply(_datastore))


def _datastore(path: list[str]) -> str:
    """The long form, which the service takes without a workspace of its own (S004)."""
    return (
        f"azureml://subscriptions/{path[2]}/resourcegroups/{path[4]}/workspaces/{path[8]}"
        "/datastores/workspaceblobstore/paths"
    )


def _model(
    name: str, place: _Place, args: ModelAssetsArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    folder, given = args.get("model_path"), args.get("model_id")
    if given is not None:
        return pulumi.Output.from_input(given)
    if folder is None:
        raise ValueError("A model is given by `model_path` or by `model_id`; neither is there")
    version = content_hash(Path(folder))
    path = f"models/{args['model_name']}/{version}"
    return machinelearningservices.ModelVersion(
        f"{name}-model",
        resource_group_name=place.resource_group_name,
        workspace_name=place.workspace_name,
        name=args["model_name"],
        version=version,
        properties={
            "model_type": "custom_model",
            "model_uri": pulumi.Output.concat(place.datastore, "/", path),
        },
        opts=_uploaded(folder, path, args, opts),
    ).id


def _code(
    name: str, place: _Place, args: ModelAssetsArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    folder = args["code_path"]
    version = content_hash(Path(folder))
    path = f"code/{args['model_name']}/{version}"
    return machinelearningservices.CodeVersion(
        f"{name}-code",
        resource_group_name=place.resource_group_name,
        workspace_name=place.workspace_name,
        name=f"{args['model_name']}-code",
        version=version,
        properties={"code_uri": pulumi.Output.concat(args["artifacts_url"], "/", path)},
        opts=_uploaded(folder, path, args, opts),
    ).id


def _environment(
    name: str, place: _Place, args: ModelAssetsArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    image, given = args.get("image"), args.get("environment_id")
    if given is not None:
        return pulumi.Output.from_input(given)
    if image is None:
        raise ValueError("An environment is given by `image` or `environment_id`; neither is there")
    return machinelearningservices.EnvironmentVersion(
        f"{name}-environment",
        resource_group_name=place.resource_group_name,
        workspace_name=place.workspace_name,
        name=f"{args['model_name']}-environment",
        version=text_hash(image),
        properties={"image": image, "os_type": "Linux"},
        opts=opts,
    ).id


def _uploaded(
    folder: str, path: str, args: ModelAssetsArgs, opts: pulumi.ResourceOptions
) -> pulumi.ResourceOptions:
    url = pulumi.Output.concat(args["artifacts_url"], "/", path)
    hooks = upload_before_create(Path(folder), url, args["login_host"])
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=hooks))

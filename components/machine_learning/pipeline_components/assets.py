"""What a pipeline deployment runs: the pipeline's component, and those of its steps.

Everything is read from files of the project, as `az ml component create` takes them, and registered
under the hash of its content.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pulumi
from pulumi_azure_native import machinelearningservices

from components.azure.component import Component, Options
from components.azure.content import content_hash, text_hash
from components.azure.resource_id import group_of, name_of
from components.machine_learning.asset_versions import (
    AssetStore,
    Content,
    new_version,
    register_code,
    register_environment,
)
from components.machine_learning.pipeline_components.files import (
    CommandFile,
    PipelineFile,
    command_spec,
    pipeline_spec,
    read_pipeline,
)


class PipelineAssetsArgs(AssetStore):
    """Arguments of PipelineAssets."""

    component_name: str
    """Name that the pipeline is registered under; those of its steps follow it."""

    pipeline_path: str
    """File of the pipeline's component."""


class _Registered(NamedTuple):
    id: pulumi.Output[str]
    version: str


class PipelineAssets(Component):
    """Component versions of a pipeline and its steps, with their code and environments."""

    component_id: pulumi.Output[str]
    """Asset id of the pipeline's component."""

    def __init__(self, name: str, args: PipelineAssetsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        pipeline = read_pipeline(Path(args["pipeline_path"]))
        steps = {
            step: _command(
                f"{name}-{step}", f"{args['component_name']}_{step}", file, args, self.child
            )
            for step, file in pipeline.steps.items()
        }
        self.component_id = _pipeline(
            name, args["component_name"], pipeline, steps, args, self.child
        )
        self.register_outputs({"component_id": self.component_id})


def _command(
    name: str,
    component: str,
    file: CommandFile,
    store: AssetStore,
    opts: pulumi.ResourceOptions,
) -> _Registered:
    environment_id = _environment_id(file.environment_id or "", store)
    content = Content(file.image or "", file.conda_file)
    if file.image:
        environment_id = register_environment(
            f"{name}-environment", component, content, store, opts
        ).id
    code_id: pulumi.Input[str] | None = None
    if file.code:
        code_id = register_code(f"{name}-code", component, file.code, store, opts).id
    environment = "\n".join(filter(None, content)) or file.environment_id or ""
    code = content_hash(file.code) if file.code else None
    version = text_hash(json.dumps(command_spec(file, environment, code)))
    spec = pulumi.Output.all(environment_id, code_id).apply(
        lambda ids: command_spec(file, ids[0], ids[1])
    )
    return _Registered(_register(name, component, version, spec, store, opts), version)


def _environment_id(reference: str, store: AssetStore) -> pulumi.Input[str]:
    """The id of a registered environment, whose short form is one of the workspace."""
    short = re.fullmatch(r"azureml:([^/:]+):([^/:]+)", reference)
    if short is None:
        return reference
    return pulumi.Output.concat(
        store["workspace_id"], f"/environments/{short[1]}/versions/{short[2]}"
    )


def _pipeline(
    name: str,
    component: str,
    pipeline: PipelineFile,
    steps: dict[str, _Registered],
    store: AssetStore,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    versions = {step: registered.version for step, registered in steps.items()}
    version = text_hash(json.dumps(pipeline_spec(pipeline, versions)))
    ids = pulumi.Output.all(**{step: registered.id for step, registered in steps.items()})
    spec = ids.apply(lambda found: pipeline_spec(pipeline, found))
    return _register(f"{name}-pipeline", component, version, spec, store, opts)


def _register(
    name: str,
    component: str,
    content: str,
    spec: pulumi.Output[dict[str, object]],
    store: AssetStore,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    registered = new_version(name, content, opts)
    return machinelearningservices.ComponentVersion(
        registered.logical,
        resource_group_name=group_of(store["workspace_id"]),
        workspace_name=name_of(store["workspace_id"]),
        name=component,
        version=registered.name,
        # The names of the file are its author's; the registered ones stand in the id.
        properties={
            "component_spec": pulumi.Output.all(spec, registered.name).apply(
                lambda told: {**told[0], "name": component, "version": told[1]}
            )
        },
        opts=registered.opts,
    ).id

"""What a data factory holds: pipelines, datasets and linked services, each under its own name.

Data Factory refers to them by name, so they keep the names that their files have.

Annotations name the SDK's Data Factory in quotes: it loads when it is first touched, and takes a
third of a second, which a stack without a factory need not spend.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import datafactory

from components.azure.resource_id import group_of
from components.azure.templates import load
from components.data_factory import pipelines


class FactoryArgs(TypedDict):
    """A factory that BatchPipelineFactory made, for pipelines that call Score-Folder."""

    factory_id: pulumi.Input[str]
    """Resource id of the data factory."""

    factory_name: pulumi.Input[str]
    """Its name, known once Score-Folder exists."""

    factory_principal_id: pulumi.Input[str]
    """Object id of its identity."""

    runtime_name: NotRequired[str | None]
    """Integration runtime in its managed network, for what calls or copies; without it Azure's."""


class FactoryPlace(NamedTuple):
    """Where a factory is."""

    resource_group_name: pulumi.Input[str]
    """Its resource group."""

    factory_name: pulumi.Input[str]
    """Its name."""

    goes_with: pulumi.Resource | None = None
    """What deletes all that is in it, of a factory that the stack deletes. A started trigger can't
    be deleted by itself, nor can what it runs; `destroy` runs no program that would stop it."""

    runtime_name: str | None = None
    """Integration runtime that calls and copies, in a private stack."""

    needed: tuple[pulumi.Resource, ...] = ()
    """What has to exist before anything calls from that runtime."""

    def inside(self, opts: pulumi.ResourceOptions) -> dict[str, Any]:
        """Arguments of something in the factory; what moves to another one is made there first.

        Azure refuses to delete what others refer to, and would be asked for one by one.
        """
        own = pulumi.ResourceOptions(
            deleted_with=self.goes_with, delete_before_replace=False, depends_on=[*self.needed]
        )
        return {
            "resource_group_name": self.resource_group_name,
            "factory_name": self.factory_name,
            "opts": pulumi.ResourceOptions.merge(own, opts),
        }


def place_of(args: FactoryArgs, goes_with: pulumi.Resource | None = None) -> FactoryPlace:
    """The place of a factory that BatchPipelineFactory made."""
    group, runtime = group_of(args["factory_id"]), args.get("runtime_name")
    return FactoryPlace(group, args["factory_name"], goes_with, runtime)


def pipeline(
    name: str,
    template: str,
    values: Mapping[str, Any],
    place: FactoryPlace,
    opts: pulumi.ResourceOptions,
) -> "datafactory.Pipeline":
    """The pipeline of a file, with values for some of its parameters as their defaults."""
    connected = pipelines.connected(pipelines.properties(template), place.runtime_name)
    definition = pipelines.with_defaults(connected, values)
    return datafactory.Pipeline(
        name,
        pipeline_name=load(template, pipelines.PIPELINES)["name"],
        description=definition["description"],
        activities=definition["activities"],
        parameters=definition["parameters"],
        variables=definition.get("variables"),
        annotations=definition["annotations"],
        **place.inside(opts),
    )


def dataset(
    name: str, template: str, place: FactoryPlace, opts: pulumi.ResourceOptions
) -> "datafactory.Dataset":
    """The dataset of a file, whose name is the file's."""
    properties: Any = pipelines.properties(template, pipelines.DATASETS)
    return datafactory.Dataset(
        name,
        dataset_name=template,
        properties=properties,
        **place.inside(opts),
    )

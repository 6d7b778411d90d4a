"""What stacks have under another type of resource."""

from unittest import mock

import pulumi
from pulumi_azure_native import resources

from components.azure.aliases import forget_versioned_types
from components.azure.component import Component
from tests.unit.engine import deploy


def _aliases_of_a_group(*own: pulumi.Alias) -> int:
    counted: list[int] = []

    def program() -> None:
        forget_versioned_types()
        opts = pulumi.ResourceOptions(aliases=[*own])
        counted.append(len(resources.ResourceGroup("group", opts=opts)._aliases))

    deploy(program)
    return counted[0]


def test_no_urn_is_computed_for_the_versions_of_a_type() -> None:
    assert _aliases_of_a_group() == 0


def test_an_alias_of_the_programs_own_stays() -> None:
    assert _aliases_of_a_group(pulumi.Alias(name="former")) == 1


def test_an_adopting_component_is_found_under_the_type_that_it_had() -> None:
    class Adopting(Component):
        formerly = "InputStorage"

    with mock.patch.object(pulumi.ComponentResource, "__init__") as made:
        Adopting("inputs", pulumi.ResourceOptions(protect=True))

    kind, *_, opts = made.call_args.args
    assert (kind, opts.protect) == ("azureml-batch-events:index:Adopting", True)
    assert [each.type_ for each in opts.aliases] == ["azureml-batch-events:index:InputStorage"]

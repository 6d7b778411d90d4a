"""What the SDK does in each run that nobody needs, and what stacks have under another type."""

import asyncio
from unittest import mock

import pulumi
import pytest
from pulumi_azure_native import resources

from components.azure.component import Component
from components.azure.detours import take_no_detours
from tests.unit.engine import deploy
from tests.unit.program import run_anew
from tests.unit.sample_settings import SETTINGS


def _aliases_of_a_group(*own: pulumi.Alias) -> int:
    counted: list[int] = []

    def program() -> None:
        take_no_detours()
        opts = pulumi.ResourceOptions(aliases=[*own])
        counted.append(len(resources.ResourceGroup("group", opts=opts)._aliases))

    deploy(program)
    return counted[0]


def test_no_urn_is_computed_for_the_versions_of_a_type() -> None:
    assert _aliases_of_a_group() == 0


def test_an_alias_of_the_programs_own_stays() -> None:
    assert _aliases_of_a_group(pulumi.Alias(name="former")) == 1


@pytest.mark.parametrize(("variables", "sent"), [({}, 0), ({"PULUMI_OPTION_DEBUG": "true"}, 1)])
def test_lines_for_debugging_are_sent_where_they_are_asked_for(
    variables: dict[str, str], sent: int
) -> None:
    def program() -> None:
        with mock.patch("pulumi.log.debug") as told, mock.patch.dict("os.environ", variables):
            take_no_detours()
            pulumi.log.debug("registering resource")
        counted.append(told.call_count)

    counted: list[int] = []
    deploy(program)
    assert counted == [sent]


def test_the_program_has_its_resources_begin_before_the_sdk_waits_for_them() -> None:
    with mock.patch("asyncio.wait", side_effect=asyncio.wait) as waited:
        run_anew(SETTINGS)

    looks = sum(len(each.args[0]) for each in waited.call_args_list)
    assert looks < 1000, "it looks at all that is under way each time that some of it is done"


def test_an_adopting_component_is_found_under_the_type_that_it_had() -> None:
    class Adopting(Component):
        formerly = "InputStorage"

    with mock.patch.object(pulumi.ComponentResource, "__init__") as made:
        Adopting("inputs", pulumi.ResourceOptions(protect=True))

    kind, *_, opts = made.call_args.args
    assert (kind, opts.protect) == ("azureml-batch-events:index:Adopting", True)
    assert [each.type_ for each in opts.aliases] == ["azureml-batch-events:index:InputStorage"]

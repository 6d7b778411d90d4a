"""What is told to be in another region is made anew there."""

from unittest import mock

import pulumi
import pytest
from pulumi_azure_native import managedidentity, storage

from components.azure import unique_name
from components.azure.component import Component
from components.azure.placement import PlacementArgs
from tests.unit.engine import deploy
from tests.unit.program import run
from tests.unit.sample_event_settings import EVENTS
from tests.unit.sample_settings import changed


class Place(Component):
    """What anybody's program may have of the package."""

    def __init__(self) -> None:
        super().__init__("place", None)
        managedidentity.UserAssignedIdentity(
            "who", resource_group_name="rg", location="x", opts=self.child
        )
        storage.BlobContainer("files", resource_group_name="rg", account_name="a", opts=self.child)


def test_what_a_component_has_in_a_region_is_replaced_by_one_in_another() -> None:
    deployed = deploy(Place)

    assert deployed.named("who").replaced_for == ("location",)
    assert deployed.named("files").replaced_for == ()


def test_all_that_a_stack_has_in_a_region_is_replaced_by_what_is_in_another() -> None:
    stays = [
        each.name
        for each in run(changed(**EVENTS)).resources
        if "location" in each.inputs and not each.read_id and "location" not in each.replaced_for
    ]
    assert stays == []


def test_what_has_the_same_name_elsewhere_goes_before_the_other_comes() -> None:
    made = run(changed({"monitoring.logs": True, "monitoring.workbook": True})).resources

    first = {each.name for each in made if each.deleted_first}
    assert first == {"cluster-compute-batch-cluster", "ml-inputs", "monitoring-workbook"}


def test_what_keeps_its_name_for_long_has_another_one_in_each_region() -> None:
    made = run(changed({"location": "northeurope"})).all("RandomString")

    there = {each.name for each in made if "northeurope" in each.name}
    of_accounts = {"inputs-account", "inputs-dead-letters-account", "ml-storage"}
    assert there == {
        f"{each}-northeurope-name" for each in {"ml-registry", "ml-vault", *of_accounts}
    }


@pytest.mark.parametrize(
    ("group", "region"), [("my-rg", "westeurope"), ("My-RG", "West Europe")], ids=["plain", "told"]
)
def test_a_name_of_before_is_kept_however_its_place_is_written(group: str, region: str) -> None:
    place: PlacementArgs = {"resource_group_name": group, "location": region}
    with mock.patch.object(unique_name, "unique_name") as named:
        unique_name.unique_name_there("vault", "kv", place, pulumi.ResourceOptions())

    name, _, opts = named.call_args.args
    assert (name, [each.name for each in opts.aliases]) == (
        "vault-my-rg-westeurope",
        ["vault-name"],
    )

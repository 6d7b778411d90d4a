"""What is told to be in another region is made anew there."""

from pulumi_azure_native import managedidentity, storage

from components.azure.component import Component
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

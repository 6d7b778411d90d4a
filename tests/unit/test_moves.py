"""What is told to be in another region is made anew there."""

from pulumi_azure_native import managedidentity, storage

from components.azure.moves import make_anew_elsewhere
from tests.unit.engine import deploy


def test_what_is_in_a_region_is_replaced_by_one_in_another() -> None:
    def program() -> None:
        make_anew_elsewhere()
        managedidentity.UserAssignedIdentity("who", resource_group_name="rg", location="x")
        storage.BlobContainer("files", resource_group_name="rg", account_name="acct")

    deployed = deploy(program)

    assert deployed.named("who").replaced_for == ("location",)
    assert deployed.named("files").replaced_for == ()

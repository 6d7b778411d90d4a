"""A private stack whose Logic App is a Standard site in its network: from a file to predictions."""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.storage.blob import ContainerClient

from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.private_network.test_private_network import OUTSIDE
from tests.stack.shell import CONFIRMED, digits_in, sample

pytestmark = pytest.mark.long


private = brought_up(
    network={"private": True, "allowed_addresses": [OUTSIDE]}, workflows={"plan": "standard"}
)


def test_a_file_is_scored_by_way_of_the_site(private: Deployed) -> None:
    job = private.job_of("incoming/seven.pgm", sample(7))

    assert digits_in(private.predictions(job["name"])) == [("seven.pgm", 7)]
    assert "Microsoft.Web/sites" in private.outputs["workflow_id"]


def test_a_second_up_changes_nothing(private: Deployed) -> None:
    private.changes_nothing("up")


def test_whoever_may_drop_files_does_not_reach_the_site_s_account(private: Deployed) -> None:
    accounts = private.resources("Microsoft.Storage/storageAccounts")
    [account] = [each.name for each in accounts if each.name.startswith("stonblob")]

    host = f"https://{account}.blob.core.windows.net"
    with (
        private.shell(),
        EnvironmentCredential() as credential,
        ContainerClient(host, "azure-webjobs-hosts", credential=credential) as container,
        pytest.raises(HttpResponseError) as refused,
    ):
        container.get_container_properties()

    assert "ErrorCode:AuthorizationFailure" in str(refused.value)


def test_destroyed_it_leaves_its_subnet_and_nothing_behind(private: Deployed) -> None:
    private.succeeds("destroy", *CONFIRMED)

    assert private.everything() == []

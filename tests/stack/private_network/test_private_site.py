"""A private stack whose Logic App is a Standard site in its network: from a file to predictions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.storage.blob import ContainerClient

from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.shell import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTSIDE = "203.0.113.10"
"""The address that whoever is in no network has on the embedded Azure."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack, up."""
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.configure(
            {
                "network": {"private": True, "allowed_addresses": [OUTSIDE]},
                "workflows": {"plan": "standard"},
            }
        )
        stack.up()
        yield stack


def test_a_file_is_scored_by_way_of_the_site(private: Deployed) -> None:
    urls = private.drop("incoming/seven.pgm", content=sample(7))

    [job] = private.await_jobs(urls)

    assert job["status"] == "Completed"
    [predicted] = private.predictions(job["name"]).splitlines()
    assert (json.loads(predicted)["file"], json.loads(predicted)["digit"]) == ("seven.pgm", 7)
    assert "Microsoft.Web/sites" in private.outputs["workflow_id"]


def test_a_second_up_changes_nothing(private: Deployed) -> None:
    assert "unchanged" in private.up("--expect-no-changes")


def test_whoever_may_drop_files_does_not_reach_the_site_s_account(private: Deployed) -> None:
    azure = private.running.azure
    accounts = private.running.call(azure.resources.select, "Microsoft.Storage/storageAccounts")
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
    done = private.pulumi("destroy", "--yes", "--skip-preview")

    assert done.returncode == 0, done.stdout + done.stderr
    assert private.everything() == []

"""The dev stack with its Logic App in a Standard plan: brought up, used, changed and taken away."""

import json
from collections.abc import Iterator

import pytest

from tests import PROJECT
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_client import Client, client

__all__ = ["client"]

pytestmark = pytest.mark.long

OUTSIDE = "203.0.113.10/32"
"""Where callers are seen from."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.configure({"workflows": {"plan": "standard", "allowed_caller_ip_ranges": [OUTSIDE]}})
        stack.up()
        yield stack


@pytest.fixture(scope="module")
def digit() -> bytes:
    return (PROJECT / "samples" / "digits" / "inputs" / "digit-7.pgm").read_bytes()


def test_a_file_is_scored_by_way_of_the_site(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    urls = deployed.drop("incoming/seven.pgm", content=digit)
    [job] = deployed.await_jobs(urls)

    told = client("why", urls[0])

    assert job["status"] == "Completed"
    assert told["why"] == f"The job {job['name']} is Completed."
    assert [each["kind"] for each in told["spans"] if each["kind"] == "workflow run"]
    assert "Microsoft.Web/sites" in deployed.outputs["workflow_id"]


def test_verify_proves_it(client: Client) -> None:
    told = client("verify")

    assert (told["exit"], told["steps"][-2]["part"]) == (0, "the predictions")


def test_no_secret_lies_in_the_state_or_in_a_file(deployed: Deployed) -> None:
    state = deployed.pulumi("stack", "export").stdout
    azure = deployed.running.azure
    [site] = deployed.running.call(azure.resources.select, "Microsoft.Web/sites")
    settings = {each["name"]: each["value"] for each in site.body["siteConfig"]["appSettings"]}
    secrets = [settings["client_secret"], settings["AzureWebJobsStorage"].split(";")[2]]
    [workflow] = deployed.running.call(azure.resources.select, "Microsoft.Web/sites/workflows")

    found = [each in state + json.dumps(workflow.body) for each in secrets]

    assert found == [False, False]


def test_a_second_up_changes_nothing(deployed: Deployed) -> None:
    assert "unchanged" in deployed.up("--expect-no-changes")


def test_another_value_is_written_into_the_site_s_files(deployed: Deployed) -> None:
    deployed.configure({"blob_events": {"payload": "plain"}})
    deployed.up()

    azure = deployed.running.azure
    [workflow] = deployed.running.call(azure.resources.select, "Microsoft.Web/sites/workflows")

    assert workflow.body["parameters"]["plain_payload"] == {"type": "Bool", "value": True}


def test_destroy_leaves_nothing(deployed: Deployed) -> None:
    done = deployed.pulumi("destroy", "--yes", "--skip-preview")

    left = deployed.running.call(deployed.running.azure.state.rows, "SELECT id FROM resources")
    assert (done.returncode, [row["id"] for row in left]) == (0, [])

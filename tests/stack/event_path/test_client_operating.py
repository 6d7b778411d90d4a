"""Jobs that an event or somebody else started: found, explained, cancelled."""

import pytest

from batch_client.errors import Exit
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import SEVEN


@pytest.fixture
def missing(deployed: Deployed) -> str:
    """URL of a file that is not there."""
    return str(deployed.outputs["input_url"]).replace("/incoming/", "/elsewhere/missing.pgm")


@pytest.fixture
def failing(client: Client, missing: str) -> str:
    """The name of a job on it, just started."""
    return client.invoked(missing, "--type", "UriFile")


def test_the_job_of_a_file_is_found_by_file_and_by_event(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    job = deployed.job_of("incoming/found.pgm", digit)
    url, event = job["input"], job["request_id"]
    asked = {
        "path": ("--file", "incoming/found.pgm"),
        "event": ("--event", event),
        "other state": ("--file", url, "--state", "failed"),
        "newest": ("--state", "completed", "--limit", "1"),
    }

    found = {each: client.operator("jobs", *by)["jobs"] for each, by in asked.items()}

    names = {each: [one["name"] for one in jobs] for each, jobs in found.items()}
    mine = [job["name"]]
    assert names == {"path": mine, "event": mine, "other state": [], "newest": mine}


def test_a_job_that_failed_says_why(client: Client, failing: str) -> None:
    client("follow", failing)

    told = client.operator("why", failing)

    assert told["job"]["status"] == "Failed"
    assert "missing.pgm" in told["reasons"][0]["said"]


def test_a_job_is_followed_by_its_logs_to_its_end_and_tells_how_far_it_is(client: Client) -> None:
    job = client.invoked(SEVEN)

    told = client.operator("logs", job, "--follow")
    (step,) = client.operator("progress", job)["steps"]

    assert (told["job"]["status"], told["exit"]) == ("Completed", Exit.DONE)
    assert "Completed\nfiles: 1, failed: 0" in told["logs"]["job_progress_overview.txt"]
    assert (step["done"], step["of"]) == (1, 1)


def test_logs_of_another_name_are_none(client: Client) -> None:
    assert client.operator("logs", client.invoked(SEVEN), "--file", "stderr")["logs"] == {}


def test_a_job_that_fails_is_followed_by_its_logs_and_has_no_step_to_tell_of(
    client: Client, failing: str
) -> None:
    assert client.operator("logs", failing, "--follow")["exit"] == Exit.FAILED
    assert client.operator("progress", failing)["steps"] == []


def test_a_running_job_is_cancelled_and_an_ended_one_is_not(
    deployed: Deployed, client: Client, missing: str
) -> None:
    deployed.disturb(missing.split("/")[2], path="*missing.pgm", delay=60, times=9)
    job = client.invoked(missing, "--type", "UriFile")

    assert client.operator("cancel", job)["job"]["status"] == "Canceled"
    assert "Canceled already" in client.operator("cancel", job)["error"]
    deployed.calm()

"""Jobs that an event or somebody else started: found, explained, cancelled."""

import pytest

from batch_client.errors import Exit
from local_azure.control_plane.faults import Fault
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client import SEVEN


@pytest.fixture
def missing(deployed: Deployed) -> str:
    """URL of a file that is not there."""
    outputs = deployed.outputs
    account, container = outputs["storage_account_name"], outputs["input_container"]
    return f"https://{account}.blob.core.windows.net/{container}/elsewhere/missing.pgm"


def names(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [job["name"] for job in told["jobs"]]


def test_the_job_of_a_file_is_found_by_file_and_by_event(
    deployed: Deployed, client: Client
) -> None:
    (uploaded,) = client("upload", str(SEVEN), "--watched")["uploads"]
    [job] = deployed.await_jobs([uploaded["url"]])
    path = uploaded["url"].partition(f"/{deployed.outputs['input_container']}/")[2]

    assert names(client.operator("jobs", "--file", path)) == [job["name"]]
    assert names(client.operator("jobs", "--event", job["request_id"])) == [job["name"]]
    assert names(client.operator("jobs", "--file", uploaded["url"], "--state", "failed")) == []
    assert len(names(client.operator("jobs", "--state", "completed", "--limit", "1"))) == 1


def test_a_job_that_failed_says_why(client: Client, missing: str) -> None:
    job = client("invoke", missing, "--type", "UriFile")["job"]["name"]
    client("follow", job)

    told = client.operator("why", job)

    assert told["job"]["status"] == "Failed"
    assert "missing.pgm" in told["reasons"][0]["said"]


def test_a_job_is_followed_by_its_logs_to_its_end_and_tells_how_far_it_is(
    client: Client, missing: str
) -> None:
    job = client("invoke", str(SEVEN))["job"]["name"]

    told = client.operator("logs", job, "--follow")
    progress = client.operator("progress", job)

    assert (told["job"]["status"], told["exit"]) == ("Completed", Exit.DONE)
    assert "Completed\nfiles: 1, failed: 0" in told["logs"]["job_progress_overview.txt"]
    assert client.operator("logs", job, "--file", "stderr")["logs"] == {}
    assert [(each["done"], each["of"]) for each in progress["steps"]] == [(1, 1)]
    failed = client("invoke", missing, "--type", "UriFile")["job"]["name"]
    assert client.operator("logs", failed, "--follow")["exit"] == Exit.FAILED
    assert client.operator("progress", failed)["steps"] == []


def test_a_running_job_is_cancelled_and_an_ended_one_is_not(
    deployed: Deployed, client: Client, missing: str
) -> None:
    host = missing.split("/")[2]
    slow = Fault(host, path="*missing.pgm", delay=60, times=9)
    deployed.running.call(deployed.running.azure.faults.add, slow)
    job = client("invoke", missing, "--type", "UriFile")["job"]["name"]

    assert client.operator("cancel", job)["job"]["status"] == "Canceled"
    assert "Canceled already" in client.operator("cancel", job)["error"]
    deployed.running.call(deployed.running.azure.faults.clear)


REFUSED = {
    "workspace": ("jobs", "You may not list the workspace's jobs: "),
    "topic": ("watch", "You may not look at what `up` created: "),
    "inputs": ("watch", "You may not look for files: "),
    "logs": ("logs", "You may not read the logs: "),
    "dead-letters": ("dead-letters list", "You may not read dead letters: "),
}


@pytest.mark.parametrize("lacking", REFUSED)
def test_without_one_of_an_operator_s_rights_a_command_is_refused(
    deployed: Deployed, client: Client, lacking: str
) -> None:
    command, said = REFUSED[lacking]
    rights = dict(deployed.rights_of_operators)
    del rights[lacking]
    if command == "logs":
        command += f" {client('invoke', str(SEVEN))['job']['name']}"
    with deployed.signed_in(rights.values()):
        told = client(command)

    assert told["error"].startswith(said)
    assert "Needed: " in told["error"]

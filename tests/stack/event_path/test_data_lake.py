"""A stack on a team's Data Lake: each file starts one job, once it is whole and in its place."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.identity import EnvironmentCredential
from azure.storage.filedatalake import DataLakeServiceClient, FileSystemClient

from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import digits_in

pytestmark = pytest.mark.long

LAKE = "https://teamlake.dfs.core.windows.net/"


def theirs(stack: Piped) -> dict[str, Any]:
    """The team's account, which was there before."""
    account = stack.account("teamlake", "landing", isHnsEnabled=True)
    return {"storage": {"existing": account, "container": "landing"}}


deployed = brought_up(Piped, theirs, blob_events={"renamed_blobs": True})


@pytest.fixture
def files(deployed: Deployed) -> Iterator[FileSystemClient]:
    """The real client of the team's writers."""
    with (
        deployed.shell(),
        EnvironmentCredential() as credential,
        DataLakeServiceClient(LAKE, credential) as client,
    ):
        yield client.get_file_system_client("landing")


def test_a_file_starts_one_job_when_it_is_closed(
    deployed: Deployed, files: FileSystemClient, digit: bytes
) -> None:
    files.create_directory("incoming/monday")
    file = files.create_file("incoming/monday/seven.pgm")
    file.append_data(digit[:9], 0)
    file.flush_data(9)
    file.append_data(digit[9:], 9)
    file.flush_data(len(digit), close=True)
    files.create_file("incoming/begun.pgm")
    url = f"{LAKE}landing/incoming/monday/seven.pgm"
    (job,) = deployed.await_jobs([url])

    calls = [entry["event"]["data"]["api"] for entry in deployed.history()["events"]]
    assert digits_in(deployed.predictions(job["name"])) == [("seven.pgm", 7)]
    assert sorted(calls) == ["CreateDirectory", "CreateFile", "CreateFile", "FlushWithClose"]
    assert [each["input"] for each in deployed.history()["jobs"]] == [url]


def test_a_file_that_is_moved_into_its_place_starts_one_job(
    deployed: Deployed, files: FileSystemClient, digit: bytes
) -> None:
    files.create_directory("incoming")
    written = files.get_file_client("_temporary/eight.pgm")
    written.create_file()
    written.upload_data(digit, overwrite=True)
    written.rename_file("landing/incoming/eight.pgm")
    (job,) = deployed.await_jobs([f"{LAKE}landing/incoming/eight.pgm"])

    assert job["status"] == "Completed", job["error"]
    assert deployed.jobs_for([f"{LAKE}landing/_temporary/eight.pgm"]) == []


def test_the_client_tries_it_and_leaves_nothing(files: FileSystemClient, client: Client) -> None:
    before = [each.name for each in files.get_paths()]

    assert client.verify()
    assert [each.name for each in files.get_paths()] == before


def test_an_account_in_its_place_has_a_topic_of_its_own(deployed: Deployed, digit: bytes) -> None:
    deployed.configure({"storage": {}, "blob_events": {}})
    deployed.up()
    (job,) = deployed.await_jobs(deployed.drop("incoming/seven.pgm", content=digit))
    assert job["status"] == "Completed", job["error"]

"""What a caller is told, and left with, when a step goes wrong."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from batch_client.blobs import BLOCK
from batch_client.caller import Caller
from batch_client.downloads import download
from batch_client.environment import Environment
from batch_client.errors import Exit
from batch_client.progress import Progress
from batch_client.uploads import upload
from local_azure.control_plane.faults import Fault
from tests import PROJECT
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client import SEVEN
from tests.stack.event_path.test_roles import CALLER, CONTRIBUTOR, without

BLOBS = "blob.core.windows.net"
ENDPOINTS = "inference.ml.azure.com"


def lose(deployed: Deployed, host: str, method: str, what: str, times: int = 1) -> None:
    """Close the next connections instead of taking the request, or of answering it."""
    fault = Fault(f"*.{host}", method, drop=what, times=times)
    deployed.running.call(deployed.running.azure.faults.add, fault)


def lost(deployed: Deployed) -> bool:
    """Whether all of them were."""
    return not deployed.running.azure.faults.pending


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of several blocks."""
    file = tmp_path / "large.bin"
    file.write_bytes(bytes(range(256)) * (3 * BLOCK // 256))
    return file


@contextmanager
def calling(deployed: Deployed) -> Iterator[Caller]:
    """Whoever has the shell's credential."""
    with deployed.shell(), Caller(Environment(deployed.outputs), Progress()) as caller:
        yield caller


def container_of(deployed: Deployed) -> str:
    outputs = deployed.outputs
    return f"https://{outputs['storage_account_name']}.{BLOBS}/{outputs['input_container']}"


def test_a_file_whose_connections_are_lost_arrives_whole(
    deployed: Deployed, large: Path, tmp_path: Path
) -> None:
    lose(deployed, BLOBS, "PUT", "request", times=2)
    lose(deployed, BLOBS, "GET", "answer")

    with calling(deployed) as caller:
        put = upload(caller, large, "lost/")
        (file,) = download(caller, put.place, tmp_path / "back", replace=False)

    assert lost(deployed)
    assert digest(file) == digest(large)


def test_a_job_is_followed_over_lost_connections(deployed: Deployed, client: Client) -> None:
    (uploaded,) = client("upload", str(SEVEN))["uploads"]
    job = client("invoke", uploaded["url"])["job"]["name"]
    lose(deployed, ENDPOINTS, "GET", "answer", times=2)

    told = client("follow", job)

    assert told["job"]["status"] == "Completed"
    assert lost(deployed)


def test_an_invocation_whose_answer_is_lost_starts_one_job(
    deployed: Deployed, client: Client
) -> None:
    (uploaded,) = client("upload", str(SEVEN))["uploads"]
    lose(deployed, ENDPOINTS, "POST", "answer")

    told = client("invoke", uploaded["url"])

    assert lost(deployed)
    assert [job["name"] for job in deployed.jobs_for([uploaded["url"]])] == [told["job"]["name"]]


def test_who_may_not_upload_is_told_the_role(deployed: Deployed, client: Client) -> None:
    with without(deployed, CALLER, CONTRIBUTOR, "/containers/inputs"):
        told = client("upload", str(SEVEN))

    assert told["exit"] == Exit.ERROR
    assert "You may not upload" in told["error"]
    assert "Needed: Storage Blob Data Contributor on the container https://" in told["error"]
    assert "`callers` in the stack file gives it" in told["error"]


@pytest.mark.parametrize(
    ("step", "arguments"),
    [
        ("invoke the endpoint", ("invoke", "https://a.blob.core.windows.net/inputs/a.pgm")),
        ("follow the job", ("download", "some-job")),
    ],
)
def test_who_may_not_use_the_endpoint_is_told_the_role(
    deployed: Deployed, client: Client, step: str, arguments: tuple[str, ...]
) -> None:
    with deployed.signed_in([]):
        told = client(*arguments)

    assert told["exit"] == Exit.ERROR
    assert f"You may not {step}: Microsoft Entra Token denied by policy" in told["error"]
    assert "AzureML Data Scientist on /subscriptions/" in told["error"]
    assert deployed.outputs["workspace_id"] in told["error"]


def test_who_may_not_read_predictions_is_told_the_role(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    job = client("invoke", client("upload", str(SEVEN))["uploads"][0]["url"])["job"]["name"]
    client("follow", job)
    rights = {**deployed.rights_of_callers}
    del rights["read-predictions"]
    with deployed.signed_in(rights.values()):
        told = client("download", job, "--into", str(tmp_path / "none"))

    assert "Needed: Storage Blob Data Reader on the container https://" in told["error"]
    assert "`callers` in the stack file gives it" in told["error"]
    assert not (tmp_path / "none").exists()


def test_nobody_signed_in_is_told_so(
    deployed: Deployed, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(deployed.variables, "AZURE_CLIENT_SECRET", "wrong-secret")

    told = client("upload", str(SEVEN))

    assert "Nobody is signed in" in told["error"]
    assert "wrong-secret" not in str(told) + client.said


class Interrupted(Progress):
    """Ctrl-C after the first bytes, which a test run in the background would not hear."""

    def moved(self, what: str, done: int, total: int) -> None:  # noqa: ARG002 the protocol's
        if done:
            heard = signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                signal.raise_signal(signal.SIGINT)
            finally:
                signal.signal(signal.SIGINT, heard)


def test_an_interrupted_download_leaves_nothing_half_written(
    deployed: Deployed, large: Path, tmp_path: Path
) -> None:
    before = tmp_path / "target" / "large.bin"
    before.parent.mkdir()
    before.write_text("as it was")
    with calling(deployed) as caller:
        put = upload(caller, large, "interrupted/")
        caller.progress = Interrupted()
        with pytest.raises(KeyboardInterrupt):
            download(caller, put.place, before.parent, replace=True)

    assert [path.name for path in before.parent.iterdir()] == ["large.bin"]
    assert before.read_text() == "as it was"


def test_a_failed_job_tells_how_to_read_its_log(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    missing = f"{container_of(deployed)}/nowhere/missing.pgm"

    told = client("score", missing)
    said = client.said
    fetch = ("download", told["job"]["name"], "--logs", "--into", str(tmp_path))
    rights = {**deployed.rights_of_callers}
    del rights["read-logs"]
    with deployed.signed_in(rights.values()):
        refused = client(*fetch)
    logs = client(*fetch)

    assert "Needed: Storage Blob Data Reader on the container https://" in refused["error"]
    assert "/azureml." in refused["error"]
    assert (told["exit"], told["job"]["status"]) == (Exit.FAILED, "Failed")
    assert f"download {told['job']['name']} --logs" in said
    assert any("missing.pgm" in Path(file).read_text() for file in logs["files"])


MEASURED = """
import sys, tracemalloc
from batch_client.cli import main
tracemalloc.start()
assert main(["upload", "--quiet", "--outputs", sys.argv[1], sys.argv[2]]) == 0
print(tracemalloc.get_traced_memory()[1] // 2**20)
"""
"""The most MiB that an upload had in memory; a process of its own has no server beside it."""


@pytest.mark.long
def test_what_is_in_memory_does_not_grow_with_the_file(
    deployed: Deployed, client: Client, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as file:
        file.truncate(12 * BLOCK)

    done = subprocess.run(
        [sys.executable, "-c", MEASURED, client.outputs, huge],
        cwd=PROJECT,
        env={**os.environ, **deployed.variables},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert int(done.stdout.split()[-1]) < 8 * BLOCK // 2**20


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()

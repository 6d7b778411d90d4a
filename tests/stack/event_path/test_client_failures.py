"""What a caller is told, and left with, when a step goes wrong."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from batch_client.blobs import BLOCK
from batch_client.downloads import download
from batch_client.errors import Exit
from batch_client.progress import Progress
from batch_client.uploads import upload
from tests import PROJECT
from tests.stack.event_path.client import Client, calling
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import SEVEN

BLOBS = "*.blob.core.windows.net"
ENDPOINTS = "*.inference.ml.azure.com"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of several blocks."""
    file = tmp_path / "large.bin"
    file.write_bytes(bytes(range(256)) * (3 * BLOCK // 256))
    return file


def test_a_file_whose_connections_are_lost_arrives_whole(
    deployed: Deployed, large: Path, tmp_path: Path
) -> None:
    deployed.disturb(BLOBS, "PUT", drop="request", times=2)
    deployed.disturb(BLOBS, "GET", drop="answer")

    with calling(deployed) as caller:
        put = upload(caller, large, "lost/")
        (file,) = download(caller, put.place, tmp_path / "back", replace=False)

    assert not deployed.disturbed
    assert digest(file) == digest(large)


def test_a_job_is_followed_over_lost_connections(deployed: Deployed, client: Client) -> None:
    job = client.invoked(client.uploaded(SEVEN))
    deployed.disturb(ENDPOINTS, "GET", drop="answer", times=2)

    told = client("follow", job)

    assert told["job"]["status"] == "Completed"
    assert not deployed.disturbed


def test_an_invocation_whose_answer_is_lost_starts_one_job(
    deployed: Deployed, client: Client
) -> None:
    url = client.uploaded(SEVEN)
    deployed.disturb(ENDPOINTS, "POST", drop="answer")

    job = client.invoked(url)

    assert not deployed.disturbed
    assert [each["name"] for each in deployed.jobs_for([url])] == [job]


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
    told = client("score", f"{deployed.outputs['input_url']}nowhere/missing.pgm")
    job, said = told["job"], client.said
    (log,) = client("download", job["name"], "--logs", "--into", str(tmp_path))["files"]

    assert (told["exit"], job["status"]) == (Exit.FAILED, "Failed")
    assert f"download {job['name']} --logs" in said
    assert "missing.pgm" in Path(log).read_text()


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

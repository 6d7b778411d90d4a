"""The process killed while events are in flight: after a start, every blob gets its job."""

import threading
from typing import Any

import pytest
from azure.core.exceptions import AzureError

from local_azure.commands import process
from local_azure.commands.console_client import Console
from local_azure.home import Home
from local_azure_tests.conftest import kill
from tests.stack.event_path.deployed import ENDS, until
from tests.stack.shell import Stack

pytestmark = pytest.mark.long

FILES = 60
KILL_AFTER = 20


def test_every_blob_gets_its_job_although_the_process_was_killed(home: Home, digit: bytes) -> None:
    told = process.start(home)
    stack = Stack(home, told)
    stack.up()
    landed = threading.Event()
    drops = threading.Thread(target=drop_all, args=(stack, digit, landed))
    drops.start()
    assert landed.wait(240)
    kill(home)
    drops.join(60)

    process.start(home)
    console = Console.of(home)
    with stack.container() as container:
        blobs = {f"{container.url}/{name}" for name in container.list_blob_names()}
    assert KILL_AFTER <= len(blobs) < FILES
    jobs = until(lambda: all_ended(console, blobs), f"a job for each of {len(blobs)} blobs")
    completed = [job["input"] for job in jobs if job["status"] == "Completed"]
    assert sorted(completed) == sorted(blobs), "a repeated delivery's job fails at the path"


def drop_all(stack: Stack, content: bytes, landed: threading.Event) -> None:
    """Upload until the process is gone; tell when enough are there to lose some."""
    with stack.container() as container:
        for number in range(FILES):
            try:
                container.upload_blob(f"incoming/{number}.pgm", content, retry_total=0)
            except AzureError:
                return
            finally:
                if number == KILL_AFTER:
                    landed.set()


def all_ended(console: Console, blobs: set[str]) -> list[dict[str, Any]] | None:
    """The jobs of these blobs, once each has one and all have ended."""
    jobs = [job for job in console.get("/runs?limit=1000")["jobs"] if job["input"] in blobs]
    scored = {job["input"] for job in jobs}
    return jobs if scored == blobs and all(job["status"] in ENDS for job in jobs) else None

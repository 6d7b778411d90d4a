"""A server with an Azurite of its own, for tests that end it."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import Running


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    yield server
    server.stop()


def is_served(folder: Path) -> bool:
    """Whether an Azurite has the folder."""
    with (folder / "azurite.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False

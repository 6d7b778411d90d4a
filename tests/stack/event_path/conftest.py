"""One embedded Azure with the dev stack on it, for all tests of the event path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import Running
from tests import PROJECT
from tests.stack.event_path.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file, brought up by the real engine."""
    running = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    stack = Deployed(running)
    stack.up(cold=True)
    yield stack
    running.stop()


@pytest.fixture(scope="session")
def digit() -> bytes:
    """A sample input file."""
    return (PROJECT / "samples" / "digits" / "inputs" / "digit-7.pgm").read_bytes()

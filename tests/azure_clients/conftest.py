"""The dev stack on an embedded Azure, and azure-cli signed in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import Running
from tests import PROJECT
from tests.azure_clients.cli import Cli
from tests.stack.event_path.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file, brought up by the real engine."""
    running = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    stack = Deployed(running)
    stack.up()
    yield stack
    running.stop()


@pytest.fixture(scope="session")
def az(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """Signed in as whoever the shell of the stack is; a sample is in its folder as FILE."""
    cli = Cli(tmp_path_factory.mktemp("az"), deployed.variables)
    sample = PROJECT / "samples" / "digits" / "inputs" / "digit-7.pgm"
    (cli.folder / "FILE").write_bytes(sample.read_bytes())
    assert cli.sign_in().said == "answered"
    return cli

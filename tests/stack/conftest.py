"""What tests take that deploy a stack, as `deployed` or of their module's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure.commands import process
from local_azure.home import Home
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.shell import sample

stack = brought_up()
"""A stack of a module's own, for those whose tests change it."""


@pytest.fixture(scope="session")
def digit() -> bytes:
    """A sample input file."""
    return sample(7)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The folder of an embedded Azure that a test starts, and may kill."""
    folder = Home(tmp_path_factory.mktemp("azure"))
    yield folder
    process.stop(folder)


@pytest.fixture
def client(deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    """Knows the stack by its outputs."""
    return Client(deployed, tmp_path, capsys)

"""What tests take that deploy a stack, as `deployed` or of their module's own."""

from pathlib import Path

import pytest

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
def client(deployed: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    """Knows the stack by its outputs."""
    return Client(deployed, tmp_path, capsys)

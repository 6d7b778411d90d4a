"""The client against an endpoint whose answers a test writes down."""

import pytest

from local_azure_tests.conftest import Running, lasting, running
from tests.client.scripted import Scripted

__all__ = ["lasting", "running"]


@pytest.fixture
def scripted(running: Running, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The endpoint; the client's environment leads to it."""
    for name, value in running.client_environment().items():
        monkeypatch.setenv(name, value)
    return Scripted(running)

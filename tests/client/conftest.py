"""The client against an endpoint whose answers a test writes down."""

import pytest

from local_azure_tests.conftest import Running, lasting, running
from tests.client.scripted import Scripted

__all__ = ["lasting", "running"]


@pytest.fixture
def scripted(running: Running, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The endpoint; the client's environment leads to it."""
    running.lead(monkeypatch)
    return Scripted(running)

"""A running embedded Azure whose workflows can be called, and its console for commands."""

import pytest

from local_azure.commands.console_client import Console
from local_azure_tests.logic.conftest import Cloud, cloud

__all__ = ["cloud"]


@pytest.fixture
def console(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands ask this one."""
    port, key = cloud.azure.ports.now["console"], cloud.home.secret("console")
    monkeypatch.setattr(Console, "of", lambda _home: Console(port, key))


@pytest.fixture
def outside(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of this test reach it, and nothing else."""
    for name, value in cloud.client_environment().items():
        monkeypatch.setenv(name, value)

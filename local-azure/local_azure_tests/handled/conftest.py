"""A running embedded Azure whose workflows can be called, and its console for commands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_azure.commands.console_client import Console
from local_azure.control_plane.clock import Clock
from local_azure.home import Home
from local_azure_tests.conftest import NOON
from local_azure_tests.logic.conftest import Cloud


@pytest.fixture(scope="package")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One for all tests of the folder."""
    running = Cloud(Home(tmp_path_factory.mktemp("azure")), Clock(NOON))
    yield running
    running.stop()


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

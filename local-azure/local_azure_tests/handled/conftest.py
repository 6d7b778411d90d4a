"""A running embedded Azure whose workflows can be called, and its console for commands."""

import pytest

from local_azure_tests.logic.conftest import Cloud, cloud

__all__ = ["cloud"]


@pytest.fixture
def console(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands ask this one."""
    cloud.answer(monkeypatch)


@pytest.fixture
def outside(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients of this test reach it, and nothing else."""
    cloud.lead(monkeypatch)

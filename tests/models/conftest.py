"""The packages that the models need: fetched once, and kept for all checkouts."""

import asyncio
from pathlib import Path

import pytest

from local_azure.services.machinelearning.environments import conda, virtual
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure_tests.conftest import Running, lasting, running
from local_azure_tests.machinelearning.world import World
from tests import PROJECT

__all__ = ["lasting", "running"]

HEART = PROJECT / "samples" / "heart"


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What runs Python where the sample's conda file is installed."""
    log = tmp_path_factory.mktemp("environment") / "log"
    wanted = conda.read((HEART / "conda.yml").read_text())
    try:
        return asyncio.run(virtual.interpreter(wanted, log))
    except JobFailedError as error:
        pytest.skip(f"its packages can't be had here: {error}")


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    """A workspace with an endpoint."""
    return World(running)

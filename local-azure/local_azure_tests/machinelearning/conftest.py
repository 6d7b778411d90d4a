import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning.world import World


@pytest.fixture(scope="module")
def world(running: Running) -> World:
    return World(running)

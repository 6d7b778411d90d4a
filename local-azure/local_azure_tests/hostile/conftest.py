"""An embedded Azure in which something of everything exists, and a client that sends anything."""

from collections.abc import Iterator

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.hostile import world
from local_azure_tests.hostile.wire import Wire


@pytest.fixture(scope="module")
def built(running: Running) -> Running:
    """The server, with something of everything."""
    world.build(running)
    return running


@pytest.fixture(scope="module")
def wire(running: Running) -> Iterator[Wire]:
    """The client."""
    made = Wire(running.azure.ports.now)
    yield made
    made.close()

"""The same with a resource group for topics and domains, and a webhook that consents."""

from collections.abc import Iterator

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(shared: tuple[Running, world.Hook]) -> tuple[Running, world.Hook]:
    server, _ = shared
    server.call(world.people, server.azure)
    publishing.group(server)
    return shared


@pytest.fixture
def grid(
    grid: Running, shared: tuple[Running, world.Hook], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """The server; the topics and domains of a test are gone after it."""
    shared[1].body = "echo"
    grid.lead(monkeypatch)
    yield grid
    grid.call(shared[1].hold.set)
    for gone in (publishing.TOPIC, publishing.DOMAIN):
        publishing.delete(grid, gone)

"""The same with a resource group for topics and domains, and a webhook that consents."""

from collections.abc import Iterator

import pytest

from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(shared: Grid) -> Grid:
    shared.call(world.people, shared.azure)
    publishing.group(shared)
    return shared


@pytest.fixture
def grid(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> Iterator[Grid]:
    """The server; the topics and domains of a test are gone after it."""
    grid.hook.body = "echo"
    grid.lead(monkeypatch)
    yield grid
    grid.call(grid.hook.hold.set)
    for gone in (publishing.TOPIC, publishing.DOMAIN):
        publishing.delete(grid, gone)


@pytest.fixture
def topic(grid: Grid) -> Grid:
    """The server with a custom topic."""
    publishing.topic(grid)
    return grid


@pytest.fixture
def cloud_topic(grid: Grid) -> Grid:
    """The server with a custom topic that takes CloudEvents."""
    publishing.topic(grid, inputSchema="CloudEventSchemaV1_0")
    return grid


@pytest.fixture
def subscribed(topic: Grid) -> Grid:
    """The server with a custom topic that tells the webhook everything."""
    publishing.subscribe(topic, publishing.TOPIC)
    return topic

"""An embedded Azure whose clock stands still, with a resource group for topics and domains."""

from collections.abc import Iterator

import pytest

from local_azure.control_plane.clock import Clock
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, lasting: Storage
) -> Iterator[tuple[Running, world.Hook]]:
    with lasting.serve(Running, tmp_path_factory.mktemp("publishing"), Clock(NOON)) as server:
        server.call(world.people, server.azure)
        publishing.group(server)
        yield server, server.call(world.Hook, server.azure)


@pytest.fixture
def grid(shared: tuple[Running, world.Hook], monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The server; the topics and domains of a test are gone after it."""
    server, hook = shared
    hook.reset()
    hook.body = "echo"
    server.lead(monkeypatch)
    yield server
    server.call(hook.hold.set)
    for gone in (publishing.TOPIC, publishing.DOMAIN):
        publishing.delete(server, gone)
    world.advance(server, days=3)

"""An embedded Azure whose clock stands still, with a topic, a subscription and a webhook."""

from collections.abc import Iterator

import pytest

from local_azure.control_plane.clock import Clock
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.storage import world


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, lasting: Storage
) -> Iterator[tuple[Running, world.Hook]]:
    with lasting.serve(Running, tmp_path_factory.mktemp("frozen"), Clock(NOON)) as server:
        server.call(world.account, server.azure)
        server.call(world.topic, server.azure)
        yield server, server.call(world.Hook, server.azure)


@pytest.fixture
def grid(shared: tuple[Running, world.Hook]) -> Iterator[Running]:
    """The server; each test's subscriptions are gone after it."""
    server, hook = shared
    hook.reset()
    yield server
    server.call(hook.hold.set)
    for each in server.call(server.azure.resources.select, world.SUBSCRIPTION_TYPE):
        server.call(server.azure.resources.delete, each.id)
    world.advance(server, days=3)


@pytest.fixture
def hook(shared: tuple[Running, world.Hook], grid: Running) -> world.Hook:  # noqa: ARG001 it resets the hook
    return shared[1]

"""An embedded Azure whose clock stands still, with a topic, a subscription and a webhook."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.clock import Clock
from local_azure_tests.conftest import NOON, Running, Storage
from local_azure_tests.storage import world


class Grid(Running):
    """A server with a topic on a storage account.

    Attributes:
        hook: the webhook.
    """

    hook: world.Hook

    def subscribe(self, name: str = "to-hook", **body: Any) -> str:
        """An event subscription to the topic; its resource id."""
        return self.call(world.subscribe, self.azure, name, **body)


@contextmanager
def frozen(lasting: Storage, folder: Path) -> Iterator[Grid]:
    """Such a server for a while."""
    with lasting.serve(Grid, folder, Clock(NOON)) as server:
        server.call(world.account, server.azure)
        server.call(world.topic, server.azure)
        server.hook = server.call(world.Hook, server.azure)
        yield server


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, lasting: Storage) -> Iterator[Grid]:
    with frozen(lasting, tmp_path_factory.mktemp("frozen")) as server:
        yield server


@pytest.fixture
def grid(shared: Grid) -> Iterator[Grid]:
    """The server; each test's subscriptions are gone after it."""
    shared.hook.reset()
    yield shared
    shared.call(shared.hook.hold.set)
    for each in shared.call(shared.azure.resources.select, world.SUBSCRIPTION_TYPE):
        shared.call(shared.azure.resources.delete, each.id)
    world.advance(shared, days=3)

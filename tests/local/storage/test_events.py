"""Events that storage raises, from the real client to the webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.storage import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.conftest import Running

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture(scope="module")
def hook(running: Running) -> Iterator[world.Hook]:
    world.build(running)
    running.call(world.topic, running.azure)
    running.call(world.subscribe, running.azure)
    return running.call(world.Hook, running.azure)


def test_an_uploaded_blob_reaches_the_webhook(running: Running, hook: world.Hook) -> None:
    world.blobs().get_blob_client("input", "data/digit.csv").upload_blob(b"1,2,3")
    running.run(running.azure.eventgrid.settled())
    [event] = hook.events()
    assert event["eventType"] == "Microsoft.Storage.BlobCreated"
    assert event["data"]["url"] == "https://drops.blob.core.windows.net/input/data/digit.csv"

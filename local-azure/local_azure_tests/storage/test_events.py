"""Events that storage raises, from the real client to the webhook."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobBlock, BlobClient, ContentSettings

from local_azure_tests.conftest import Running
from local_azure_tests.recorded.patterns import differences
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment")

BLOBS = "/blobServices/default/containers/input/blobs"
Told = Callable[[], list[dict[str, Any]]]
HOSTILE = [
    "a'b.csv",
    'a"b.csv',
    "100%.csv",
    "%41.csv",
    "a#b.csv",
    "a+b.csv",
    "a b.csv",
    "a&b=c?d.csv",
    "größe-数字-😀.csv",
    "deep/er/a{b}|c^d`e.csv",
    "n" * 1024,
]


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    return world.watched(running)


@pytest.fixture
def told(running: Running, hook: world.Hook) -> Told:
    """The events since it was asked last."""
    hook.got.clear()
    return partial(world.told, running, hook)


def _blob(name: str) -> BlobClient:
    return world.blobs().get_blob_client("input", name)


def test_an_uploaded_blob_is_told_with_every_documented_field(told: Told) -> None:
    answer = _blob("data/digit.csv").upload_blob(
        b"1,2,3", content_settings=ContentSettings(content_type="text/csv")
    )

    [event] = told()
    documented = {
        "topic": world.ACCOUNT,
        "subject": f"{BLOBS}/data/digit.csv",
        "eventType": "Microsoft.Storage.BlobCreated",
        "id": "<guid>",
        "eventTime": "<ticks>",
        "dataVersion": "",
        "metadataVersion": "1",
        "data": {
            "api": "PutBlob",
            "clientRequestId": answer["client_request_id"],
            "requestId": "<guid>",
            "eTag": answer["etag"],
            "contentType": "text/csv",
            "contentLength": 5,
            "blobType": "BlockBlob",
            "url": "https://drops.blob.core.windows.net/input/data/digit.csv",
            "sequencer": "<word>",
            "storageDiagnostics": {"batchId": "<guid>"},
        },
    }
    assert dict(differences(documented, event)) == {}
    assert re.fullmatch("[0-9A-F]{32}", event["data"]["sequencer"])


def test_a_committed_block_list_is_told_with_the_whole_length(told: Told) -> None:
    blob = _blob("blocks")
    blob.stage_block("MQ==", b"12345")
    blob.stage_block("Mg==", b"678")
    before = told()
    blob.commit_block_list([BlobBlock("MQ=="), BlobBlock("Mg==")])

    [event] = told()
    found = (before, event["data"]["api"], event["data"]["contentLength"])
    assert found == ([], "PutBlockList", 8)
    assert blob.download_blob().readall() == b"12345678"


def test_a_copy_is_told_by_its_own_name(told: Told) -> None:
    _blob("original").upload_blob(b"1234")
    _blob("copy of it").start_copy_from_url(f"{world.URL}/input/original")

    events = told()
    assert [(e["subject"], e["data"]["api"], e["data"]["contentLength"]) for e in events] == [
        (f"{BLOBS}/original", "PutBlob", 4),
        (f"{BLOBS}/copy of it", "CopyBlob", 4),
    ]
    assert _blob("copy of it").get_blob_properties().copy.source == f"{world.URL}/input/original"


def test_a_deleted_blob_is_told_as_deleted(told: Told) -> None:
    _blob("short-lived").upload_blob(b"1", content_settings=ContentSettings("text/plain"))
    _blob("short-lived").delete_blob()

    created, deleted = told()
    found = (deleted["eventType"], deleted["data"]["api"], deleted["data"]["contentType"])
    assert found == ("Microsoft.Storage.BlobDeleted", "DeleteBlob", "text/plain")
    assert "eTag" not in deleted["data"]
    assert deleted["data"]["sequencer"] > created["data"]["sequencer"]


def test_a_deleted_snapshot_is_not_told(told: Told) -> None:
    _blob("kept").upload_blob(b"1")
    snapshot = _blob("kept").create_snapshot()["snapshot"]
    world.blobs().get_blob_client("input", "kept", str(snapshot)).delete_blob()
    assert [event["data"]["api"] for event in told()] == ["PutBlob"]


def test_a_refused_upload_is_not_told(told: Told) -> None:
    _blob("once").upload_blob(b"1")
    with pytest.raises(HttpResponseError, match="already exists"):
        _blob("once").upload_blob(b"2", overwrite=False)
    with pytest.raises(HttpResponseError, match="does not exist"):
        _blob("never").delete_blob()
    assert len(told()) == 1


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:10])
def test_a_hostile_name_goes_through_as_it_is(name: str, told: Told) -> None:
    _blob(name).upload_blob(name.encode())

    [event] = told()
    path = event["data"]["url"].removeprefix("https://drops.blob.core.windows.net/input/")
    content = _blob(name).download_blob().readall()
    assert (event["subject"], unquote(path), content) == (f"{BLOBS}/{name}", name, name.encode())
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", path)
    assert name in list(world.blobs().get_container_client("input").list_blob_names())


def test_a_backslash_in_a_name_is_a_slash_for_blob_and_event(told: Told) -> None:
    _blob("data\\seven.pgm").upload_blob(b"7")

    assert [event["subject"] for event in told()] == [f"{BLOBS}/data/seven.pgm"]
    assert _blob("data/seven.pgm").download_blob().readall() == b"7"


def test_nothing_waits_after_the_answer(running: Running, hook: world.Hook) -> None:
    """The event is kept before the client hears that its blob is written."""
    running.call(hook.hold.clear)
    _blob("quick").upload_blob(b"1")
    last = running.call(running.azure.eventgrid.history, 1)[0]
    assert last["event"]["data"]["url"].endswith("/quick")
    running.call(hook.hold.set)
    assert running.call(running.azure.storage._news.intents.left) == []

"""Events that storage raises, from the real client to the webhook."""

import re
from urllib.parse import unquote

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobBlock, BlobClient, ContentSettings

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment", "rights")

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
def rights(hook: world.Hook) -> None:
    hook.got.clear()


def _blob(name: str) -> BlobClient:
    return world.blobs().get_blob_client("input", name)


def test_an_uploaded_blob_is_told_with_every_documented_field(
    running: Running, hook: world.Hook
) -> None:
    answer = _blob("data/digit.csv").upload_blob(
        b"1,2,3", content_settings=ContentSettings(content_type="text/csv")
    )
    [event] = world.told(running, hook)
    data = event.pop("data")
    assert re.fullmatch(r"[0-9A-F]{32}", data.pop("sequencer"))
    assert set(data.pop("storageDiagnostics")) == {"batchId"}
    assert data.pop("requestId")
    assert data == {
        "api": "PutBlob",
        "clientRequestId": answer["client_request_id"],
        "eTag": answer["etag"],
        "contentType": "text/csv",
        "contentLength": 5,
        "blobType": "BlockBlob",
        "url": "https://drops.blob.core.windows.net/input/data/digit.csv",
    }
    assert event.pop("id")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", event.pop("eventTime"))
    assert event == {
        "topic": world.ACCOUNT,
        "subject": "/blobServices/default/containers/input/blobs/data/digit.csv",
        "eventType": "Microsoft.Storage.BlobCreated",
        "dataVersion": "",
        "metadataVersion": "1",
    }


def test_a_committed_block_list_is_told_with_the_whole_length(
    running: Running, hook: world.Hook
) -> None:
    blob = _blob("blocks")
    blob.stage_block("MQ==", b"12345")
    blob.stage_block("Mg==", b"678")
    assert world.told(running, hook) == []
    blob.commit_block_list([BlobBlock("MQ=="), BlobBlock("Mg==")])
    [event] = world.told(running, hook)
    assert event["data"]["api"] == "PutBlockList"
    assert event["data"]["contentLength"] == 8
    assert blob.download_blob().readall() == b"12345678"


def test_a_copy_is_told_by_its_own_name(running: Running, hook: world.Hook) -> None:
    _blob("original").upload_blob(b"1234")
    _blob("copy of it").start_copy_from_url(f"{world.URL}/input/original")
    created, copied = world.told(running, hook)
    assert created["data"]["api"] == "PutBlob"
    assert copied["data"]["api"] == "CopyBlob"
    assert copied["data"]["contentLength"] == 4
    assert copied["subject"] == "/blobServices/default/containers/input/blobs/copy of it"
    assert _blob("copy of it").get_blob_properties().copy.source == f"{world.URL}/input/original"


def test_a_deleted_blob_is_told_as_deleted(running: Running, hook: world.Hook) -> None:
    _blob("short-lived").upload_blob(b"1", content_settings=ContentSettings("text/plain"))
    _blob("short-lived").delete_blob()
    created, deleted = world.told(running, hook)
    assert deleted["eventType"] == "Microsoft.Storage.BlobDeleted"
    assert deleted["data"]["api"] == "DeleteBlob"
    assert deleted["data"]["contentType"] == "text/plain"
    assert "eTag" not in deleted["data"]
    assert deleted["data"]["sequencer"] > created["data"]["sequencer"]


def test_a_deleted_snapshot_is_not_told(running: Running, hook: world.Hook) -> None:
    _blob("kept").upload_blob(b"1")
    snapshot = _blob("kept").create_snapshot()["snapshot"]
    world.blobs().get_blob_client("input", "kept", str(snapshot)).delete_blob()
    assert [event["data"]["api"] for event in world.told(running, hook)] == ["PutBlob"]


def test_a_refused_upload_is_not_told(running: Running, hook: world.Hook) -> None:
    _blob("once").upload_blob(b"1")
    with pytest.raises(HttpResponseError, match="already exists"):
        _blob("once").upload_blob(b"2", overwrite=False)
    with pytest.raises(HttpResponseError, match="does not exist"):
        _blob("never").delete_blob()
    assert len(world.told(running, hook)) == 1


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:10])
def test_a_hostile_name_goes_through_as_it_is(
    name: str, running: Running, hook: world.Hook
) -> None:
    _blob(name).upload_blob(name.encode())
    [event] = world.told(running, hook)
    assert event["subject"] == f"/blobServices/default/containers/input/blobs/{name}"
    path = event["data"]["url"].removeprefix("https://drops.blob.core.windows.net/input/")
    assert unquote(path) == name
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", path)
    assert _blob(name).download_blob().readall() == name.encode()
    assert name in list(world.blobs().get_container_client("input").list_blob_names())


def test_a_backslash_in_a_name_is_a_slash_for_blob_and_event(
    running: Running, hook: world.Hook
) -> None:
    _blob("data\\seven.pgm").upload_blob(b"7")

    [event] = world.told(running, hook)
    assert event["subject"] == "/blobServices/default/containers/input/blobs/data/seven.pgm"
    assert _blob("data/seven.pgm").download_blob().readall() == b"7"


def test_nothing_waits_after_the_answer(running: Running, hook: world.Hook) -> None:
    """The event is kept before the client hears that its blob is written."""
    running.call(hook.hold.clear)
    _blob("quick").upload_blob(b"1")
    last = running.call(running.azure.eventgrid.history, 1)[0]
    assert last["event"]["data"]["url"].endswith("/quick")
    running.call(hook.hold.set)
    assert running.call(running.azure.storage._news.intents.left) == []

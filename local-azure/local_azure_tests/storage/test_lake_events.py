"""Events of files and directories, from the real client to the webhook."""

from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.filedatalake import ContentSettings, FileSystemClient

from local_azure.services.storage.events import Call
from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment", "cleared")

HOST = "drops.dfs.core.windows.net"
LAKE = f"https://{HOST}/input"
SUBJECT = "/blobServices/default/containers/input/blobs"


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    return world.watched(running, hierarchical=True)


@pytest.fixture
def cleared(hook: world.Hook) -> None:
    hook.got.clear()


@pytest.fixture
def files() -> FileSystemClient:
    return world.lake().get_file_system_client("input")


def _told(running: Running, hook: world.Hook) -> list[dict[str, Any]]:
    """The events, without what is another at each call."""
    running.run(running.azure.eventgrid.settled())
    for event in hook.events():
        for key in ("clientRequestId", "requestId", "sequencer", "storageDiagnostics"):
            assert event["data"].pop(key)
    return hook.events()


def _calls(running: Running, hook: world.Hook) -> list[tuple[str, str, str]]:
    return [
        (
            each["eventType"].removeprefix("Microsoft.Storage."),
            each["data"]["api"],
            each["subject"].removeprefix(f"{SUBJECT}/"),
        )
        for each in _told(running, hook)
    ]


def test_a_file_is_told_when_it_is_made_and_when_it_is_closed(
    running: Running, hook: world.Hook, files: FileSystemClient
) -> None:
    file = files.create_file(
        "in/a b.csv", content_settings=ContentSettings(content_type="text/csv")
    )
    file.append_data(b"1,2", 0)
    file.flush_data(3)
    file.append_data(b",3", 3)
    etag = file.flush_data(5, close=True)["etag"]

    made, closed = _told(running, hook)
    assert (made["eventType"], made["subject"]) == (
        "Microsoft.Storage.BlobCreated",
        f"{SUBJECT}/in/a b.csv",
    )
    assert (made["data"]["api"], made["data"]["contentLength"]) == ("CreateFile", 0)
    assert (closed["eventType"], closed["dataVersion"]) == ("Microsoft.Storage.BlobCreated", "2")
    assert closed["data"] == {
        "api": "FlushWithClose",
        "eTag": etag,
        "contentType": "text/csv",
        "contentLength": 5,
        "contentOffset": 5,
        "blobType": "BlockBlob",
        "url": f"{LAKE}/in/a%20b.csv",
    }


def test_a_rename_tells_both_names(
    running: Running, hook: world.Hook, files: FileSystemClient
) -> None:
    files.create_directory("done")
    files.create_file("a&b=c").rename_file("input/done/a b")

    renamed = _told(running, hook)[-1]
    assert (renamed["eventType"], renamed["subject"]) == (
        "Microsoft.Storage.BlobRenamed",
        f"{SUBJECT}/done/a b",
    )
    assert renamed["data"] == {
        "api": "RenameFile",
        "destinationUrl": f"{LAKE}/done/a%20b",
        "sourceUrl": f"{LAKE}/a%26b%3Dc",
    }


def test_a_directory_is_told_once_whatever_it_holds(
    running: Running, hook: world.Hook, files: FileSystemClient
) -> None:
    folder = files.create_directory("folder")
    folder.create_file("implied/a").delete_file()
    folder.create_file("b")
    folder.rename_directory("input/moved").delete_directory()

    assert _calls(running, hook) == [
        ("DirectoryCreated", "CreateDirectory", "folder"),
        ("BlobCreated", "CreateFile", "folder/implied/a"),
        ("BlobDeleted", "DeleteFile", "folder/implied/a"),
        ("BlobCreated", "CreateFile", "folder/b"),
        ("DirectoryRenamed", "RenameDirectory", "moved"),
        ("DirectoryDeleted", "DeleteDirectory", "moved"),
    ]
    deleted = hook.events()[-1]["data"]
    assert deleted == {"api": "DeleteDirectory", "url": f"{LAKE}/moved", "recursive": "true"}


def test_what_is_refused_is_not_told(
    running: Running, hook: world.Hook, files: FileSystemClient
) -> None:
    file = files.create_file("refused")
    with pytest.raises(HttpResponseError, match="PathAlreadyExists"):
        files.create_file("refused", match_condition=MatchConditions.IfMissing)
    with pytest.raises(HttpResponseError, match="InvalidFlushPosition"):
        file.flush_data(7, close=True)
    with pytest.raises(HttpResponseError, match="InvalidRenameSourcePath"):
        file.rename_file("input/refused")
    with pytest.raises(HttpResponseError, match="ConditionNotMet"):
        file.delete_file(etag='"other"', match_condition=MatchConditions.IfNotModified)

    assert _calls(running, hook) == [("BlobCreated", "CreateFile", "refused")]
    assert running.call(running.azure.storage._news.intents.left) == []


@pytest.mark.parametrize(("source", "told"), [("gone", [f"{LAKE}/gone%2525"]), ("left", [])])
def test_a_rename_that_a_crash_held_back_is_told_where_its_source_is_gone(
    running: Running, hook: world.Hook, files: FileSystemClient, source: str, told: list[str]
) -> None:
    news, call = running.azure.storage._news, f"/input/late?source=/input/{source}%2525"
    running.call(news.intents.add, Call("RenameFile", HOST, call, "", ""), None)
    for name in ("late", "left%25"):
        files.create_file(name)
    running.run(running.azure.eventgrid.settled())
    hook.got.clear()
    running.run(running.azure.storage.start())

    running.run(running.azure.eventgrid.settled())
    assert [each["data"]["sourceUrl"] for each in hook.events()] == told
    assert running.call(news.intents.left) == []

"""Events of files and directories, from the real client to the webhook."""

from collections.abc import Callable
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.filedatalake import ContentSettings, FileSystemClient

from local_azure.services.storage.events import Call
from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment")

HOST = "drops.dfs.core.windows.net"
LAKE = f"https://{HOST}/input"
Told = Callable[[], list[dict[str, Any]]]
SUBJECT = "/blobServices/default/containers/input/blobs"


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    return world.watched(running, hierarchical=True)


@pytest.fixture
def told(running: Running, hook: world.Hook) -> Told:
    """The events since it was asked last, without what is another at each call."""

    def told() -> list[dict[str, Any]]:
        events = world.told(running, hook)
        for event in events:
            for key in ("clientRequestId", "requestId", "sequencer", "storageDiagnostics"):
                assert event["data"].pop(key)
        return events

    told()
    return told


@pytest.fixture
def files() -> FileSystemClient:
    return world.lake().get_file_system_client("input")


def _call(event: dict[str, Any]) -> tuple[str, str, str]:
    kind, subject = event["eventType"], event["subject"]
    called: str = event["data"]["api"]
    return kind.removeprefix("Microsoft.Storage."), called, subject.removeprefix(f"{SUBJECT}/")


def test_a_file_is_told_when_it_is_made_and_when_it_is_closed(
    files: FileSystemClient, told: Told
) -> None:
    file = files.create_file(
        "in/a b.csv", content_settings=ContentSettings(content_type="text/csv")
    )
    file.append_data(b"1,2", 0)
    file.flush_data(3)
    file.append_data(b",3", 3)
    etag = file.flush_data(5, close=True)["etag"]

    made, closed = told()
    assert (_call(made), made["data"]["contentLength"]) == (
        ("BlobCreated", "CreateFile", "in/a b.csv"),
        0,
    )
    assert (_call(closed)[0], closed["dataVersion"]) == ("BlobCreated", "2")
    assert closed["data"] == {
        "api": "FlushWithClose",
        "eTag": etag,
        "contentType": "text/csv",
        "contentLength": 5,
        "contentOffset": 5,
        "blobType": "BlockBlob",
        "url": f"{LAKE}/in/a%20b.csv",
    }


def test_a_rename_tells_both_names(files: FileSystemClient, told: Told) -> None:
    files.create_directory("done")
    files.create_file("a&b=c").rename_file("input/done/a b")

    renamed = told()[-1]
    assert _call(renamed) == ("BlobRenamed", "RenameFile", "done/a b")
    assert renamed["data"] == {
        "api": "RenameFile",
        "destinationUrl": f"{LAKE}/done/a%20b",
        "sourceUrl": f"{LAKE}/a%26b%3Dc",
    }


def test_a_directory_is_told_once_whatever_it_holds(files: FileSystemClient, told: Told) -> None:
    folder = files.create_directory("folder")
    folder.create_file("implied/a").delete_file()
    folder.create_file("b")
    folder.rename_directory("input/moved").delete_directory()

    events = told()
    assert [_call(each) for each in events] == [
        ("DirectoryCreated", "CreateDirectory", "folder"),
        ("BlobCreated", "CreateFile", "folder/implied/a"),
        ("BlobDeleted", "DeleteFile", "folder/implied/a"),
        ("BlobCreated", "CreateFile", "folder/b"),
        ("DirectoryRenamed", "RenameDirectory", "moved"),
        ("DirectoryDeleted", "DeleteDirectory", "moved"),
    ]
    deleted = {"api": "DeleteDirectory", "url": f"{LAKE}/moved", "recursive": "true"}
    assert events[-1]["data"] == deleted


def test_what_is_refused_is_not_told(running: Running, files: FileSystemClient, told: Told) -> None:
    file = files.create_file("refused")
    with pytest.raises(HttpResponseError, match="PathAlreadyExists"):
        files.create_file("refused", match_condition=MatchConditions.IfMissing)
    with pytest.raises(HttpResponseError, match="InvalidFlushPosition"):
        file.flush_data(7, close=True)
    with pytest.raises(HttpResponseError, match="InvalidRenameSourcePath"):
        file.rename_file("input/refused")
    with pytest.raises(HttpResponseError, match="ConditionNotMet"):
        file.delete_file(etag='"other"', match_condition=MatchConditions.IfNotModified)

    assert [_call(each) for each in told()] == [("BlobCreated", "CreateFile", "refused")]
    assert running.call(running.azure.storage._news.intents.left) == []


@pytest.mark.parametrize(("source", "sources"), [("gone", [f"{LAKE}/gone%2525"]), ("left", [])])
def test_a_rename_that_a_crash_held_back_is_told_where_its_source_is_gone(
    running: Running, files: FileSystemClient, told: Told, source: str, sources: list[str]
) -> None:
    news, target = running.azure.storage._news, f"/input/late?source=/input/{source}%2525"
    call = Call("RenameFile", HOST, target, "a client's", "a service's")
    running.call(news.intents.add, call, None)
    for name in ("late", "left%25"):
        files.create_file(name)
    told()
    running.run(running.azure.storage.start())

    assert [each["data"]["sourceUrl"] for each in told()] == sources
    assert running.call(news.intents.left) == []

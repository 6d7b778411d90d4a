"""What is done to files and directories is done whole and one after another, or not at all."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
import requests
from azure.core.exceptions import HttpResponseError

from local_azure.services.storage.errors import ServerBusyError
from local_azure.services.storage.lake.files import Files
from local_azure_tests.conftest import Running
from local_azure_tests.storage import world
from local_azure_tests.storage.lakes import Lake

pytestmark = pytest.mark.usefixtures("client_environment")

WHOLE = {"a": b"a", "b": b"b", "dir/x": b"dir/x", "dir/y": b"dir/y"}


class Watched(Lake):
    """A filesystem, and who hears of it."""

    def __init__(self, running: Running, hook: world.Hook) -> None:
        super().__init__(running)
        self._hook = hook

    def rename(self, source: str, target: str) -> requests.Response:
        """What the writer is answered who renames by hand."""
        return self.ask("PUT", f"/input/{target}", x_ms_rename_source=f"/input/{source}")

    def told(self) -> list[str]:
        """The calls that were told since it was asked last."""
        return [each["data"]["api"] for each in world.told(self._running, self._hook)]

    def fill(self, folder: str) -> None:
        """Let a directory hold what ``WHOLE`` has, and nobody hear of it."""
        for name, content in WHOLE.items():
            self.files.get_file_client(f"{folder}/{name}").upload_data(content, overwrite=True)
        self.told()

    def content(self, folder: str) -> dict[str, bytes]:
        """What the files of a directory have."""
        return {
            each.name.removeprefix(f"{folder}/"): self.read(each.name)
            for each in self.files.get_paths(folder)
            if not each.is_directory
        }


@pytest.fixture(scope="module")
def hook(running: Running) -> world.Hook:
    return world.watched(running, hierarchical=True)


@pytest.fixture
def lake(running: Running, hook: world.Hook) -> Watched:
    return Watched(running, hook)


@pytest.fixture
def copying(monkeypatch: pytest.MonkeyPatch) -> Event:
    """A rename takes its time; set when one has begun to copy."""
    move, begun = Files._move, Event()

    async def slowly(*given: Any) -> Mapping[str, str]:
        begun.set()
        moved = await move(*given)
        await asyncio.sleep(0.3)
        return moved

    monkeypatch.setattr(Files, "_move", slowly)
    return begun


@pytest.mark.parametrize(
    ("source", "target", "leased"),
    [
        ("a", "b", "a"),
        ("a", "b", "b"),
        ("dir", "new", "dir"),
        ("dir", "new", "dir/x"),
        ("dir", None, "dir"),
        ("dir", None, "dir/x"),
    ],
)
def test_what_is_leased_is_left_as_it_was_with_all_around_it(
    lake: Watched, source: str, target: str | None, leased: str
) -> None:
    folder = f"{source}-{target}-{leased}".replace("/", "-")
    lake.fill(folder)
    lake.blobs.get_blob_client(f"{folder}/{leased}").acquire_lease(60)

    if target:
        refused = lake.rename(f"{folder}/{source}", f"{folder}/{target}")
    else:
        refused = lake.ask("DELETE", f"/input/{folder}/{source}?recursive=true")
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "LeaseIdMissing")
    assert lake.content(folder) == WHOLE
    assert lake.told() == []


def test_who_names_the_lease_renames_and_deletes_what_has_it(lake: Watched) -> None:
    lake.files.create_file("leased/a")
    lease = lake.blobs.get_blob_client("leased/a").acquire_lease(60).id
    lake.files.get_file_client("leased/a").rename_file("input/leased/b", source_lease=lease)
    lease = lake.blobs.get_blob_client("leased/b").acquire_lease(60).id
    lake.files.get_file_client("leased/b").delete_file(lease=lease)

    assert list(lake.files.get_paths("leased")) == []


@pytest.mark.parametrize("kind", ["snapshot", "archive"])
@pytest.mark.parametrize(("source", "target"), [("a", "b"), ("dir", "new")])
def test_what_would_lose_something_by_a_rename_is_not_renamed(
    lake: Watched, kind: str, source: str, target: str
) -> None:
    folder = f"{kind}-{source}"
    lake.fill(folder)
    for name in ("a", "dir/y"):
        blob = lake.blobs.get_blob_client(f"{folder}/{name}")
        if kind == "snapshot":
            blob.create_snapshot()
        else:
            blob.set_standard_blob_tier("Archive")

    refused = lake.rename(f"{folder}/{source}", f"{folder}/{target}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (501, "NotEmulated")
    left = [each.name.removeprefix(f"{folder}/") for each in lake.files.get_paths(folder)]
    assert (left, lake.read(f"{folder}/b")) == (["a", "b", "dir", "dir/x", "dir/y"], b"b")
    assert lake.told() == []


def test_snapshots_go_with_their_directory(lake: Watched) -> None:
    lake.fill("snapshots")
    for name in ("snapshots", "snapshots/dir/x"):
        lake.blobs.get_blob_client(name).create_snapshot()

    refused = lake.ask("DELETE", "/input/snapshots/dir/x")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "SnapshotsPresent")
    lake.files.delete_directory("snapshots")
    assert list(lake.blobs.list_blobs("snapshots", include=["snapshots"])) == []


@pytest.mark.parametrize(
    ("method", "path", "target", "status"),
    [
        ("HEAD", "dir", "dir", 304),
        ("GET", "a", "a", 304),
        ("DELETE", "dir", "dir?recursive=true", 412),
        ("PUT", "dir", "new", 412),
    ],
)
def test_what_a_caller_has_seen_already_is_left_as_it_was(
    lake: Watched, method: str, path: str, target: str, status: int
) -> None:
    folder = f"seen-{method}"
    lake.fill(folder)
    etag = lake.files.get_file_client(f"{folder}/{path}").get_file_properties().etag
    seen = {"if-none-match": etag}
    if method == "PUT":
        seen = {"x-ms-rename-source": f"/input/{folder}/{path}", "x-ms-source-if-none-match": etag}

    answer = lake.ask(method, f"/input/{folder}/{target}", **seen)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (status, "ConditionNotMet")
    assert lake.content(folder) == WHOLE
    assert lake.told() == []


@pytest.mark.usefixtures("copying")
def test_one_of_many_that_rename_a_file_gets_it(lake: Watched) -> None:
    lake.files.create_file("claims/claim")

    def claim(number: int) -> int:
        return lake.rename("claims/claim", f"claims/{number}").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(claim, range(4)))
    assert answers == [201, 404, 404, 404]
    assert len(list(lake.files.get_paths("claims"))) == 1


@pytest.mark.parametrize(
    ("service", "query", "headers"),
    [
        ("dfs", "?resource=file", {}),
        ("blob", "", {"x-ms-blob-type": "BlockBlob", "content-length": "0"}),
    ],
    ids=["dfs", "blob"],
)
def test_what_is_written_while_its_directory_is_renamed_is_there(
    lake: Watched, copying: Event, service: str, query: str, headers: dict[str, str]
) -> None:
    early, moved = f"early-{service}", f"moved-{service}"
    lake.files.create_file(f"{early}/a")

    with ThreadPoolExecutor(1) as pool:
        renamed = pool.submit(lake.rename, early, moved)
        assert copying.wait(10)
        late = lake.ask("PUT", f"/input/{early}/late{query}", service, **headers)
    assert (renamed.result().status_code, late.status_code) == (201, 201)
    names = [each.name for each in lake.files.get_paths() if service in each.name]
    assert names == [early, f"{early}/late", moved, f"{moved}/a"]


def test_what_is_sent_slowly_keeps_nobody_waiting_and_lies_in_a_directory(lake: Watched) -> None:
    lake.files.create_file("slow/a")
    directory = lake.files.get_directory_client("slow")
    body = world.Slow(lambda: directory.rename_directory("input/fast"))

    sent = lake.ask("PUT", "/input/slow/late", "blob", body, x_ms_blob_type="BlockBlob")
    names = [each.name for each in lake.files.get_paths() if each.name[:4] in {"slow", "fast"}]
    assert sent.status_code == 201
    assert names == ["fast", "fast/a", "slow", "slow/late"]


def test_nothing_comes_between_an_append_and_its_flush(
    lake: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.files.create_file("whole/a")
    look, appending = Files._file, Event()

    async def slowly(*given: Any) -> Any:
        appending.set()
        await asyncio.sleep(0.3)
        return await look(*given)

    monkeypatch.setattr(Files, "_file", slowly)
    with ThreadPoolExecutor(1) as pool:
        path = "/input/whole/a?action=append&position=0&flush=true"
        appended = pool.submit(lake.ask, "PATCH", path, body=b"1")
        assert appending.wait(10)
        renamed = lake.rename("whole/a", "whole/b")

    assert (appended.result().status_code, renamed.status_code) == (202, 201)
    assert lake.read("whole/b") == b"1"


def test_what_is_changed_while_it_is_renamed_is_gone(lake: Watched, copying: Event) -> None:
    lake.files.create_file("changed")
    headers = {
        "x-ms-access-tier": "Cool",
        "x-ms-lease-action": "acquire",
        "x-ms-lease-duration": "60",
        "x-ms-page-write": "update",
        "x-ms-range": "bytes=0-511",
    }

    def change(kind: str) -> int:
        path = f"/input/changed?comp={kind}"
        return lake.ask("PUT", path, "blob", bytes(512), **headers).status_code

    with ThreadPoolExecutor(8) as pool:
        pool.submit(lake.rename, "changed", "unchanged")
        assert copying.wait(10)
        kinds = ("appendblock", "lease", "page", "properties", "snapshot", "tier")
        changed = pool.map(change, kinds)
        appended = lake.ask("PATCH", "/input/changed?action=append&position=0", body=b"1")
    assert [*changed, appended.status_code] == [404] * 7


def test_a_container_that_is_deleted_while_it_is_renamed_from_is_gone_afterwards(
    running: Running, lake: Watched, copying: Event
) -> None:
    running.run(running.azure.storage.create_container(world.NAME, "going"))
    world.lake().get_file_system_client("going").create_file("a")

    with ThreadPoolExecutor(1) as pool:
        renamed = pool.submit(lake.ask, "PUT", "/input/gone", x_ms_rename_source="/going/a")
        assert copying.wait(10)
        world.blobs().delete_container("going")
    assert renamed.result().status_code == 201


@pytest.mark.parametrize("renamed", ["a", ""], ids=["file", "directory"])
def test_what_was_never_flushed_ends_with_the_file_that_is_replaced(
    lake: Watched, renamed: str
) -> None:
    lake.files.create_file("flush/new/a").upload_data(b"12345", overwrite=True)
    old = lake.files.create_file("flush/old/a")
    old.append_data(b"old", 0)
    old.append_data(b"ZZZ", 5)
    if not renamed:
        lake.files.delete_directory("flush/old")
    lake.files.get_file_client(f"flush/new/{renamed}").rename_file(f"input/flush/old/{renamed}")

    with pytest.raises(HttpResponseError, match="InvalidFlushPosition"):
        old.flush_data(8)
    old.append_data(b"6", 5, flush=True)
    assert lake.read("flush/old/a") == b"123456"


@pytest.mark.parametrize("kind", ["BlockBlob", "AppendBlob"])
def test_what_a_blob_client_wrote_replaces_a_file_as_it_is(lake: Watched, kind: str) -> None:
    lake.files.create_file(f"{kind}/old")
    lake.blobs.upload_blob(f"{kind}/new", b"12345", blob_type=kind)
    lake.files.get_file_client(f"{kind}/new").rename_file(f"input/{kind}/old")

    assert lake.read(f"{kind}/old") == b"12345"


def test_an_event_needs_no_second_look_at_what_was_changed(
    running: Running, lake: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise ServerBusyError

    lake.told()
    with monkeypatch.context() as patched:
        patched.setattr(running.azure.storage._news, "_properties", busy)
        lake.files.create_file("unseen")
    assert lake.told() == ["CreateFile"]

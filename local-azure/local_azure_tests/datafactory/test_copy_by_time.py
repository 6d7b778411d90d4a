"""Files chosen by when they were written, on a clock that was moved between the writes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State
from local_azure.services.datafactory.folder import Folder
from local_azure.services.storage.moved_times import MovedTimes
from local_azure_tests.conftest import Running
from local_azure_tests.datafactory.pipelines import activity
from local_azure_tests.datafactory.test_copy import LINKED, below, carried_out, copied, dataset
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment")
HOUR = timedelta(hours=1)
KEY = b"A" * 43 + b"="


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    world.build(running, ["input", "output"])


@pytest.fixture
def hours(running: Running) -> list[datetime]:
    """Three times, an hour apart: a file was written after each of the first two."""
    times = []
    for name in ("first", "second"):
        times.append(now(running))
        container = world.blobs().get_container_client("input")
        container.upload_blob(f"timed/{name}", b"1", overwrite=True)
        running.call(running.azure.clock.advance, HOUR)
    return [*times, now(running)]


def now(running: Running) -> datetime:
    return running.call(running.azure.clock.now).replace(microsecond=0)


def between(running: Running, start: datetime, end: datetime) -> Any:
    """What a copy of the files of a time says that it wrote."""
    times: dict[str, Any] = {
        "modifiedDatetimeStart": start.isoformat(),
        "modifiedDatetimeEnd": end.isoformat(),
    }
    return copied(running, {"folder": "timed"}, {"folder": f"{start:%H%M%S}"}, **times).output


def test_a_file_keeps_the_time_of_its_write_when_the_clock_is_moved_on(
    hours: list[datetime],
) -> None:
    container = world.blobs().get_container_client("input")
    listed = {each.name: each.last_modified for each in container.list_blobs("timed/")}
    asked = container.get_blob_client("timed/second").get_blob_properties().last_modified

    assert hours[0] <= listed["timed/first"] < hours[1] <= listed["timed/second"] < hours[2]
    assert asked == listed["timed/second"]


def test_a_copy_takes_the_files_of_its_time_alone(running: Running, hours: list[datetime]) -> None:
    first, second, third = hours

    counts = [
        between(running, first, second)["filesWritten"],
        between(running, second, third)["filesWritten"],
        between(running, third, third + HOUR)["filesWritten"],
    ]

    assert counts == [1, 1, 0]
    output = world.blobs().get_container_client("output")
    assert below(output, f"{second:%H%M%S}/") == [f"{second:%H%M%S}/second"]


def test_a_time_s_beginning_belongs_to_it_and_its_end_does_not(
    running: Running, hours: list[datetime]
) -> None:
    container = world.blobs().get_container_client("input")
    written = container.get_blob_client("timed/second").get_blob_properties().last_modified

    assert between(running, written, hours[2])["filesWritten"] == 1
    assert between(running, hours[1], written)["filesWritten"] == 0


def test_a_time_that_is_none_fails_the_copy(running: Running) -> None:
    world.blobs().get_container_client("input").upload_blob("odd/a", b"1", overwrite=True)

    found = copied(running, {"folder": "odd"}, {"folder": "x"}, modifiedDatetimeEnd="noon")

    assert found.error is not None
    assert "modifiedDatetimeEnd is a time in ISO 8601; found 'noon'." in found.error["message"]


def test_the_times_outlive_the_process(tmp_path: Path) -> None:
    clock = Clock()
    asyncio.run(_advance(clock))
    MovedTimes(State(tmp_path / "state", KEY), clock).wrote("PutBlob", '"0x1"')

    again = MovedTimes(State(tmp_path / "state", KEY), Clock())

    told = again.told([(b"etag", b'"0x1"'), (b"last-modified", b"Mon, 01 Jun 2026 12:00:00 GMT")])
    assert dict(told)[b"last-modified"] == b"Mon, 01 Jun 2026 13:00:00 GMT"


async def _advance(clock: Clock) -> None:
    clock.advance(HOUR)


def looked(running: Running, folder: str, *fields: str, file: str = "") -> Any:
    """The record of a Get Metadata."""
    reference = {"referenceName": "in", "type": "DatasetReference"}
    values = {"folder": folder, "file": file}
    own: dict[str, Any] = {
        "dataset": {**reference, "parameters": values},
        "fieldList": list(fields),
    }
    factory = Folder(datasets={"in": dataset("input")}, linked_services={"store": LINKED})
    return carried_out(running, activity("C", "GetMetadata", **own), factory)


def test_what_lies_in_a_folder_is_told_by_name_and_kind(running: Running) -> None:
    container = world.blobs().get_container_client("input")
    for name in ("a", "sub/b", "sub/c"):
        container.upload_blob(f"looked/{name}", b"1", overwrite=True)

    found = looked(running, "looked", "exists", "childItems")

    children = [{"name": "a", "type": "File"}, {"name": "sub", "type": "Folder"}]
    assert found.output == {"exists": True, "childItems": children}
    assert looked(running, "looked", "exists", file="a").output == {"exists": True}


@pytest.mark.parametrize(("folder", "file"), [("loo", ""), ("looked", "sub"), ("nowhere", "")])
def test_what_is_not_there_exists_not_where_that_was_asked(
    running: Running, folder: str, file: str
) -> None:
    assert looked(running, folder, "exists", file=file).output == {"exists": False}
    assert looked(running, folder, "childItems", file=file).status.value == "Failed"

"""Files chosen by when they were written, on a clock that was moved between the writes."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State
from local_azure.services.storage.moved_times import MovedTimes
from local_azure_tests.conftest import Running
from local_azure_tests.datafactory.files import Files, copy

HOUR = timedelta(hours=1)
KEY = b"A" * 43 + b"="


@pytest.fixture
def hours(files: Files) -> list[datetime]:
    """Three times, an hour apart: a file was written after each of the first two."""
    times = []
    for name in ("first", "second"):
        times.append(now(files.running))
        files.put("timed", name)
        files.running.call(files.running.azure.clock.advance, HOUR)
    return [*times, now(files.running)]


def now(running: Running) -> datetime:
    return running.call(running.azure.clock.now).replace(microsecond=0)


def between(files: Files, start: datetime, end: datetime) -> Any:
    """How many files a copy of those of a time says that it wrote."""
    times = {"modifiedDatetimeStart": start.isoformat(), "modifiedDatetimeEnd": end.isoformat()}
    return files.done(copy("timed", f"{start:%H%M%S}", **times)).output["filesWritten"]


def test_a_file_keeps_the_time_of_its_write_when_the_clock_is_moved_on(
    files: Files, hours: list[datetime]
) -> None:
    listed = {each.name: each.last_modified for each in files.source.list_blobs("timed/")}
    asked = files.source.get_blob_client("timed/second").get_blob_properties().last_modified

    assert hours[0] <= listed["timed/first"] < hours[1] <= listed["timed/second"] < hours[2]
    assert asked == listed["timed/second"]


def test_a_copy_takes_the_files_of_its_time_alone(files: Files, hours: list[datetime]) -> None:
    first, second, third = hours

    times = [(first, second), (second, third), (third, third + HOUR)]

    assert [between(files, *each) for each in times] == [1, 1, 0]
    assert files.below(f"{second:%H%M%S}") == [f"{second:%H%M%S}/second"]


def test_a_time_s_beginning_belongs_to_it_and_its_end_does_not(
    files: Files, hours: list[datetime]
) -> None:
    written = files.source.get_blob_client("timed/second").get_blob_properties().last_modified

    assert between(files, written, hours[2]) == 1
    assert between(files, hours[1], written) == 0


def test_a_time_that_is_none_fails_the_copy(files: Files) -> None:
    files.put("odd", "a")

    found = files.done(copy("odd", "x", modifiedDatetimeEnd="noon"))

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

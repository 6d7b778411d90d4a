"""A job's logs are read on from where they were read to, and tell how far it is."""

from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from batch_client import job_logs
from batch_client.job_logs import Logs, Progress
from batch_client.uris import BlobPlace

FOLDER = "ExperimentRun/dcid.run/"
OUT = f"{FOLDER}logs/user/stdout/process000.stdout.txt"
OVERVIEW = f"{FOLDER}logs/user/job_progress_overview"
LINE = (
    "2023-05-16T22:20:53.233813 Processed {} of 20000 mini batches in {}. "
    "Estimated remaining time 1:00:00.\n"
)


class Written(dict[str, bytes]):
    """A container of logs, by name."""

    def list_blobs(self, name_starts_with: str) -> Iterator[Any]:
        for name, content in self.items():
            if name.startswith(name_starts_with):
                yield SimpleNamespace(name=name, size=len(content))

    def download_blob(self, name: str, offset: int) -> Any:
        return SimpleNamespace(readall=lambda: self[name][offset:])


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    monkeypatch.setattr(job_logs, "log_places", lambda *_: [("", BlobPlace("https://a/c", FOLDER))])
    return Written()


def logs(written: Written) -> Logs:
    caller: Any = SimpleNamespace(container=lambda *_, **__: nullcontext(written))
    return Logs(caller, "job")


def test_what_is_new_is_read_once_and_a_letter_is_not_torn(written: Written) -> None:
    reading, letter = logs(written), "ü".encode()
    told = []
    for content in (b"a\n", b"a\n", b"a\nb" + letter[:1], b"a\nb" + letter):
        written[OUT] = content
        told.append("".join(text for _, text in reading.more()))

    assert told == ["a\n", "", "b", "ü"]


def test_a_log_that_got_shorter_was_written_anew(written: Written) -> None:
    reading = logs(written)
    written[OUT] = b"a long one"
    assert [*reading.more()] == [("user/stdout/process000.stdout.txt", "a long one")]
    written[OUT] = b"short"

    assert [text for _, text in reading.more()] == ["short"]


def test_of_a_long_log_the_end_is_read(written: Written) -> None:
    written[OUT] = b"x" * job_logs._LONGEST + b"the end"

    ((_, text),) = logs(written).more()

    assert len(text) == job_logs._LONGEST
    assert text.endswith("xthe end")


def test_progress_is_the_last_line_of_the_newest_overview(written: Written) -> None:
    written[f"{OVERVIEW}.20230516.txt"] = LINE.format(9, "0:10:00").encode()
    later = LINE.format(10, "0:11:00") + LINE.format(4117, "1 day, 5:02:14")
    written[f"{OVERVIEW}.20230517.txt"] = later.encode()
    written[OUT] = LINE.format(1, "0:00:01").encode()

    assert logs(written).progress() == [Progress("", 4117, 20000, "1 day, 5:02:14")]


def test_logs_without_such_a_line_tell_no_progress(written: Written) -> None:
    written[f"{OVERVIEW}.txt"] = b"2023-05-16T22:22:08.962071 The overviewer on 7 stopped.\n"

    assert logs(written).progress() == []

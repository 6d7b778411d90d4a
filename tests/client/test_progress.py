"""What a person sees while files move and jobs run."""

import io
import re

import pytest

from batch_client.cli import shown_on
from batch_client.progress import Lines, Progress, size
from batch_client.terminal import Bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_a_line_for_each_tenth_and_no_control_characters() -> None:
    stream = io.StringIO()
    progress = Lines(stream)

    for done in range(0, 2049, 64):
        progress.moved("upload a", done, 2048)

    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[-1] == "upload a: 100 % of 2.0 KiB"
    assert "\x1b" not in stream.getvalue()


def test_a_log_gets_a_state_once() -> None:
    stream = io.StringIO()
    progress = Lines(stream)

    for state in ("Queued", "Queued", "Running"):
        progress.state(state)

    assert stream.getvalue() == "Queued\nRunning\n"


def test_a_terminal_gets_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()

    with shown_on(stream, quiet=False) as progress:
        progress.moved("upload [a]", 512, 1024)
        progress.moved("upload [a]", 1024, 1024)
        progress.say("done [b]")
        progress.state("waiting")

    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", stream.getvalue())
    assert re.search(r"\rupload \[a\] ━+ 1.0/1.0 KiB [0-9.]+ .?B/s 0:00:00\ndone \[b\]\n", shown)
    assert re.search(r"\rwaiting . 0:00:00\n$", shown)
    assert stream.getvalue().endswith("\x1b[?25h")  # the cursor is back


def test_an_empty_file_is_done_at_once() -> None:
    stream = io.StringIO()

    Lines(stream).moved("upload a", 0, 0)

    assert stream.getvalue() == "upload a: 100 % of 0 bytes\n"


def test_the_stream_decides() -> None:
    for stream, quiet, kind in (
        (Terminal(), False, Bar),
        (io.StringIO(), False, Lines),
        (Terminal(), True, Progress),
    ):
        with shown_on(stream, quiet=quiet) as progress:
            assert type(progress) is kind


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (2 * 1024**3, "2.0 GiB")],
)
def test_sizes_are_for_people(count: int, shown: str) -> None:
    assert size(count) == shown

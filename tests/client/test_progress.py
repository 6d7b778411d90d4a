"""What a person sees while files move and jobs run."""

from __future__ import annotations

import io

import pytest

from batch_client.progress import Bar, Lines, Silence, shown_on, size


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


def test_a_terminal_gets_one_line_that_is_drawn_over() -> None:
    stream = Terminal()
    progress = Bar(stream)

    progress.moved("upload a", 512, 1024)
    progress.moved("upload a", 1024, 1024)
    progress.say("done")

    assert stream.getvalue().count("\n") == 2
    assert "#] upload a 100 % of 1.0 KiB\ndone\n" in stream.getvalue()


def test_an_empty_file_is_done_at_once() -> None:
    stream = io.StringIO()

    Lines(stream).moved("upload a", 0, 0)

    assert stream.getvalue() == "upload a: 100 % of 0 bytes\n"


def test_the_stream_decides() -> None:
    assert isinstance(shown_on(Terminal(), quiet=False), Bar)
    assert isinstance(shown_on(io.StringIO(), quiet=False), Lines)
    assert isinstance(shown_on(Terminal(), quiet=True), Silence)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (2 * 1024**3, "2.0 GiB")],
)
def test_sizes_are_for_people(count: int, shown: str) -> None:
    assert size(count) == shown

"""A long step tells how far it is, and fails with advice."""

import os
import re
import select
import sys
from pathlib import Path

import pytest

from tools import progress
from tools.errors import SetupError


def test_a_progress_line_says_step_elapsed_and_usual_seconds() -> None:
    assert progress.line("Pulumi CLI: compiling", 44.6, 3.5) == (
        "Pulumi CLI: compiling: 45 s, usually about 210 s"
    )


def test_a_step_tells_its_progress_while_it_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.01)

    child = [sys.executable, "-c", "import time; time.sleep(0.3)"]
    progress.run("slow", child, minutes=1, advice="")

    assert re.match(r"slow: \d+ s, usually about 60 s\n", capsys.readouterr().out)


def test_a_step_that_is_broken_off_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.01)
    grandchild = tmp_path / "grandchild"
    os.mkfifo(grandchild)
    started: list[int] = []

    def interrupt(*_: object) -> str:
        started.append(os.pidfd_open(int(grandchild.read_text())))
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "line", interrupt)
    script = f"sh -c 'echo $$ > {grandchild}; exec tail -f /dev/null' & wait"

    with pytest.raises(KeyboardInterrupt):
        progress.run("go", ["sh", "-c", script], minutes=1, advice="")

    assert select.select(started, [], [], 60)[0] == started


def test_a_failed_step_shows_the_end_of_its_output_and_what_to_do() -> None:
    program = "import sys; print(*range(40), sep='\\n'); sys.exit(3)"

    with pytest.raises(SetupError) as refused:
        progress.run("npm", [sys.executable, "-c", program], minutes=1, advice="Run make again.")

    assert str(refused.value).splitlines() == [
        f"npm failed ({sys.executable} ended with 3):",
        *map(str, range(25, 40)),
        "Run make again.",
    ]

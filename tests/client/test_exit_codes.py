"""What the shell gets from a command, and what stands beside it."""

import os
import sys
from contextlib import nullcontext
from unittest.mock import Mock

import pytest

from batch_client import caller
from batch_client.cli import main
from batch_client.environment import Environment
from batch_client.waiting import Clock
from tests.client.scripted import Scripted, Signed, job


@pytest.fixture(autouse=True)
def _signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Environment, "credential", lambda _: nullcontext(Signed()))


def test_a_reader_that_has_read_enough_changes_no_exit_code(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.gets = [job("Failed")]
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "w") as left:
        monkeypatch.setattr(sys, "stdout", left)
        assert main(["follow", "asked", "--scoring-uri", scripted.uri]) == 3


def test_ctrl_c_while_waiting_says_that_the_job_goes_on(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupting = Clock(sleep=Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr(caller, "Clock", lambda: interrupting)
    scripted.gets = [job("Running")]

    assert main(["follow", "asked", "--scoring-uri", scripted.uri]) == 130

    said = capsys.readouterr().err
    assert "The job asked goes on; `batch-events follow asked` waits for its end." in said
    assert said.endswith("error: Interrupted.\n")

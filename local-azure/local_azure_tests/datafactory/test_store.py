"""The journal of a run, as the next process finds it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.metrics import Metrics
from local_azure.control_plane.state import State
from local_azure.services.datafactory.records import Record, Status
from local_azure.services.datafactory.store import RunJournal, Runs
from local_azure_tests.conftest import NOON

FIRST = Record("A", "Wait", Status.IN_PROGRESS, id="1", inputs={"secret": "s3cr&t"})
SECOND = Record("B", "SetVariable", Status.IN_PROGRESS, place="Loop/3/", id="2")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[RunJournal]:
    state = State(tmp_path / "state.db", Fernet.generate_key())
    yield Runs(state, Clock(NOON), Metrics(state, Clock(NOON))).journal("run")
    state.close()


def test_records_come_in_the_order_in_which_they_were_written_last(journal: RunJournal) -> None:
    journal.note(FIRST)
    journal.note(SECOND)
    ended = replace(FIRST, status=Status.SUCCEEDED, output={"x": [1]}, variables={"v": "\u00fc"})
    journal.note(ended)

    assert list(journal.records()) == [SECOND, ended]

"""Client secrets rotate by the calendar, while files land: nothing fails, nothing is given up."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.stack.event_path.deployed import Deployed, on_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

FILES = int(os.environ.get("ROTATION_FILES", "30"))
ROTATIONS = 3
PERIOD = timedelta(days=90)
"""Half of the lifetime that a stack file has where it says nothing."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with on_its_own(tmp_path_factory.mktemp("azure")) as deployed:
        deployed.up()
        yield deployed


def test_three_rotations_while_files_land_lose_none_and_no_run_meets_an_ended_secret(
    stack: Deployed, digit: bytes
) -> None:
    renewed, urls = [], list[str]()
    for turn in range(1, ROTATIONS + 1):
        stack.advance(PERIOD)
        day = datetime.now(UTC).date() + turn * PERIOD
        stack.configure({"invoker": {"as_of": str(day)}})

        def drop(turn: int = turn) -> None:
            for number in range(FILES // ROTATIONS):
                urls.extend(stack.drop(f"incoming/{turn}-{number}.pgm", content=digit))

        dropping = threading.Thread(target=drop)
        dropping.start()
        printed = stack.up()
        dropping.join()
        renewed.append(printed.count(" created (") + printed.count(" deleted ("))
        stack.await_jobs(urls)

    jobs = [job["status"] for job in stack.await_jobs(urls)]
    runs = [run["status"] for url in urls for run in stack.runs_for(url)]
    assert renewed == [2] * ROTATIONS
    assert (jobs, runs) == (["Completed"] * len(urls), ["Succeeded"] * len(urls))

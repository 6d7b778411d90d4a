"""Each step of a verification is told with its number, its time, and where it stops."""

import pytest

from batch_client.errors import ClientError
from batch_client.progress import Progress
from batch_client.verify.steps import Steps, StoppedError
from batch_client.waiting import Clock


class Said(Progress):
    """What was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def test_a_step_is_told_with_its_time_and_the_one_that_stops_by_its_name() -> None:
    said, times = Said(), iter([10.0, 12.5, 20.0, 50.0])
    steps = Steps(said, Clock(now=lambda: next(times)))

    with steps.step("the workflow") as step:
        step.found = "Enabled"
    with (
        pytest.raises(StoppedError, match="It stops at: the job"),
        steps.step("the job"),
    ):
        raise ClientError("Look at its log.")

    assert said.lines == [
        " 1. ok       2.5 s  the workflow: Enabled",
        " 2. STOPS   30.0 s  the job",
    ]

"""Files of the same hour are scored by one job, on a clock that the tests move."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.page.site import Site
from batch_client.progress import Progress
from local_azure.control_plane.faults import Fault
from tests import PROJECT
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import on_its_own, until
from tests.stack.pipeline.piped import ENDS, EVER, Piped
from tests.stack.shell import CONFIRMED, NO_CHANGES, sample

PAGE = (PROJECT / "docs" / "data-factory.md").read_text(encoding="utf-8")
HOUR = timedelta(hours=1)
TRIGGER = "Score-Window"


class Windowed(Piped):
    """A stack whose files are scored hour by hour."""

    def configure_window(self, **changes: Any) -> None:
        """Write the window into the stack's file; the first one begins now."""
        now = self.running.call(self.running.azure.clock.now)
        start = (now - timedelta(seconds=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.window = {"every": "1h", "start": start, **changes}
        factory = {"poll_interval_seconds": 1, "window": self.window}
        self.configure({"data_factory": factory, "blob_events": {"enabled": False}})

    def trigger_state(self) -> str:
        """Whether the trigger is started."""
        with self.client() as client:
            told: Any = client.triggers.get(*self._factory(), TRIGGER)
            return str(told.properties.runtime_state.value)

    def windows(self) -> list[Any]:
        """The trigger's runs, oldest first."""
        with self.client() as client:
            return list(client.trigger_runs.query_by_factory(*self._factory(), EVER).value)

    def hour_ends(self, count: int) -> Any:
        """Move the clock on by an hour; the latest trigger run, once so many are over."""
        self.advance(HOUR)
        return self.over(count)

    def over(self, count: int) -> Any:
        """The latest trigger run, once there are so many and all are over."""

        def found() -> Any:
            runs = self.windows()
            ended = len(runs) == count and all(each.status in ENDS for each in runs)
            return runs[-1] if ended else None

        return until(found, f"{count} windows that are over")

    def again(self, window: Any) -> None:
        """Have a window worked on once more."""
        with self.client() as client:
            client.trigger_runs.rerun(*self._factory(), TRIGGER, window.trigger_run_id)

    @staticmethod
    def times(window: Any) -> list[datetime]:
        """Its start and its end."""
        told = [window.properties[f"window{end}Time"] for end in ("Start", "End")]
        return [datetime.strptime(f"{each}Z", "%m/%d/%Y %I:%M:%S %p%z") for each in told]

    def scored(self, window: Any) -> list[tuple[str, int]]:
        """File and digit of each row that a window's run wrote."""
        run = window.triggered_pipelines[TRIGGER]
        named = [each.strftime("%Y%m%d-%H%M%S") for each in self.times(window)]
        path = f"batch/{'_'.join(named)}/{run}/predictions.csv"
        return self.rows(self.workspace_blob(path))

    def billed(self, window: Any) -> int:
        """How many activities of its own a window's run had, those that ran."""
        with self.client() as client:
            run = window.triggered_pipelines[TRIGGER]
            found = client.activity_runs.query_by_pipeline_run(*self._factory(), run, EVER).value
        return sum(each.status != "Skipped" for each in found)

    def job_count(self) -> int:
        """How many jobs there are."""
        return len(self.running.call(self.running.azure.machinelearning.history, 100))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windowed]:
    """The stack, up; the tests run in their order, each goes on where the one before ended."""
    with on_its_own(tmp_path_factory.mktemp("azure"), Windowed) as made:
        made.configure_window()
        made.up()
        yield made


def test_up_starts_the_trigger_and_neither_another_up_nor_a_refresh_finds_a_change(
    stack: Windowed,
) -> None:
    assert stack.outputs["window_trigger_name"] == TRIGGER
    assert stack.trigger_state() == "Started"
    for command in ("up", "refresh"):
        stack.succeeds(command, *NO_CHANGES)


def test_the_files_of_an_hour_are_scored_by_one_job(stack: Windowed) -> None:
    for digit in (3, 7):
        stack.drop(f"incoming/{digit}.pgm", content=sample(digit))
    stack.advance(timedelta(minutes=1))

    window = stack.hour_ends(1)

    assert window.status == "Succeeded", window.message
    assert stack.scored(window) == [("3.pgm", 3), ("7.pgm", 7)]
    assert stack.job_count() == 1
    row = f"| `Score-Window` around `Score-Folder` | {stack.billed(window)} activity runs"
    assert row in PAGE


def test_the_client_tells_the_hour_of_a_file_and_of_its_job(
    stack: Windowed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start, end = stack.times(stack.windows()[0])
    client = Client(stack, tmp_path, capsys)

    (job,) = client("jobs")["jobs"]
    why = client.operator("why", "incoming/3.pgm")
    with (
        stack.signed_in(stack.rights_of_operators.values()),
        stack.shell(),
        Caller(Environment(stack.outputs), Progress()) as caller,
    ):
        page = Site(caller, 24).answer("/job", {"name": job["name"]}).body.decode()

    assert job["window"] == [start.isoformat(), end.isoformat()]
    told = f"{start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC"
    assert f"<p>It scores the files of the window {told}.</p>" in page
    spans = [(each["kind"], each["parent"]) for each in why["spans"] if each["kind"] != "activity"]
    run = stack.windows()[0].triggered_pipelines[TRIGGER]
    assert spans == [("file", ""), ("window", "file"), ("pipeline run", "window"), ("job", run)]
    assert why["spans"][1]["name"] == told
    assert why["why"] == f"The job {job['name']} is Completed."


def test_an_hour_without_files_starts_no_job(stack: Windowed) -> None:
    window = stack.hour_ends(2)

    assert (window.status, stack.job_count()) == ("Succeeded", 1)
    row = f"| `Score-Window` of an hour without files | {stack.billed(window)} activity runs; "
    assert row in PAGE


def test_a_late_file_is_scored_with_the_hour_in_which_it_lands(stack: Windowed) -> None:
    stack.drop("incoming/late.pgm", content=sample(5))
    stack.drop("incoming/3.pgm", content=sample(4))

    window = stack.hour_ends(3)

    assert stack.scored(window) == [("3.pgm", 4), ("late.pgm", 5)]


def test_a_failed_hour_is_repeated_by_one_job_and_a_scored_one_by_none(stack: Windowed) -> None:
    stack.drop("incoming/8.pgm", content=sample(8))
    stack.fail_invoke(status=503)
    failed = stack.hour_ends(4)
    assert (failed.status, stack.job_count()) == ("Failed", 2)

    stack.again(failed)
    repeated = stack.over(5)
    stack.again(failed)

    assert stack.scored(repeated) == [("8.pgm", 8)]
    marked = stack.over(6)
    assert (marked.status, stack.job_count()) == ("Succeeded", 3)
    assert f"activity runs; {stack.billed(marked)} of one that is scored" in PAGE


def test_an_hour_whose_job_failed_is_scored_by_another_job_at_another_path(
    stack: Windowed,
) -> None:
    stack.drop("incoming/6.pgm", content=sample(6))
    mount = Fault("*.blob.core.windows.net", "GET", "/inputs/copied/*/6.pgm", status=404, times=9)
    stack.running.call(stack.running.azure.faults.add, mount)
    failed = stack.hour_ends(7)
    stack.running.call(stack.running.azure.faults.clear)

    stack.again(failed)

    assert "ended with status Failed" in failed.message
    assert stack.scored(stack.over(8)) == [("6.pgm", 6)]


def test_a_window_is_scored_by_hand_for_the_times_that_are_given(stack: Windowed) -> None:
    start, end = stack.times(stack.windows()[0])
    times = {"windowStart": start.isoformat(), "windowEnd": end.isoformat()}
    jobs = stack.job_count()

    again = stack.ended(stack.run(TRIGGER, **times))
    whole = stack.ended(stack.run(TRIGGER, **{**times, "windowEnd": "2999-01-01T00:00:00Z"}))

    assert (again.status, whole.status, stack.job_count()) == ("Succeeded", "Succeeded", jobs + 1)


def test_a_changed_trigger_goes_on_where_it_was(stack: Windowed) -> None:
    window = {**stack.window, "max_concurrency": 2}
    stack.configure({"data_factory": {"poll_interval_seconds": 1, "window": window}})

    stack.up()

    assert stack.trigger_state() == "Started"
    assert stack.hour_ends(9).status == "Succeeded"


def test_verify_looks_at_the_trigger(
    stack: Windowed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Client(stack, tmp_path, capsys).verify()

    assert found["the trigger of windows"] == "Score-Window, Started"


@pytest.mark.long
def test_windows_of_another_length_are_another_trigger_s(stack: Windowed) -> None:
    stack.configure_window(every="30m")

    stack.up()

    assert (stack.trigger_state(), stack.windows()) == ("Started", [])


@pytest.mark.long
def test_without_windows_in_the_stack_file_there_is_no_trigger(stack: Windowed) -> None:
    stack.configure({"data_factory": {"poll_interval_seconds": 1}})

    stack.up()

    with stack.client() as client:
        assert list(client.triggers.list_by_factory(*stack._factory())) == []
    stack.configure_window()
    stack.up()


def test_destroy_leaves_nothing_though_the_trigger_is_started(stack: Windowed) -> None:
    assert stack.trigger_state() == "Started"

    stack.succeeds("destroy", *CONFIRMED)

    assert stack.state() == []


@pytest.mark.long
def test_from_a_factory_of_somebody_else_s_destroy_takes_the_trigger_where_the_program_runs(
    stack: Windowed,
) -> None:
    stack.configure_window()
    factory = {"existing": stack.factory("theirs"), "window": stack.window}
    stack.configure({"data_factory": factory})
    stack.up()

    assert "Cannot update enabled Trigger" in stack.refused("destroy", *CONFIRMED)
    stack.succeeds("destroy", *CONFIRMED, "--run-program", cold=True)

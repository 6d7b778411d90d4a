"""Files of the same hour are scored by one job, on a clock that the tests move."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import PROJECT
from tests.stack.event_path.client import Client, page_of
from tests.stack.event_path.deployed import brought_up, until
from tests.stack.pipeline.piped import ENDS, EVER, Piped
from tests.stack.shell import CONFIRMED, sample

PAGE = (PROJECT / "docs" / "data-factory.md").read_text(encoding="utf-8")
HOUR = timedelta(hours=1)
TRIGGER = "Score-Window"


class Windowed(Piped):
    """A stack whose files are scored hour by hour."""

    def windows_from_now(self, **changes: Any) -> dict[str, Any]:
        """The settings that make the window that begins now the first one."""
        now = self.running.call(self.running.azure.clock.now)
        start = (now - timedelta(seconds=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.window = {"every": "1h", "start": start, **changes}
        factory = {"poll_interval_seconds": 1, "window": self.window}
        return {"data_factory": factory, "blob_events": {"enabled": False}}

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


piped = brought_up(Windowed, Windowed.windows_from_now)
"""The stack; the tests run in their order, each goes on where the one before ended."""


def test_up_starts_the_trigger_and_neither_another_up_nor_a_refresh_finds_a_change(
    piped: Windowed,
) -> None:
    assert piped.outputs["window_trigger_name"] == TRIGGER
    assert piped.trigger_state() == "Started"
    piped.changes_nothing("up", "refresh")


def test_the_files_of_an_hour_are_scored_by_one_job(piped: Windowed) -> None:
    for digit in (3, 7):
        piped.drop(f"incoming/{digit}.pgm", content=sample(digit))
    piped.advance(timedelta(minutes=1))

    window = piped.hour_ends(1)

    row = f"| `Score-Window` around `Score-Folder` | {piped.billed(window)} activity runs"
    assert piped.scored(window) == [("3.pgm", 3), ("7.pgm", 7)]
    assert (window.status, piped.job_count()) == ("Succeeded", 1)
    assert row in PAGE


def test_a_job_tells_its_hour(piped: Windowed, client: Client) -> None:
    start, end = piped.times(piped.windows()[0])

    (job,) = client("jobs")["jobs"]
    page = page_of(piped, "/job", name=job["name"])

    assert job["window"] == [start.isoformat(), end.isoformat()]
    assert f"<p>It scores the files of the window {said(start, end)}.</p>" in page


def test_a_file_is_followed_through_its_hour_to_its_job(piped: Windowed, client: Client) -> None:
    window = piped.windows()[0]
    (job,) = client("jobs")["jobs"]

    why = client.operator("why", "incoming/3.pgm")

    spans = [(each["kind"], each["parent"]) for each in why["spans"] if each["kind"] != "activity"]
    run = window.triggered_pipelines[TRIGGER]
    assert spans == [("file", ""), ("window", "file"), ("pipeline run", "window"), ("job", run)]
    assert why["spans"][1]["name"] == said(*piped.times(window))
    assert why["why"] == f"The job {job['name']} is Completed."


def said(start: datetime, end: datetime) -> str:
    """A window as people read it."""
    return f"{start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC"


def test_an_hour_without_files_starts_no_job(piped: Windowed) -> None:
    window = piped.hour_ends(2)

    assert (window.status, piped.job_count()) == ("Succeeded", 1)
    row = f"| `Score-Window` of an hour without files | {piped.billed(window)} activity runs; "
    assert row in PAGE


def test_a_late_file_is_scored_with_the_hour_in_which_it_lands(piped: Windowed) -> None:
    piped.drop("incoming/late.pgm", content=sample(5))
    piped.drop("incoming/3.pgm", content=sample(4))

    window = piped.hour_ends(3)

    assert piped.scored(window) == [("3.pgm", 4), ("late.pgm", 5)]


def test_a_failed_hour_is_repeated_by_one_job_and_a_scored_one_by_none(piped: Windowed) -> None:
    piped.drop("incoming/8.pgm", content=sample(8))
    piped.fail_invoke(status=503)
    failed = piped.hour_ends(4)
    counts = [piped.job_count()]

    piped.again(failed)
    repeated = piped.over(5)
    piped.again(failed)
    marked = piped.over(6)

    counts.append(piped.job_count())
    assert (failed.status, marked.status, counts) == ("Failed", "Succeeded", [2, 3])
    assert piped.scored(repeated) == [("8.pgm", 8)]
    assert f"activity runs; {piped.billed(marked)} of one that is scored" in PAGE


def test_an_hour_whose_job_failed_is_scored_by_another_job_at_another_path(
    piped: Windowed,
) -> None:
    piped.drop("incoming/6.pgm", content=sample(6))
    mount = ("*.blob.core.windows.net", "GET", "/inputs/copied/*/6.pgm")
    piped.disturb(*mount, status=404, times=9)
    failed = piped.hour_ends(7)
    piped.calm()

    piped.again(failed)

    assert "ended with status Failed" in failed.message
    assert piped.scored(piped.over(8)) == [("6.pgm", 6)]


def test_a_window_is_scored_by_hand_for_the_times_that_are_given(piped: Windowed) -> None:
    start, end = piped.times(piped.windows()[0])
    times = {"windowStart": start.isoformat(), "windowEnd": end.isoformat()}
    jobs = piped.job_count()

    again = piped.ended(piped.run(TRIGGER, **times))
    whole = piped.ended(piped.run(TRIGGER, **{**times, "windowEnd": "2999-01-01T00:00:00Z"}))

    assert (again.status, whole.status, piped.job_count()) == ("Succeeded", "Succeeded", jobs + 1)


def test_a_changed_trigger_goes_on_where_it_was(piped: Windowed) -> None:
    window = {**piped.window, "max_concurrency": 2}

    piped.up_with(data_factory={"poll_interval_seconds": 1, "window": window})

    assert piped.trigger_state() == "Started"
    assert piped.hour_ends(9).status == "Succeeded"


def test_verify_looks_at_the_trigger(client: Client) -> None:
    assert client.verify()["the trigger of windows"] == "Score-Window, Started"


@pytest.mark.long
def test_windows_of_another_length_are_another_trigger_s(piped: Windowed) -> None:
    piped.up_with(**piped.windows_from_now(every="30m"))

    assert (piped.trigger_state(), piped.windows()) == ("Started", [])


@pytest.mark.long
def test_without_windows_in_the_stack_file_there_is_no_trigger(piped: Windowed) -> None:
    piped.up_with(data_factory={"poll_interval_seconds": 1})

    with piped.client() as client:
        assert list(client.triggers.list_by_factory(*piped._factory())) == []
    piped.up_with(**piped.windows_from_now())


def test_destroy_leaves_nothing_though_the_trigger_is_started(piped: Windowed) -> None:
    assert piped.trigger_state() == "Started"

    piped.succeeds("destroy", *CONFIRMED)

    assert piped.state() == []


@pytest.mark.long
def test_from_a_factory_of_somebody_else_s_destroy_takes_the_trigger_where_the_program_runs(
    piped: Windowed,
) -> None:
    piped.windows_from_now()
    piped.up_with(data_factory={"existing": piped.factory("theirs"), "window": piped.window})

    assert "Cannot update enabled Trigger" in piped.refused("destroy", *CONFIRMED)
    piped.succeeds("destroy", *CONFIRMED, "--run-program", cold=True)

"""Which jobs are found, and what a log says of why one failed."""

from datetime import UTC, datetime
from functools import cached_property
from threading import Barrier, get_ident
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from batch_client import commands_operating, operating
from batch_client.answers import RefusedError
from batch_client.caller import Caller
from batch_client.jobs import Job
from batch_client.reasoning import meaning, telling
from batch_client.rights import MissingRoleError
from batch_client.said_operating import DeadLettersList, DeadLettersReplay, Jobs
from tests.cases import cases_beside
from tests.client.manager import WORKSPACE, Manager, asking, refused

INPUTS = "https://inputs.blob.core.windows.net/inputs/in"
SEVEN = f"{INPUTS}/seven.pgm"
REASONS = cases_beside(__file__, "reasons")


def job(**properties: Any) -> Job:
    told = {"inputData": {"in": {"uri": SEVEN}}, "tags": {"event_id": "e-1"}, **properties}
    return Job("job-1", "Failed", told, deployment="blue")


@pytest.mark.parametrize(
    ("which", "taken"),
    [
        (Jobs(), True),
        (Jobs(deployment="blue", state="failed", event="e-1", file=SEVEN), True),
        (Jobs(deployment="green"), False),
        (Jobs(state="Completed"), False),
        (Jobs(event="e-2"), False),
        (Jobs(file=f"{INPUTS}/eight.pgm"), False),
        (Jobs(file=INPUTS), False),
    ],
    ids=["any", "all of it", "deployment", "state", "event", "file", "folder of its file"],
)
def test_a_job_is_found_by_what_is_known_of_it(which: Jobs, taken: bool) -> None:  # noqa: FBT001 a table
    assert operating.takes(which, job()) is taken


def test_a_file_is_found_in_a_jobs_folder() -> None:
    folder = job(inputData={"in": {"Uri": INPUTS.replace(".blob.", ".dfs.")}})

    assert operating.takes(Jobs(file=SEVEN), folder)


def test_a_job_without_tags_is_found_by_the_event_that_its_outputs_are_named_by() -> None:
    named = job(tags=None, outputData={"score": {"uri": "https://a/c/e-2/predictions.csv"}})

    assert operating.takes(Jobs(event="e-2"), named)


@pytest.mark.parametrize(
    ("command", "asked", "what"),
    [
        (commands_operating.jobs, Jobs(), "jobs."),
        (commands_operating.dead_letters_list, DeadLettersList(), "letters."),
        (commands_operating.dead_letters_replay, DeadLettersReplay(ids=[], all=True), "letters."),
    ],
    ids=["jobs", "dead letters", "to replay"],
)
def test_nothing_that_fits_is_said(
    command: Any, asked: Any, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = asking({})
    monkeypatch.setattr(nobody.progress, "say", said := mock.Mock())
    for name in ("operating.wanted", "dead_letters.listed"):
        monkeypatch.setattr(f"batch_client.{name}", lambda *_: iter(()))

    assert command(asked, nobody).lines == []
    assert [each.args[0].rpartition(" ")[2] for each in said.call_args_list] == [what]


def test_who_may_not_cancel_is_told_of_the_operators_role() -> None:
    job = mock.Mock(ended=False)
    manager = mock.Mock(post=mock.Mock(side_effect=refused(403)))
    jobs = mock.Mock(get=lambda _: job)
    nobody = asking({"workspace_id": WORKSPACE}, manager=manager, jobs=jobs)

    with pytest.raises(MissingRoleError, match=r"stack> operator …'.*AzureML Data Scientist"):
        operating.cancel(nobody, "job-1")


def run(name: str, day: int, experiment: str = "scoring", status: str = "Completed") -> Any:
    """A job in the workspace's list, made on that day of June."""
    made = {"createdAt": f"2026-06-{day:02}T12:00:00.1234567+00:00"}
    told = {"experimentName": experiment, "status": status}
    return {"name": name, "properties": told, "systemData": made}


def looked_up(name: str) -> Job:
    """A job as its endpoint tells it, which does not know every run of its experiment."""
    if status := {"theirs": 404, "broken": 500}.get(name):
        raise refused(status)
    return Job(name, "Completed", {})


def looking(pages: dict[str, Any]) -> Caller:
    """Who looks through these pages of the workspace's list."""
    outputs = {"workspace_id": WORKSPACE, "endpoint_name": "scoring"}
    return asking(outputs, manager=Manager(pages), jobs=SimpleNamespace(get=looked_up))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["new", "old", "failed"]),
        ({"since": datetime(2026, 6, 2, tzinfo=UTC)}, ["new"]),
        ({"state": "failed"}, ["failed"]),
    ],
)
def test_an_endpoint_s_jobs_are_those_of_its_experiment_to_the_last_page(
    asked: Any, found: list[str]
) -> None:
    pages = {
        f"{WORKSPACE}/jobs": {
            "value": [run("training", 1, "other"), run("theirs", 3)],
            "nextLink": "https://empty",
        },
        "https://empty": {"value": [], "nextLink": "https://more"},
        "https://more": {
            "value": [run("new", 3), run("old", 1), run("failed", 1, status="Failed")]
        },
    }

    assert [each.name for each in operating.listed(looking(pages), **asked)] == found


def test_jobs_are_read_several_at_a_time_and_told_in_their_order() -> None:
    both = Barrier(2, timeout=10)

    def get(name: str) -> Job:
        both.wait()
        return Job(name, "Completed", {})

    pages = {f"{WORKSPACE}/jobs": {"value": [run(f"job-{n}", 1) for n in range(40)]}}
    caller = looking(pages)
    caller.__dict__["jobs"] = SimpleNamespace(get=get)

    assert [each.name for each in operating.listed(caller)] == [f"job-{n}" for n in range(40)]


def test_what_reads_the_jobs_is_made_before_threads_share_it() -> None:
    made_by: list[int] = []

    class Looking(Caller):
        @cached_property
        def jobs(self) -> Any:
            made_by.append(get_ident())
            return SimpleNamespace(get=looked_up)

    caller = looking({f"{WORKSPACE}/jobs": {"value": [run("new", 3)]}})
    del caller.__dict__["jobs"]
    caller.__class__ = Looking

    assert [each.name for each in operating.listed(caller)] == ["new"]
    assert made_by == [get_ident()]


def test_after_a_page_of_older_jobs_no_further_one_is_asked_for() -> None:
    page = {"value": [run("old", 1), run("training", 1, "other")], "nextLink": "https://not-there"}
    pages = {f"{WORKSPACE}/jobs": page}

    assert list(operating.listed(looking(pages), datetime(2026, 6, 2, tzinfo=UTC))) == []


def test_a_run_of_no_known_time_is_looked_up_and_what_fails_then_is_told() -> None:
    broken = {**run("broken", 1), "systemData": None}
    pages = {f"{WORKSPACE}/jobs": {"value": [broken]}}

    with pytest.raises(RefusedError, match="500"):
        list(operating.listed(looking(pages), datetime(2026, 6, 2, tzinfo=UTC)))


def test_jobs_in_another_state_are_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = mock.Mock(return_value=[])
    monkeypatch.setattr(operating, "listed", listed)

    assert list(operating.wanted(looking({}), Jobs(state="failed"))) == []
    assert listed.call_args.kwargs == {"state": "failed"}


@pytest.mark.parametrize("case", REASONS["logs"].values(), ids=REASONS["logs"])
def test_a_log_tells_exceptions_and_what_is_known(case: dict[str, Any]) -> None:
    assert telling(case["log"]) == case["told"]


@pytest.mark.parametrize(("said", "first"), REASONS["messages"].items())
def test_a_message_is_told_in_words(said: str, first: str) -> None:
    assert meaning(said).startswith(first)
    assert bool(meaning(said)) is bool(first)

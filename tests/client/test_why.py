"""What `why` makes of a file's way, as Azure tells each part of it."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError

from batch_client import dead_letters, operating, reasoning, tracing, windows
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.errors import UsageError
from batch_client.jobs import Job
from batch_client.pipelines import PipelineRun
from batch_client.rights import READ, MissingRoleError, Need
from batch_client.spans import Span
from batch_client.tracing import Tracing
from batch_client.verify import runs
from batch_client.verify.filters import Filter
from batch_client.verify.resources import Resources
from batch_client.verify.runs import Run, Runs, Started
from tests.client.manager import asking, refused

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BEFORE, SOON = "2026-06-01T11:00:00Z", "2026-06-01T12:01:00Z"
ENDS = "2026-06-01T12:02:00Z"
INPUTS = "https://inputs.blob.core.windows.net/inputs"
SEVEN = f"{INPUTS}/in/a seven.pgm"
BEGINS = "/blobServices/default/containers/inputs/blobs/in/"
FILES = Filter("account", BEGINS, ".pgm", skips_empty=True)
FILES_AND_EMPTY = Filter("account", BEGINS, ".pgm")
MARKERS = Filter("account", BEGINS, "/_SUCCESS", skips_empty=True)
OUTPUTS = {
    "container_url": INPUTS,
    "input_folder": "in/",
    "blob_event_subscription_id": "/x/eventSubscriptions/to-workflow",
    "dead_letter_account": "letters",
    "workflow_id": "/w",
    "factory_id": "/f",
    "window_trigger_name": "Score-Window",
}
OTHER = {"id": "e-2", "data": {"url": f"{INPUTS}/in/eight.pgm"}}
EVENT = {"id": "e-1", "data": {"url": SEVEN.replace(" ", "%20")}}
ENDED = {"deadLetterReason": "MaxDeliveryAttemptsExceeded", "lastDeliveryOutcome": "Busy"}
RUN = Run("run", "Succeeded", EVENT, SOON, SOON)
OTHERS = Run("another", "Succeeded", OTHER, SOON, SOON)


Traced = Callable[..., Tracing]


def job(url: str, status: str = "Completed", created: str = SOON, **more: Any) -> Job:
    """A job of one input."""
    return Job("job", status, {"inputData": {"in": {"uri": url}}, **more}, created)


def action(name: str, status: str, **more: Any) -> dict[str, Any]:
    """An action of the workflow's run, as Azure tells it."""
    return {"name": name, "properties": {"status": status, **more}}


def pipeline_run(name: str, value: str, **more: Any) -> dict[str, Any]:
    """A run of the data factory, as Azure tells it."""
    return {"runId": name, "parameters": {"input": value}, **more}


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Traced:
    """Of a file, or of an event, in an environment whose parts hold what is said."""

    def look(what: str = "in/a seven.pgm", size: int | None = 5, **held: Any) -> Tracing:
        def properties(path: str) -> Any:
            if size is None or "/" not in path:
                raise ResourceNotFoundError
            return SimpleNamespace(last_modified=NOW, size=size)

        def between(of: str, since: datetime, until: datetime | None) -> Any:
            asked.append((of, since, until))
            return iter(held.get(of, []))

        def blob(path: str) -> Any:
            return SimpleNamespace(get_blob_properties=partial(properties, path))

        client = SimpleNamespace(get_blob_client=blob)
        monkeypatch.setattr(Resources, "filter", lambda _: held.get("chosen", FILES))
        monkeypatch.setattr(Runs, "between", lambda _, *times: between("runs", *times))
        monkeypatch.setattr(Runs, "actions", lambda *_: held.get("actions", []))
        monkeypatch.setattr(runs, "replied", lambda _: held.get("started"))

        def listed(_: Caller, since: datetime) -> Any:
            found = held.get("jobs", [])
            return (each for each in found if datetime.fromisoformat(each.created) >= since)

        monkeypatch.setattr(operating, "listed", listed)
        monkeypatch.setattr(windows, "of_file", held.get("window", lambda *_: None))
        letters = [Letter(each, NOW, "X/1.json") for each in held.get("letters", [])]
        monkeypatch.setattr(dead_letters, "listed", held.get("listed", lambda *_: iter(letters)))
        line = SimpleNamespace(line="its script said no")
        monkeypatch.setattr(reasoning, "why", lambda *_: [line])
        caller = asking(
            {key: told for key, told in OUTPUTS.items() if key not in held.get("without", ())},
            container=lambda *_: nullcontext(client),
            history=SimpleNamespace(times=lambda _: (SOON, ENDS)),
            pipelines=SimpleNamespace(
                between=partial(between, "pipelines"),
                get=lambda run: PipelineRun(run, "Failed", "no such folder"),
                activities=lambda _: iter(held.get("activities", [])),
                need=lambda step, *_: Need(step, READ, "the factory"),
            ),
        )
        found = Tracing(caller, 2.0)
        (found.of_file if "." in what else found.of_event)(what)
        return found

    asked: list[Any] = []
    look.asked = asked  # type: ignore[attr-defined]
    return look


def test_a_name_alone_is_that_of_a_file_in_the_watched_folder(traced: Traced) -> None:
    assert traced("a seven.pgm").document()["file"] == SEVEN


FAILED = [action("Invoke", "Failed", code="BadRequest", error={"message": "no"})]
BELOW = Span("window", "file", "verdict", "Score-Window", "refused", reason="it lies below")
NOTHING = "Nothing came of it: "
NO_RUN = f"{NOTHING}no run, no job and no dead letter."
TOLD: list[tuple[str, dict[str, Any], str]] = [
    ("a job", {"runs": [RUN], "jobs": [job(SEVEN)]}, "The job job is Completed."),
    ("of its folder", {"jobs": [job(f"{INPUTS}/in/")]}, "The job job is Completed."),
    ("another's job", {"jobs": [job(f"{INPUTS}/in/eight.pgm")]}, NO_RUN),
    ("a former job", {"jobs": [job(SEVEN, created=BEFORE)]}, NO_RUN),
    ("a job that runs", {"jobs": [job(SEVEN, "Running")]}, "The job job is Running."),
    (
        "a job that failed",
        {"letters": [{**EVENT, **ENDED}], "jobs": [job(SEVEN, "Failed")]},
        "The job job is Failed: its script said no",
    ),
    (
        "a job with the event's tag",
        {"runs": [RUN], "jobs": [job("azureml://copies/7", tags={"event_id": "e-1"})]},
        "The job job is Completed.",
    ),
    (
        "a run that failed",
        {"runs": [OTHERS, RUN], "actions": FAILED},
        "The workflow run run is Succeeded: failed at Invoke (BadRequest). The payload has to fit",
    ),
    ("another's run", {"runs": [OTHERS]}, NO_RUN),
    (
        "a dead letter",
        {"runs": [RUN], "letters": [{**OTHER, **ENDED}, {**EVENT, **ENDED}]},
        "The dead letter e-1 is given up: MaxDeliveryAttemptsExceeded, Busy",
    ),
    (
        "a pipeline's run",
        {"pipelines": [pipeline_run("p-2", OTHER["data"]["url"]), pipeline_run("p", SEVEN)]},  # type: ignore[index]
        "The pipeline run p is Failed: no such folder",
    ),
    (
        "a run that another called",
        {"pipelines": [pipeline_run("p", SEVEN, invokedBy={"pipelineRunId": "outer"})]},
        NO_RUN,
    ),
    ("another name, decoded twice", {"what": "in/a%20seven.pgm", "runs": [RUN]}, NO_RUN),
    ("a name of a URL's signs", {"what": "in/100%#?.pgm"}, NO_RUN),
    ("no file", {"size": None}, f"{NOTHING}there is no in/a seven.pgm in https://"),
    ("an empty file", {"size": 0}, f"{NOTHING}it is empty, and"),
    ("an empty one that is taken", {"size": 0, "chosen": FILES_AND_EMPTY}, NO_RUN),
    ("no marker", {"chosen": MARKERS, "size": 0}, NO_RUN),
    ("another folder", {"what": "out/seven.pgm"}, f"{NOTHING}its path does not begin with '/blob"),
    ("another name", {"what": "in/seven.txt"}, f"{NOTHING}its name does not end with '.pgm'"),
    ("an event", {"what": "e-1", "runs": [RUN]}, "The workflow run run is Succeeded."),
    (
        "a file of no event",
        {"without": ["blob_event_subscription_id"]},
        f"{NOTHING}the stack has no blob events (blob_events.enabled), and no run has read it.",
    ),
    (
        "a file of no window",
        {"without": ["blob_event_subscription_id"], "window": lambda *_: BELOW},
        f"{NOTHING}it lies below.",
    ),
    ("a file that an event tells and no window takes", {"window": lambda *_: BELOW}, NO_RUN),
    (
        "another event",
        {"what": "e-3", "runs": [RUN], "pipelines": [pipeline_run("p", "x")]},
        NO_RUN,
    ),
]


@pytest.mark.parametrize(("held", "said"), [each[1:] for each in TOLD], ids=[e[0] for e in TOLD])
def test_the_furthest_that_a_file_came_is_told(
    traced: Traced, held: dict[str, Any], said: str
) -> None:
    assert traced(**held).sentence.startswith(said)


def test_of_a_word_that_nothing_has_as_its_id_is_told_how_a_file_is_asked_for(
    traced: Traced,
) -> None:
    assert traced("seven").sentence.endswith("asked for by its path, or with its extension.")


RUNS = {each: f"{each}f0c29c1-4e0f-4d9e-9d43-1c9c5a7d1e11" for each in "56"}
OVER = f"{NOTHING}its window, W, is over, and no run of it is told."


def refusing(status: int) -> Any:
    """A service refuses."""
    raise refused(status, '{"code": "No"}')


def window_run(name: str, pipeline: str = "Score-Window", **more: Any) -> dict[str, Any]:
    """A run for the hour in which the file landed, as Azure tells it."""
    hour = {"windowStart": "2026-06-01T12:00:00Z", "windowEnd": "2026-06-01T13:00:00Z"}
    return {"runId": RUNS[name], "pipelineName": pipeline, "parameters": hour, **more}


def window_job(run: str) -> Job:
    """A job that such a run started."""
    score = {"uri": f"azureml://x/20260601-120000_20260601-130000/{RUNS[run]}/predictions.csv"}
    return job(f"azureml://x/copied/{RUNS[run]}/", outputData={"score": score})


WINDOWS: dict[str, tuple[dict[str, Any], str]] = {
    "its run": ({"pipelines": [window_run("5")]}, f"The pipeline run {RUNS['5']} is Failed: no"),
    "another pipeline's": ({"pipelines": [window_run("5", "Theirs")]}, OVER),
    "its job": (
        {"pipelines": [window_run("6"), window_run("5")], "jobs": [window_job("5")]},
        "The job job is Completed.",
    ),
    "its job, by a run that another called": (
        {
            "pipelines": [window_run("5", invokedBy={"pipelineRunId": "outer"})],
            "jobs": [window_job("5")],
        },
        "The job job is Completed.",
    ),
    "another stack's job": (
        {"pipelines": [window_run("5", "Theirs")], "jobs": [window_job("5")]},
        OVER,
    ),
    "a job, where no run may be read": (
        {"pipelines": map(refusing, [403]), "jobs": [window_job("5")]},
        "The job job is Completed.",
    ),
}


@pytest.mark.parametrize(("held", "said"), WINDOWS.values(), ids=WINDOWS)
def test_a_file_s_window_is_followed_to_the_stack_s_own_run_and_job(
    traced: Traced, monkeypatch: pytest.MonkeyPatch, held: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(tracing, "KEPT", timedelta(days=9999))
    span = Span("window", "file", "window", "W", "over")

    assert traced(window=lambda *_: span, **held).sentence.startswith(said)


def test_a_window_s_job_is_told_by_its_times_alone_once_the_factory_keeps_no_runs(
    traced: Traced,
) -> None:
    span = Span("window", "file", "window", "W", "over")

    assert traced(window=lambda *_: span, jobs=[window_job("5")]).sentence.startswith("The job")


def may_not(*_: Any) -> Any:
    """Whoever asks has no role."""
    raise MissingRoleError("You may not.")


UNREAD: dict[str, tuple[dict[str, Any], list[str], str]] = {
    "dead letters": ({"listed": may_not, "jobs": [job(SEVEN)]}, ["job"], "The dead letters"),
    "jobs": ({"runs": [RUN], "jobs": map(refusing, [404])}, ["workflow run"], "The jobs"),
    "a trigger": (
        {"window": lambda *_: refusing(404), "jobs": [job(SEVEN)]},
        ["job"],
        "The window",
    ),
    "the first run's pipeline": (
        {
            "runs": [RUN, replace(RUN, name="again")],
            "started": Started("run", "p"),
            "activities": map(refusing, [404]),
        },
        ["workflow run", "workflow run", "pipeline run"],
        "The pipeline run p",
    ),
}


@pytest.mark.parametrize(("held", "kinds", "what"), UNREAD.values(), ids=UNREAD)
def test_what_can_t_be_read_is_told_and_the_rest_is_found(
    traced: Traced, held: dict[str, Any], kinds: list[str], what: str
) -> None:
    found = traced(**held)

    assert [each.kind for each in found.spans] == ["file", "verdict", *kinds]
    assert found.untold[0].startswith(f"{what} could not be read. ")
    assert "metrics of the event subscription alone" in found.untold[-1]


def test_runs_are_looked_for_around_the_file_s_landing_first_and_then_for_a_day(
    traced: Traced,
) -> None:
    traced()

    first, soon = NOW - timedelta(minutes=5), NOW + timedelta(minutes=2)
    last = NOW + timedelta(hours=25)
    asked = [("runs", first, soon), ("runs", soon, last), ("pipelines", first, last)]
    assert traced.asked == asked  # type: ignore[attr-defined]


def test_an_event_is_not_looked_for_in_the_factory_whose_runs_tell_no_event(traced: Traced) -> None:
    traced("e-1")

    assert [of for of, *_ in traced.asked] == ["runs"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("state", "end"), [("Completed", ENDS), ("Running", "")])
def test_a_job_has_its_end_once_it_is_over(traced: Traced, state: str, end: str) -> None:
    (found,) = [each for each in traced(jobs=[job(SEVEN, state)]).spans if each.kind == "job"]

    assert (found.start, found.end) == (SOON, end)


@pytest.mark.parametrize(("name", "state"), [("in/7.pgm", "taken"), ("in/7.txt", "refused")])
def test_the_verdict_is_whether_the_filter_takes_it(traced: Traced, name: str, state: str) -> None:
    (verdict,) = [each for each in traced(name).spans if each.kind == "verdict"]

    assert (verdict.name, verdict.state) == ("to-workflow", state)


@pytest.mark.parametrize(
    ("started", "found"),
    [(Started("run", "p"), [("p", "run")]), (Started("job", "job"), [("p", "")])],
    ids=["by the workflow", "by somebody else"],
)
def test_a_pipeline_s_run_is_told_once_below_what_started_it(
    traced: Traced, started: Started, found: list[tuple[str, str]]
) -> None:
    told = traced(runs=[RUN], started=started, pipelines=[pipeline_run("p", SEVEN)])

    runs = [each for each in told.spans if each.kind == "pipeline run"]
    assert [(each.id, each.parent) for each in runs] == found


def test_where_not_every_run_was_read_that_is_told(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "_MOST", 1)
    found = traced(runs=[OTHERS, RUN])

    assert found.sentence.startswith(NO_RUN)
    assert found.untold[0] == ("Of the workflow's runs since 2026-06-01 11:55 only 1 were read.")


def test_each_step_stands_below_its_run(traced: Traced) -> None:
    skipped = action("Reply", "Skipped", code="ActionSkipped", startTime=SOON)
    late = action("Authorize", "TimedOut", code="ActionTimedOut")
    found = traced(runs=[RUN], actions=[*FAILED, late, skipped], jobs=[job(SEVEN)])

    steps = [each for each in found.spans if each.parent == "run"]
    assert [(each.id, each.state, each.reason, each.start) for each in steps] == [
        ("run/Invoke", "Failed", "no", ""),
        ("run/Authorize", "TimedOut", "ActionTimedOut", ""),
        ("run/Reply", "Skipped", "", SOON),
        ("job", "Completed", "", SOON),
    ]
    assert "  action Invoke: Failed: no" in found.lines()
    assert "job job: Completed (2026-06-01T12:01:00)" in found.lines()


def test_a_parse_json_says_which_field_does_not_fit(
    traced: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "Invalid type. Expected String but got Null."
    errors = [{"path": "value[0].name", "message": message}, {"message": "No place."}]
    monkeypatch.setattr(runs, "fetch", lambda _: {"errors": errors})
    error = {"code": "ValidationFailed", "message": "The schema validation failed."}
    failed = action("Parse", "Failed", error=error, outputsLink={"uri": "https://s/x"})
    others = action("Get", "Failed", error={"code": "NotFound"}, outputsLink={"uri": "https://s/x"})
    found = traced(runs=[RUN], actions=[failed, others])

    assert "  action Get: Failed" in found.lines()
    told = f"  action Parse: Failed: The schema validation failed. value[0].name: {message}"
    assert f"{told}; No place." in found.lines()


def test_a_pipeline_s_activities_say_why_they_failed(traced: Traced) -> None:
    failed = {"activityName": "Copy", "status": "Failed", "error": {"message": "denied"}}
    found = traced(pipelines=[pipeline_run("p", SEVEN)], activities=[failed])

    assert "  activity Copy: Failed: denied" in found.lines()


def test_of_a_stack_without_blob_events_nothing_is_said_of_deliveries(traced: Traced) -> None:
    found = traced(without=["blob_event_subscription_id"], letters=[{**EVENT, **ENDED}])

    assert (found.untold, [each.kind for each in found.spans]) == ([], ["file", "verdict"])


def test_an_address_with_a_signature_is_refused_and_the_signature_not_told(traced: Traced) -> None:
    with pytest.raises(UsageError, match="leave signatures out") as refusal:
        traced(f"{SEVEN}?sig=s3cret")

    assert "s3cret" not in str(refusal.value)


def test_case_matters_to_a_filter() -> None:
    assert len(list(FILES.refusals("inputs", "IN/seven.PGM", None))) == 2

"""Which window of time a job, a run and a file are of."""

from datetime import UTC, datetime
from typing import Any

import pytest

from batch_client import windows
from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.jobs import Job
from batch_client.page import views
from batch_client.page.elements import document
from batch_client.page.recent import Row
from batch_client.spans import Span, sentences
from tests.cases import cases_beside
from tests.client.manager import Manager, asking

INPUTS = "https://inputs.blob.core.windows.net/inputs"
RUN = "5f0c29c1-4e0f-4d9e-9d43-1c9c5a7d1e11"
COPIES = f"azureml://datastores/inputs/paths/copied/{RUN}/"
WRITES = (
    f"azureml://datastores/out/paths/batch/20261201-000000_20261201-010000/{RUN}/predictions.csv"
)
LABEL = "window 2026-12-01 00:00:00 to 2026-12-01 01:00:00 UTC"
END = "2026-12-01T13:00:00"
SPANS = cases_beside(__file__, "windows")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PIPELINE = {
    "parameters": {
        "source_container": {"defaultValue": "inputs"},
        "source_folder": {"defaultValue": "in/"},
    }
}


def job(reads: str = COPIES, writes: str = WRITES) -> Job:
    given = {"inputData": {"in": {"uri": reads}}, "outputData": {"score": {"uri": writes}}}
    return Job("job", "Completed", given)


@pytest.mark.parametrize(
    ("scored", "label"),
    [
        (job(), LABEL),
        (job(COPIES.rstrip("/")), LABEL),
        (job(writes=WRITES.removesuffix("/predictions.csv")), LABEL),
        (job(f"{INPUTS}/in/seven.pgm"), ""),
        (job(writes="azureml://datastores/out/paths/batch/e-1/predictions.csv"), ""),
    ],
    ids=[
        "a window's",
        "a folder read without the slash at its end",
        "a folder written without it",
        "another's input",
        "another's output",
    ],
)
def test_a_job_s_window_is_told_by_where_it_reads_and_writes(scored: Job, label: str) -> None:
    assert windows.label(scored) == label


RUNS: dict[str, tuple[dict[str, str], set[str]]] = {
    "its first moment": ({"windowStart": "2026-12-01T12:00:00Z", "windowEnd": f"{END}Z"}, {RUN}),
    "the next one's": ({"windowStart": "2026-12-01", "windowEnd": "2026-12-01T12:00:00"}, set()),
    "no end": ({"windowStart": "2026-12-01T12:00:00Z"}, set()),
    "no times": ({"windowStart": "monday", "windowEnd": "tuesday"}, set()),
}


@pytest.mark.parametrize(("given", "scoring"), RUNS.values(), ids=RUNS)
def test_a_moment_is_of_the_window_that_begins_with_it(
    given: dict[str, str], scoring: set[str]
) -> None:
    run = {"runId": RUN, "pipelineName": "Score-Window", "parameters": given}

    assert windows.scoring([run], "Score-Window", NOON) == scoring


def trigger(**changes: Any) -> dict[str, Any]:
    hours = {"frequency": "Hour", "interval": 6, "startTime": "2026-12-01T00:00:00Z"}
    told = {"typeProperties": hours | {"delay": "1.00:30:00"} | changes, "runtimeState": "Started"}
    return told | {key: changes[key] for key in changes if key == "runtimeState"}


@pytest.mark.parametrize("case", SPANS.values(), ids=SPANS)
def test_a_file_s_window_says_when_it_is_scored(case: dict[str, Any]) -> None:
    told = trigger(**case.get("trigger", {}))

    found = windows._span(told, NOON, datetime.fromisoformat(case["now"]))

    assert [found.name.removesuffix(" UTC"), found.state, found.reason] == case["told"]


def test_the_page_names_a_window_s_job_by_its_window() -> None:
    row = Row(COPIES, COPIES, jobs=[job()])

    told = document("Files", *views.files([row], {}, [], lambda _: "")).decode()

    assert f">{LABEL}</a>" in told


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("it is scored soon", "Nothing came of it: its window, W, is open: it is scored soon."),
        ("", "Nothing came of it: its window, W, is open, and no run of it is told."),
    ],
)
def test_a_file_without_a_job_is_explained_by_its_window(reason: str, sentence: str) -> None:
    assert next(sentences([Span("w", "", "window", "W", "open", reason=reason)])) == sentence


THEIRS = "https://exports.blob.core.windows.net"
TAKEN: dict[str, tuple[str, str | None, list[str]]] = {
    "in its folder": ("in/seven.pgm", "https://inputs.blob.core.windows.net/", ["window"]),
    "below it": ("in/below/seven.pgm", "https://inputs.blob.core.windows.net/", ["verdict"]),
    "beside it": ("seven.pgm", "https://inputs.blob.core.windows.net/", ["verdict"]),
    "where windows copy from another account": ("in/seven.pgm", THEIRS, ["verdict"]),
    "where that account is not told": ("in/seven.pgm", None, []),
}


@pytest.mark.parametrize(("path", "account", "kinds"), TAKEN.values(), ids=TAKEN)
def test_a_window_takes_the_files_of_its_folder_and_none_below(
    path: str, account: str | None, kinds: list[str]
) -> None:
    files = {"linkedServiceName": {"referenceName": "SourceStorage"}}
    answers = {
        "/f/pipelines/Score-Window": {"properties": PIPELINE},
        "/f/datasets/SourceFiles": {"properties": files},
        "/f/linkedservices/SourceStorage": {
            "properties": {"typeProperties": {"serviceEndpoint": account}}
        },
        "/f/triggers/Score-Window": {"properties": trigger()},
    }
    outputs = {"window_trigger_name": "Score-Window", "factory_id": "/f"}
    caller = asking(outputs, manager=Manager(answers))

    found = windows.of_file(caller, f"{INPUTS}/{path}", NOON)

    assert [each.kind for each in [found] if each] == kinds


def of_trigger(state: str) -> Caller:
    manager = Manager({"/f/triggers/Score-Window": {"properties": {"runtimeState": state}}})
    return asking({"window_trigger_name": "Score-Window", "factory_id": "/f"}, manager=manager)


def test_a_trigger_that_is_started_proves_that_windows_are_scored() -> None:
    assert windows.trigger_state(of_trigger("Started")) == "Score-Window, Started"


def test_a_trigger_that_is_stopped_is_refused_with_what_starts_it() -> None:
    with pytest.raises(ClientError, match="is Stopped, so no window is scored: start it"):
        windows.trigger_state(of_trigger("Stopped"))

"""``runs``: what caused what, from what the services tell."""

from __future__ import annotations

from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.commands.console_client import Console

WHEN = "2026-06-01T12:00:00.000000"


def activity(name: str, output: dict[str, Any], message: str = "") -> dict[str, Any]:
    return {
        "activityName": name,
        "activityType": "WebActivity",
        "status": "Failed" if message else "Succeeded",
        "durationInMs": 7,
        "output": output,
        "error": {"message": message},
    }


def pipeline_run(run: str, *activities: dict[str, Any], caller: str = "") -> dict[str, Any]:
    return {
        "runId": run,
        "pipelineName": f"pipeline-{run}",
        "status": "Succeeded",
        "message": "",
        "invokedBy": {"pipelineRunId": caller} if caller else {},
        "activities": list(activities),
    }


EVENT = {
    "event": {"id": "e", "eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobs/marker"},
    "published": WHEN,
    "deliveries": [],
}
WORKFLOW_RUN = {
    "run": "w",
    "status": "Succeeded",
    "response_status": 200,
    "trigger": {"outputs": {"body": [{"id": "e"}]}},
    "actions": [
        {
            "name": "Start",
            "type": "Http",
            "status": "Succeeded",
            "started": WHEN,
            "ended": WHEN,
            "outputs": {"body": {"runId": "outer"}},
        }
    ],
}
JOB = {
    "name": "job-1",
    "status": "Completed",
    "states": [{"status": "Queued"}, {"status": "Completed"}],
    "request_id": None,
    "output": "azureml://datastores/d/paths/p",
    "error": "",
    "logs": "",
}
INNER = pipeline_run("inner", activity("Invoke", {"name": "job-1"}), caller="outer")
OUTER = pipeline_run("outer", activity("Call", {}))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the console tells; newest first."""
    history: dict[str, list[Any]] = {
        "events": [EVENT],
        "workflow_runs": [WORKFLOW_RUN],
        "pipeline_runs": [INNER, OUTER],
        "jobs": [JOB],
    }

    class Told:
        def get(self, _: str) -> dict[str, list[Any]]:
            return history

    monkeypatch.setattr(Console, "of", lambda _: Told())
    return history


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert cli.main(["show", "runs"]) == 0
    return capsys.readouterr().out.splitlines()


def test_each_run_and_job_stands_below_what_caused_it(
    told: dict[str, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert told
    assert shown(capsys) == [
        "2026-06-01 12:00:00 BlobCreated /blobs/marker (event e)",
        "  no subscription wanted it",
        "  workflow run w: Succeeded, answered 200",
        "    Start: Succeeded (Http, 0 ms)",
        "    pipeline run outer (pipeline-outer): Succeeded",
        "      Call: Succeeded (WebActivity, 7 ms)",
        "      pipeline run inner (pipeline-inner): Succeeded",
        "        Invoke: Succeeded (WebActivity, 7 ms)",
        "  job job-1: Completed",
        "    Queued > Completed",
        "    wrote azureml://datastores/d/paths/p",
    ]


def test_a_run_whose_cause_is_not_among_them_is_shown_all_the_same(
    told: dict[str, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    told |= {"events": [], "workflow_runs": [], "jobs": [], "pipeline_runs": [INNER]}

    assert shown(capsys)[0] == "  pipeline run inner (pipeline-inner): Succeeded"


def test_runs_that_call_each_other_in_a_circle_are_shown_once(
    told: dict[str, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [pipeline_run("a", caller="b"), pipeline_run("b", caller="a")]
    told |= {"events": [], "workflow_runs": [], "jobs": [], "pipeline_runs": runs}

    assert len(shown(capsys)) == 2


def test_why_an_activity_failed_stands_beside_it(
    told: dict[str, list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    run = pipeline_run("a", activity("Invoke", {}, "no answer"))
    told |= {"events": [], "workflow_runs": [], "jobs": [], "pipeline_runs": [run]}

    assert shown(capsys)[1] == "    Invoke: Failed (WebActivity, 7 ms): no answer"

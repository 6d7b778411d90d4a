"""What happened, for a person to read: each event, the runs that it started, and the jobs.

The lines are made from what the services tell on the console; they hold no secret, because the
services' histories hold none.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Entry = dict[str, Any]


def lines(told: dict[str, list[Entry]]) -> Iterator[str]:
    """The newest events with what came of them, the newest last."""
    unshown = _Unshown(told)
    for event in reversed(told["events"]):
        yield from event_lines(event)
        yield from unshown.of_event(event["event"]["id"])
    yield from unshown.rest()


def lines_of_event(told: dict[str, list[Entry]], event: str) -> Iterator[str]:
    """What came of one event: runs and jobs."""
    return _Unshown(told).of_event(event)


def event_id(run: Entry) -> str | None:
    """The id of the event that a workflow run was started by, if it was one."""
    body = (run["trigger"].get("outputs") or {}).get("body")
    if isinstance(body, list) and body and isinstance(body[0], dict):
        return body[0].get("id")
    return None


def event_lines(event: Entry) -> Iterator[str]:
    """An event and its deliveries."""
    told = event["event"]
    kind = told["eventType"].rpartition(".")[2]
    yield f"{_short(event['published'])} {kind} {told['subject']} (event {told['id']})"
    if not event["deliveries"]:
        yield "  no subscription wanted it"
    for delivery in event["deliveries"]:
        yield f"  to {delivery['subscription'].rpartition('/')[2]}: {_delivery(delivery)}"


def run_lines(run: Entry) -> Iterator[str]:
    """A workflow run and the actions that did something."""
    answered = f", answered {run['response_status']}" if run["response_status"] else ""
    yield f"  workflow run {run['run']}: {run['status']}{answered}"
    for action in run["actions"]:
        if action["status"] != "Skipped":
            yield f"    {action['name']}: {action['status']} ({action['type']}, {_span(action)})"


def job_lines(job: Entry) -> Iterator[str]:
    """A batch job and the states it went through."""
    yield f"  job {job['name']}: {job['status']}"
    yield "    " + " > ".join(state["status"] for state in job["states"])
    if job["status"] == "Completed":
        yield f"    wrote {job['output']}"
    if job["error"]:
        yield f"    {job['error']}; its logs are in {job['logs']}"


def pipeline_lines(run: Entry, indent: str = "  ") -> Iterator[str]:
    """A pipeline run and the activities that did something, each time they did."""
    why = f": {run['message']}" if run["message"] else ""
    yield f"{indent}pipeline run {run['runId']} ({run['pipelineName']}): {run['status']}{why}"
    for activity in run["activities"]:
        if activity["status"] != "Skipped":
            message = activity["error"]["message"]
            told = f"{activity['activityType']}, {_duration(activity)}"
            failed = f": {message}" if message else ""
            yield f"{indent}  {activity['activityName']}: {activity['status']} ({told}){failed}"


class _Unshown:
    """The runs and jobs that have not been shown yet; each is shown once, below what caused it."""

    def __init__(self, told: dict[str, list[Entry]]) -> None:
        self._workflow_runs = list(told["workflow_runs"])
        self._pipeline_runs = list(told["pipeline_runs"])
        self._jobs = list(told["jobs"])

    def of_event(self, event: str) -> Iterator[str]:
        """What came of an event."""
        for run in _take(self._workflow_runs, lambda run: event_id(run) == event):
            yield from self._of_workflow_run(run)
        for job in _take(self._jobs, lambda job: job["request_id"] == event):
            yield from job_lines(job)

    def rest(self) -> Iterator[str]:
        """What was caused by no event that is shown."""
        for run in _take(self._workflow_runs, _any):
            yield from self._of_workflow_run(run)
        while self._pipeline_runs:
            roots = [run for run in self._pipeline_runs if self._is_root(run)]
            yield from self._of_pipeline_run((roots or self._pipeline_runs)[-1])
        for job in _take(self._jobs, _any):
            yield from job_lines(job)

    def _of_workflow_run(self, run: Entry) -> Iterator[str]:
        yield from run_lines(run)
        outputs = [action["outputs"] for action in run["actions"]]
        bodies = [each.get("body") for each in outputs if isinstance(each, dict)]
        started = {str(body.get("runId")) for body in bodies if isinstance(body, dict)}
        for pipeline in [each for each in self._pipeline_runs if each["runId"] in started]:
            yield from self._of_pipeline_run(pipeline, "    ")

    def _of_pipeline_run(self, run: Entry, indent: str = "  ") -> Iterator[str]:
        self._pipeline_runs.remove(run)
        yield from pipeline_lines(run, indent)
        outputs = [activity["output"] for activity in run["activities"]]
        names = {str(each.get("name")) for each in outputs if isinstance(each, dict)}
        for job in _take(self._jobs, lambda job: job["name"] in names):
            yield from job_lines(job)
        called = [each for each in self._pipeline_runs if _caller(each) == run["runId"]]
        for each in reversed(called):
            yield from self._of_pipeline_run(each, f"{indent}  ")

    def _is_root(self, run: Entry) -> bool:
        return _caller(run) not in {each["runId"] for each in self._pipeline_runs}


def _take(entries: list[Entry], wanted: Callable[[Entry], bool]) -> list[Entry]:
    """The entries that are wanted, oldest first, taken out of the list."""
    taken = [entry for entry in entries if wanted(entry)]
    entries[:] = [entry for entry in entries if not wanted(entry)]
    return taken[::-1]


def _any(_: Entry) -> bool:
    return True


def _caller(run: Entry) -> str | None:
    """The id of the pipeline run that called this one."""
    caller: str | None = run["invokedBy"].get("pipelineRunId")
    return caller


def _duration(activity: Entry) -> str:
    length = activity["durationInMs"]
    return "in progress" if length is None else f"{length} ms"


def _delivery(delivery: Entry) -> str:
    outcome = f", {delivery['outcome']}" if delivery["outcome"] else ""
    again = f", next at {_short(delivery['next'])}" if delivery["next"] else ""
    detail = f" ({delivery['detail']})" if delivery["detail"] else ""
    refusal = f"; its dead letter: {delivery['refusal']}" if delivery["refusal"] else ""
    tried = f"{delivery['state']} after {delivery['attempts']} attempt(s)"
    return f"{tried}{outcome}{detail}{again}{refusal}"


def _span(action: Entry) -> str:
    started, ended = (datetime.fromisoformat(action[key][:26]) for key in ("started", "ended"))
    return f"{(ended - started).total_seconds() * 1000:.0f} ms"


def _short(time: str) -> str:
    return time[:19].replace("T", " ")

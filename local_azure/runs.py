"""What happened, for a person to read: each event, the run that it started, and the job.

The lines are made from what the services tell on the console; they hold no secret, because the
services' histories hold none.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from local_azure.console_client import Console

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from local_azure.home import Home

    Entry = dict[str, Any]


def show(home: Home, *, limit: int, as_json: bool) -> str:
    """The newest events with what came of them, the newest last.

    Raises:
        LocalAzureError: when no server runs on the state folder.
    """
    told = Console.of(home).get(f"/runs?limit={limit}")
    if as_json:
        return json.dumps(told, indent=2)
    if not any(told.values()):
        return "Nothing has happened yet."
    return "\n".join(_lines(told))


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
    if job["error"]:
        yield f"    {job['error']}; its logs are in {job['logs']}"


def _lines(told: dict[str, list[Entry]]) -> Iterator[str]:
    unshown_runs, unshown_jobs = list(told["workflow_runs"]), list(told["jobs"])
    for event in reversed(told["events"]):
        key = event["event"]["id"]
        yield from event_lines(event)
        yield from _flat(run_lines(run) for run in _take(unshown_runs, key, event_id))
        yield from _flat(job_lines(job) for job in _take(unshown_jobs, key, _request))
    yield from _flat(run_lines(run) for run in reversed(unshown_runs))
    yield from _flat(job_lines(job) for job in reversed(unshown_jobs))


def _take(entries: list[Entry], event: str, key: Any) -> list[Entry]:
    """The entries that belong to an event, oldest first, taken out of the list."""
    taken = [entry for entry in entries if key(entry) == event]
    entries[:] = [entry for entry in entries if key(entry) != event]
    return taken[::-1]


def _request(job: Entry) -> str | None:
    request_id: str | None = job["request_id"]
    return request_id


def _flat(groups: Iterable[Iterator[str]]) -> Iterator[str]:
    for group in groups:
        yield from group


def _delivery(delivery: Entry) -> str:
    outcome = f", {delivery['outcome']}" if delivery["outcome"] else ""
    again = f", next at {_short(delivery['next'])}" if delivery["next"] else ""
    refusal = f"; its dead letter: {delivery['refusal']}" if delivery["refusal"] else ""
    return f"{delivery['state']} after {delivery['attempts']} attempt(s){outcome}{again}{refusal}"


def _span(action: Entry) -> str:
    started, ended = (datetime.fromisoformat(action[key][:26]) for key in ("started", "ended"))
    return f"{(ended - started).total_seconds() * 1000:.0f} ms"


def _short(time: str) -> str:
    return time[:19].replace("T", " ")

"""What the services tell of one marker's way to its job, and nobody's run beside it."""

from typing import Any

from local_azure.tracing.query import Sources

Entry = dict[str, Any]
WHEN = "2026-06-01T12:00:0{}.0000000Z"
FILE = "https://drops.blob.core.windows.net/inputs/in/seven.pgm"


def event(key: str = "e", **more: Any) -> Entry:
    told = {"id": key, "eventType": "Microsoft.Storage.BlobCreated", "subject": "/blobs/seven"}
    body = {"event": told | {"data": {"url": FILE}}, "source": "/accounts/drops"}
    return {"published": WHEN.format(0), **body, "verdicts": [], "deliveries": [], **more}


def delivery(*outcomes: str, state: str = "delivered") -> Entry:
    tries = [
        {
            "of": "delivery",
            "state": "delivered" if each == "OK" else "refused",
            "start": WHEN.format(number),
            "end": WHEN.format(number + 1),
            "outcome": each,
            "detail": "" if each == "OK" else f"{each} it said",
        }
        for number, each in enumerate(outcomes)
    ]
    is_over = state != "waiting"
    return {
        "subscription": "/topics/t/eventSubscriptions/watching",
        "state": state,
        "attempts": len(outcomes),
        "outcome": outcomes[-1],
        "detail": None if state == "delivered" else tries[-1]["detail"],
        "reason": None if state in {"delivered", "waiting"} else "MaxDeliveryAttemptsExceeded",
        "refusal": None,
        "next": None if is_over else WHEN.format(9),
        "ended": WHEN.format(len(outcomes)) if is_over else None,
        "tries": tries,
    }


def action(name: str, body: Any = None, **more: Any) -> Entry:
    times = {"started": WHEN.format(1), "ended": WHEN.format(1)}
    what = {"name": name, "type": "Http", "place": "", "status": "Succeeded", "code": "OK"}
    return what | times | {"inputs": None, "outputs": {"body": body}, "error": None, **more}


def workflow_run(*actions: Entry, count: int = 0, **more: Any) -> Entry:
    headers = {"Aeg-Subscription-Name": "WATCHING", "Aeg-Delivery-Count": str(count)}
    started = WHEN.format(count)
    what = {"run": f"w{count}", "workflow": "/workflows/on-blob", "status": "Succeeded"}
    trigger = {"outputs": {"headers": headers, "body": [{"id": "e"}]}}
    times = {"started": started, "ended": WHEN.format(1)}
    told = {"trigger": trigger, "response_status": 200, "error": None, "actions": [*actions]}
    return {**what, **times, **told, **more}


def activity(name: str, output: Entry, message: str = "") -> Entry:
    return {
        "activityName": name,
        "activityType": "WebActivity",
        "activityRunId": f"id of {name}",
        "activityRunStart": WHEN.format(1),
        "activityRunEnd": WHEN.format(1),
        "retryAttempt": None,
        "status": "Failed" if message else "Succeeded",
        "input": {},
        "output": output,
        "error": {"message": message},
    }


def pipeline_run(run: str, *activities: Entry, caller: str = "", **more: Any) -> Entry:
    by = {"id": "id of Call", "pipelineRunId": caller} if caller else {"id": "by hand"}
    what = {"runId": run, "pipelineName": f"pipeline-{run}", "factory": "/factories/f"}
    times = {"runStart": WHEN.format(1), "runEnd": WHEN.format(1), "status": "Succeeded"}
    told = {"message": "", "parameters": {}, "invokedBy": by, "activities": [*activities]}
    return what | times | told | more


def job(name: str = "job-1", status: str = "Completed", **more: Any) -> Entry:
    states = [
        {"status": "Queued", "time": WHEN.format(2)},
        {"status": status, "time": WHEN.format(3)},
    ]
    what = {"name": name, "status": status, "states": states, "request_id": None, "error": ""}
    where = {"endpoint": "scoring", "deployment": "digits", "input": FILE, "output": "out"}
    return {**what, **where, "tags": {}, "logs": "/logs", "steps": [], "scored": None, **more}


class Told:
    """What one service tells."""

    def __init__(self, entries: list[Entry], *keys: str) -> None:
        self.entries, self._keys = entries, keys

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        found = [
            (
                self._time(each),
                str(next(filter(None, map(self._of(each).get, self._keys[:1])))),
                self._cause(each),
            )
            for each in self.entries[::-1]
            if self._time(each) <= until and containing.lower() in str(each).lower()
        ]
        return found[:limit]

    def of(self, key: str) -> list[Entry]:
        return [each for each in self.entries if key in map(self._of(each).get, self._keys)]

    async def left(self, name: str) -> Entry:
        return {"logs": {"user/error.txt": f"of {name}"}, "predictions": None}

    @staticmethod
    def _time(entry: Entry) -> str:
        times = (entry.get("published"), entry.get("started"), entry.get("runStart"))
        return str(next(filter(None, times), None) or entry["states"][0]["time"])

    def _cause(self, entry: Entry) -> str:
        return str(self._of(entry).get(self._keys[-1]) or "") if len(self._keys) > 1 else ""

    @staticmethod
    def _of(entry: Entry) -> Entry:
        caller = entry.get("invokedBy", {}).get("pipelineRunId")
        trigger = entry.get("trigger", {}).get("outputs", {}).get("body", [{}])
        return {**entry, **entry.get("event", {}), "caller": caller, "event": trigger[0].get("id")}


def sources(
    events: list[Entry] | None = None,
    runs: list[Entry] | None = None,
    pipelines: list[Entry] | None = None,
    jobs: list[Entry] | None = None,
) -> Sources:
    """All that is told, the oldest first."""
    return Sources(
        Told(events or [], "id"),
        Told(runs or [], "run", "event"),
        Told(pipelines or [], "runId", "caller"),
        Told(jobs or [], "name", "request_id"),
    )


WHOLE = sources(
    [event(deliveries=[delivery("Busy", "OK")])],
    [
        workflow_run(count=0, status="Failed"),
        workflow_run(action("Start", {"runId": "outer"}), count=1),
    ],
    [
        pipeline_run("outer", activity("Call", {"pipelineRunId": "inner"})),
        pipeline_run("inner", activity("Invoke", {"name": "job-1"}), caller="outer"),
    ],
    [job(scored={"files": 2, "done": 2, "failed": 1})],
)

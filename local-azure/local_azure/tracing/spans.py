"""From what the services tell of their own to the spans of one trace.

Who caused what is read from what crossed between services: the headers of a delivery, the ids and
names that an action or activity was answered, the id that a job was asked for with.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from local_azure.tracing.model import Span

Entry = dict[str, Any]

_SCOPES = {"Foreach", "If", "Scope", "Switch", "Until"}
_LONGEST = 300
"""Characters of a reason."""


def named(output: Any) -> set[str]:
    """The runs and jobs that an answer, as an action or activity has it, may name."""
    told = output if isinstance(output, dict) else {}
    body, headers = told.get("body"), told.get("headers")
    found = [told.get("runId"), told.get("name"), told.get("pipelineRunId")]
    if isinstance(body, dict):
        found += [body.get("runId"), body.get("name")]
    if isinstance(headers, dict):
        found += [headers.get("x-ms-workflow-run-id")]
    return {each for each in found if isinstance(each, str) and each}


def of_event(told: Entry, number: int) -> Iterator[Span]:
    """An event, the verdicts on it, its deliveries and their attempts."""
    event, when = told["event"], told["published"]
    kind = str(event.get("eventType") or event.get("type") or "")
    data = event.get("data")
    first = f"event/{number}"
    about = {"id": event.get("id"), "type": kind, "subject": event.get("subject"), "data": data}
    about |= {"url": data.get("url") if isinstance(data, dict) else None, "topic": told["source"]}
    yield Span(first, "", "event", kind.rpartition(".")[2], "published", when, when, "", about)
    for each in told["verdicts"]:
        name, why = _last(each["subscription"]), "; ".join(each["reasons"])
        about = {"subscription": each["subscription"]}
        yield Span(f"{first}/{name}", first, "verdict", name, "refused", when, when, why, about)
    for each in told["deliveries"]:
        yield from _delivery(each, first, when)


def _delivery(told: Entry, event: str, published: str) -> Iterator[Span]:
    name = _last(told["subscription"])
    own = f"{event}/{name}"
    about = {key: told[key] for key in ("subscription", "attempts", "next")}
    why = "" if told["state"] == "delivered" else _given_up(told)
    ended = told["ended"] or ""
    yield Span(own, event, "delivery", name, told["state"], published, ended, why, about)
    for number, each in enumerate(told["tries"], 1):
        kind = "attempt" if each["of"] == "delivery" else "dead letter"
        count = number if kind == "attempt" else number - told["attempts"]
        why = "" if each["state"] != "refused" else _sentence(each["detail"] or each["outcome"])
        state = each["outcome"] or each["state"]
        start, end = each["start"], each["end"]
        yield Span(f"{own}/{number}", own, kind, f"{kind} {count}", state, start, end, why)


def _given_up(told: Entry) -> str:
    said = told["refusal"] or told["detail"] or told["outcome"]
    return ": ".join(_sentence(each) for each in (told["reason"], said) if each)


def of_workflow_run(told: Entry, parent: str) -> Iterator[Span]:
    """A workflow run and its actions; what loops repeat stands below them."""
    own = told["run"]
    about = {key: told[key] for key in ("workflow", "trigger")}
    about["answered"] = told["response_status"]
    actions = [_action(each, own, number) for number, each in enumerate(told["actions"])]
    why = _first_why(actions)
    why = _sentence(why or (told["error"] or {}).get("message")) * (told["status"] != "Succeeded")
    name, start, end = _last(told["workflow"]), told["started"], told["ended"]
    yield Span(own, parent, "workflow run", name, told["status"], start, end, why, about)
    loops = {(each.attributes["place"], each.name): each.id for each in actions}
    for each in actions:
        outer, _, loop = each.attributes["place"].rpartition(".")
        below = loops.get((outer, loop.rpartition("[")[0]), own)
        yield Span(**{**vars(each), "parent": below})


def _first_why(actions: list[Span]) -> str:
    """What failed first: a scope fails only of what is in it, and says no more than that."""
    failed = [each for each in actions if each.reason]
    failed.sort(key=lambda each: each.attributes["type"] in _SCOPES)
    return next((f"{each.name}: {each.reason}" for each in failed), "")


def _action(told: Entry, run: str, number: int) -> Span:
    about = {key: told[key] for key in ("type", "place", "code", "inputs", "outputs")}
    has_failed = told["status"] not in {"Succeeded", "Skipped", "Running"}
    said = (told["error"] or {}).get("message") or _answer(told)
    why = _sentence(" ".join([said, *_unfit(told)])) if has_failed else ""
    what = (told["name"], told["status"], told["started"], told["ended"], why, about)
    return Span(f"{run}/{number}", run, "action", *what)


def _unfit(told: Entry) -> Iterator[str]:
    """What does not fit the schema of a Parse JSON, which its error does not say."""
    if told["type"] == "ParseJson" and isinstance(told["outputs"], dict):
        for each in told["outputs"].get("errors", ()):
            yield f"{each['path']}: {each['message']}".removeprefix(": ")


def _answer(told: Entry) -> str:
    """What an HTTP action was answered that failed by that."""
    outputs = told["outputs"] if isinstance(told["outputs"], dict) else {}
    body = outputs.get("body")
    error = body.get("error", body) if isinstance(body, dict) else body
    said = error.get("message") if isinstance(error, dict) else error
    return f"{outputs.get('statusCode', '')} {told['code']}: {said or 'no more is told'}".strip()


def of_pipeline_run(told: Entry, parent: str) -> Iterator[Span]:
    """A pipeline run and its activities, each attempt of each."""
    own = told["runId"]
    about = {"pipeline": told["pipelineName"], "factory": told["factory"]}
    about["parameters"] = told["parameters"]
    start, end, why = told["runStart"], told["runEnd"] or "", _sentence(told["message"])
    what = (told["pipelineName"], told["status"], start, end, why, about)
    yield Span(own, parent, "pipeline run", *what)
    for number, each in enumerate(told["activities"]):
        about = {"type": each["activityType"], "inputs": each["input"], "outputs": each["output"]}
        about |= {"attempt": (each["retryAttempt"] or 0) + 1, "id": each["activityRunId"]}
        name, why = each["activityName"], _sentence(each["error"]["message"])
        times = (each["activityRunStart"] or "", each["activityRunEnd"] or "")
        yield Span(f"{own}/{number}", own, "activity", name, each["status"], *times, why, about)


def of_job(told: Entry, parent: str) -> Iterator[Span]:
    """A job, the states that it went through, the steps or the mini-batches of it."""
    own, states = told["name"], told["states"]
    is_over = told["status"] in {"Completed", "Failed", "Canceled"}
    keys = ("endpoint", "deployment", "input", "output", "tags", "logs")
    about = {key: told[key] for key in keys}
    start, last = states[0]["time"], states[-1]["time"]
    why, end = _sentence(told["error"]), last if is_over else ""
    yield Span(own, parent, "job", own, told["status"], start, end, why, about)
    for number, (one, other) in enumerate(pairwise([*states, {"time": ""}])):
        times = (one["time"], other["time"] or (one["time"] if is_over else ""))
        yield Span(f"{own}/{number}", own, "job state", one["status"], one["status"], *times)
    for each in told["steps"]:
        name, times = each["name"], (each["started"], each["ended"] or "")
        why = _sentence(each["error"])
        yield Span(f"{own}/{name}", own, "step", name, each["status"], *times, why)
    if scored := told["scored"]:
        since = next((each["time"] for each in states if each["status"] == "Running"), start)
        what = ("mini-batches", f"{scored['done']} of {scored['files']} files", since, end, "")
        yield Span(f"{own}/mini-batches", own, "mini-batches", *what, scored)


def left_by(job: Span, left: Entry) -> Iterator[Span]:
    """What a job left: the tail of each log, and the head of its predictions."""
    for name, text in left["logs"].items():
        what = (name, job.state, job.start, job.end, "", {"text": text})
        yield Span(f"{job.id}/log/{name}", job.id, "log", *what)
    if left["predictions"]:
        what = ("predictions", job.state, job.start, job.end, "", left["predictions"])
        yield Span(f"{job.id}/predictions", job.id, "predictions", *what)


def event_id(run: Entry) -> str:
    """The id of the (first) event that a workflow run was started by; empty where it was not."""
    outputs = run["trigger"]["outputs"]
    body = outputs.get("body") if isinstance(outputs, dict) else None
    first = body[0] if isinstance(body, list) and body else body
    return str(first.get("id") or "") if isinstance(first, dict) else ""


def attempt_of(run: Entry, known: list[Span]) -> str:
    """The attempt that started a workflow run, which its headers name; else the last event."""
    outputs = run["trigger"]["outputs"]
    headers = outputs.get("headers") if isinstance(outputs, dict) else None
    told = {key.lower(): str(value) for key, value in (headers or {}).items()}
    name, count = told.get("aeg-subscription-name", ""), told.get("aeg-delivery-count", "0")
    number = int(count) + 1 if count.isdecimal() else 1
    before = [each for each in known if each.start <= run["started"]]
    for end in (f"/{name}/{number}", f"/{name}"):
        # The last one: an event that was sent again has the same deliveries.
        for each in reversed(before):
            if each.kind in {"attempt", "delivery"} and each.id.lower().endswith(end.lower()):
                return each.id
    return next((each.id for each in known if each.kind == "event"), "")


def _last(resource_id: str) -> str:
    return resource_id.rpartition("/")[2]


def _sentence(said: Any) -> str:
    """The first line of what was said, cut where it is long."""
    line = next((each for each in str(said or "").strip().splitlines() if each), "")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"

"""The workflow's runs, as Resource Manager tells them: which one a file started, how it ended.

D:rest/api/logic/workflow-runs and workflow-run-actions. What a run got and replied is behind links
that carry their own signature.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import unquote

from batch_client.answers import RefusedError
from batch_client.caller import Caller
from batch_client.errors import ClientError, TimedOutError
from batch_client.rights import OPERATE, READ, Need, needing
from batch_client.session import fetch
from batch_client.uris import BlobPlace, told_by
from batch_client.verify.workflow import Workflow
from batch_client.waiting import looks

REPLIES = {"Reply_with_job": "job", "Reply_with_run": "run"}
"""The actions of this program's workflows that reply with what they started, and by which key."""

_ADVICE = {
    ("Authorize", ""): (
        "The client secret: run `make up`, "
        "with another `invoker.secret_rotation` where it has not ended."
    ),
    ("Invoke", "Unauthorized"): "The token's audience: see `cloud` and `cloud_overrides`.",
    ("Invoke", "Forbidden"): (
        "The invoker's role on the workspace: with `invoker.role: narrow` take `documented`, else "
        "name another one in `invoker.existing_role_id`."
    ),
    ("Invoke", "NotFound"): "The endpoint, or its default deployment, is gone: run `make up`.",
    ("Invoke", "BadRequest"): (
        "The payload has to fit what the default deployment takes: `endpoint.input_name`, and "
        "`job_inputs`, `job_outputs` and `marker_name` in `blob_events`."
    ),
    ("Start_pipeline", "Unauthorized"): "The token's audience: see `cloud` and `cloud_overrides`.",
    ("Start_pipeline", "Forbidden"): (
        "The workflow's role on the data factory: run `make up`, or name another one in "
        "`workflows.existing_pipeline_starter_role_id`."
    ),
    ("Start_pipeline", "NotFound"): "The data factory, or its pipeline, is gone: run `make up`.",
}
"""By action and code; without a code whatever it is."""

_GOING_ON = ("Running", "Waiting")
_SKEW = timedelta(minutes=1)
"""How far the clocks of storage and of the workflow may be apart."""
_OF_A_SCOPE = "ActionFailed"


class Dropped(NamedTuple):
    """A file that was dropped."""

    place: BlobPlace
    """Where it lies."""

    landed: datetime
    """When storage wrote it."""


@dataclass(frozen=True)
class Run:
    """A run of the workflow.

    Attributes:
        name: its name.
        status: Running, Succeeded, Failed …
        event: what started it, as it came; empty if that was none.
        started: when, ISO 8601.
        ended: likewise; empty while it goes on.
    """

    name: str
    status: str
    event: dict[str, Any]
    started: str = ""
    ended: str = ""

    @property
    def event_id(self) -> str:
        """The event's id."""
        return str(self.event.get("id", ""))

    @property
    def blob_url(self) -> str:
        """Of the blob that the event tells of, decoded; empty where it tells of none."""
        return unquote(told_by(self.event))


class Started(NamedTuple):
    """What a run of the workflow has started: a ``job``, or a ``run`` of a pipeline, by its id."""

    kind: str
    id: str


class Runs:
    """Looks for the runs that files start."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        workflow = Workflow(caller.environment.need("workflow_id"))
        self._path = f"{workflow.runtime}/runs"
        self._version = workflow.runtime_version
        self._need = Need("read the workflow's runs", OPERATE + READ, workflow.id, "operators")
        self._others: set[str] = set()

    def first(self, dropped: Dropped, seconds: float) -> Run:
        """The first run that the event of a file starts.

        Raises:
            TimedOutError: none came.
        """
        for _ in looks(self._caller.clock, seconds):
            self._caller.progress.state("waiting for the event to start a run")
            if found := self._of(dropped):
                return found[-1]
        message = (
            f"No run came of {dropped.place.url} in {seconds:.0f} s. Either no event was raised "
            "(is there another system topic on the account?), or its delivery fails: look at the "
            "subscription's metrics in the portal, and after some minutes into the container "
            f"{self._caller.environment.get('dead_letter_container')!r} of the account "
            f"{self._caller.environment.get('dead_letter_account')!r}."
        )
        raise TimedOutError(message)

    def started(self, dropped: Dropped, seconds: float) -> Started:
        """What a run for this file has started.

        A run that failed is not the end: Event Grid delivers its event again, and a role that
        ``up`` gave a moment ago may be effective by then.

        Raises:
            ClientError: no run started anything in time; tells what the last one failed at.
        """
        failure, advice = "none has ended", ""
        for _ in looks(self._caller.clock, seconds):
            for run in self._of(dropped):
                if run.status in _GOING_ON:
                    continue
                actions = self.actions(run.name)
                if found := replied(actions):
                    return found
                failed = failures(actions)
                failure = f"the last one {failed_at(failed) if failed else 'started none'}"
                advice = advised(failed)
            self._caller.progress.state(f"waiting for a run to start a job; so far {failure}")
        message = f"No run started a job in {seconds:.0f} s: {failure}. {advice}".rstrip()
        raise ClientError(message)

    def _of(self, dropped: Dropped) -> list[Run]:
        """The runs for a file, newest first, of however many others."""
        told = self._listed(dropped.landed - _SKEW, None)
        return [run for each in told if (run := self._meant(each, dropped.place.url))]

    def between(self, since: datetime, until: datetime | None) -> Iterator[Run]:
        """The runs that started then, newest first; what each was started by is read one by one.

        Raises:
            ClientError: they can't be read; a missing role is named.
        """
        return map(_run, self._listed(since, until))

    def _listed(self, since: datetime, until: datetime | None) -> Iterator[dict[str, Any]]:
        """Those runs as Azure tells them.

        D:rest/api/logic/workflow-runs names the filter; its times are written bare, and a further
        page's link holds it already (Azure/azure-sdk-for-python#39737; pnp/cli-microsoft365#4388).
        """
        asked = f"startTime ge {_utc(since)}"
        asked += f" and startTime le {_utc(until)}" if until else ""
        query = {"$top": "250", "$filter": asked}
        with needing(self._need):
            yield from self._caller.manager.listed(self._path, self._version, query)

    def _meant(self, told: dict[str, Any], blob_url: str) -> Run | None:
        """The run if the blob's event started it; others are looked into once."""
        if told["name"] in self._others:
            return None
        run = _run(told)
        if run.blob_url == unquote(blob_url):
            return run
        self._others.add(run.name)
        return None

    def actions(self, run: str) -> list[dict[str, Any]]:
        """What a run did, as Azure tells it, 30 at a time (Azure/azure-sdk-for-net#11932).

        Raises:
            ClientError: it can't be read; a missing role is named.
        """
        with needing(self._need):
            path = f"{self._path}/{run}/actions"
            return list(self._caller.manager.listed(path, self._version))


def replied(actions: list[dict[str, Any]]) -> Started | None:
    """What the run's reply names."""
    for action in actions:
        link = (action["properties"].get("outputsLink") or {}).get("uri")
        key = REPLIES.get(action["name"])
        if key and link:
            body = content(link).get("body") or {}
            return Started(key, str(body[key])) if body.get(key) else None
    return None


def unfit(action: dict[str, Any]) -> str:
    """What does not fit the schema of a Parse JSON, which its outputs say and its error does not.

    In the form that people quote (OfficeDev/microsoft-teams-apps-requestateam#62).

    Raises:
        ClientError: as ``content``.
    """
    told = action["properties"]
    link = (told.get("outputsLink") or {}).get("uri")
    if (told.get("error") or {}).get("code") != "ValidationFailed" or not link:
        return ""
    errors = content(link).get("errors") or ()
    told_of = [(each.get("path"), each.get("message")) for each in errors]
    return "; ".join(": ".join(filter(None, each)) for each in told_of)


def content(link: str) -> Any:
    """What a run got or gave.

    Raises:
        ClientError: it can't be read; of a site that lets nobody in, what to do.
    """
    try:
        return fetch(link)
    except RefusedError as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
    message = (
        "The workflow's site does not let this address in, so what its runs got and gave can't be "
        "read: add it to `workflows.allowed_caller_ip_ranges`, and run `up`."
    )
    raise ClientError(message)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _run(told: dict[str, Any]) -> Run:
    properties = told["properties"]
    times = (str(properties.get(each) or "") for each in ("startTime", "endTime"))
    event = _event(properties.get("trigger") or {})
    return Run(str(told["name"]), str(properties.get("status", "")), event, *times)


def _event(trigger: dict[str, Any]) -> dict[str, Any]:
    """The event that a trigger got; empty if it got something else."""
    link = (trigger.get("outputsLink") or {}).get("uri")
    got = content(link) if link else {}
    body = got.get("body") if isinstance(got, dict) else None
    first = body[0] if isinstance(body, list) and body else {}
    return first if isinstance(first, dict) else {}


def failures(actions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Which actions failed, with their codes; not those that only contain one that did."""
    return [
        (str(action["name"]), str(action["properties"].get("code") or "no code"))
        for action in actions
        if action["properties"].get("status") in {"Failed", "TimedOut"}
        and action["properties"].get("code") != _OF_A_SCOPE
    ]


def failed_at(failed: list[tuple[str, str]]) -> str:
    """Which actions those were, in words."""
    return f"failed at {', '.join(f'{name} ({code})' for name, code in failed)}"


def advised(failed: list[tuple[str, str]]) -> str:
    """What to do, as far as an action and its code tell."""
    known = (_ADVICE.get(each) or _ADVICE.get((each[0], "")) for each in failed)
    return next((advice for advice in known if advice), "")

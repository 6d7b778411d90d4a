"""What came of a file, or of an event, as far as Azure tells it: from what landed to its job.

Azure keeps no record of an event and of its deliveries. Read are the file, the subscription's
filter, the runs of the workflow and of the data factory, the endpoint's jobs and the dead letters,
each as whoever asks may; what may not be read, or is nowhere, is said.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobProperties

from batch_client import dead_letters, operating, reasoning, spans, windows
from batch_client.caller import Caller
from batch_client.jobs import COMPLETED, Job
from batch_client.pipelines import KEPT
from batch_client.rights import OPERATE, needing, telling
from batch_client.spans import Span
from batch_client.uris import input_uri, is_remote, plain, told_place
from batch_client.verify import runs
from batch_client.verify.resources import Resources
from batch_client.verify.runs import Run, Runs
from batch_client.windows import Window

_MOST = 1000
"""Runs that are looked into: what started each is a request of its own."""
_TRIED = timedelta(hours=25)
"""How long after a file's landing a run of its event may start: Event Grid tries for a day."""
_SOON = timedelta(minutes=2)
"""In which a file's first run starts, as a rule: of thousands of runs these are read first."""
_SKEW = timedelta(minutes=5)
_FINDS_RUNS = f"{OPERATE}Data Factory Contributor"
_DELIVERIES = (
    "Azure keeps no record of single deliveries: how often Event Grid tried, and what it was "
    "answered, is in the metrics of the event subscription alone, by error."
)


class Tracing:
    """Looks for what came of a file or of an event.

    Args:
        caller: who looks.
        hours: how far back the runs and jobs of an event are looked for.

    Attributes:
        spans: what was found, each after what caused it.
        untold: what Azure does not tell, or not to this caller.
    """

    def __init__(self, caller: Caller, hours: float) -> None:
        self._caller = caller
        self._since = datetime.now(UTC) - timedelta(hours=hours)
        self._until: datetime | None = None
        self._modified: datetime | None = None
        self._url = self._event = self._watched = ""
        self._scoring: set[str] = set()
        self._knows_scoring = False
        self.spans: list[Span] = []
        self.untold: list[str] = []

    def of_file(self, named: str) -> None:
        """Find what came of a file, by its URL or its path in the input container.

        Raises:
            ClientError: the file can't be looked for.
        """
        landed = next(filter(None, map(self._file, self._urls(named))), None)
        self._watched = self._url
        self._tell_of_file(landed)
        with telling(self.untold, "The window"):
            if landed and self._caller.environment.get("window_trigger_name"):
                self._lie_in_window(landed.last_modified)
        with telling(self.untold, "The subscription's filter"):
            if self._has_blob_events:
                self._verdict(landed)
        if not self._of("window", "verdict") and self._is_without_blob_events:
            self.spans.append(spans.NO_BLOB_EVENTS)
        self._consequences()

    def of_event(self, event: str) -> None:
        """Find what came of an event, by its id.

        Raises:
            ClientError: nothing can be looked for.
        """
        self._event = event
        self._consequences()

    @property
    def _has_blob_events(self) -> bool:
        return bool(self._caller.environment.get("blob_event_subscription_id"))

    @property
    def _is_without_blob_events(self) -> bool:
        """As every stack tells its account of dead letters; flags alone tell neither."""
        is_stack = bool(self._caller.environment.get("dead_letter_account"))
        return is_stack and not self._has_blob_events

    @property
    def sentence(self) -> str:
        """What came of it, and why no more did, at once."""
        return next(spans.sentences(self.spans))

    def document(self) -> dict[str, Any]:
        """For a script."""
        told = {"file": self._url, "event": self._event, "why": self.sentence}
        return {**told, "spans": [asdict(each) for each in self.spans], "untold": self.untold}

    def lines(self) -> list[str]:
        """For a person."""
        deep = {"action", "activity"}
        told = [f"{'  ' * (each.kind in deep)}{each.line}" for each in self.spans]
        return [self.sentence, *told, *self.untold]

    def _urls(self, named: str) -> list[str]:
        """Where a file may lie: of a name alone in the watched folder as well."""
        environment = self._caller.environment
        if is_remote(named):
            return [plain(input_uri(named, None))]
        folder = "" if "/" in named else environment.get("input_folder") or ""
        paths = dict.fromkeys((named.strip("/"), f"{folder}{named.strip('/')}"))
        return [f"{environment.container_url}/{path}" for path in paths]

    def _file(self, url: str) -> BlobProperties | None:
        self._url, place = url, told_place(url)
        with (
            self._caller.container(place.container_url, "look for the file") as client,
            suppress(ResourceNotFoundError),
        ):
            return client.get_blob_client(place.path).get_blob_properties()
        return None

    def _tell_of_file(self, found: BlobProperties | None) -> None:
        place, name = told_place(self._url), self._url.rpartition("/")[2]
        if found is None:
            why = f"there is no {place.path} in {place.container_url}, or no more"
            since = f"{self._since:%Y-%m-%d %H:%M}"
            self.untold.append(
                f"When it landed is not known: looked for is what came since {since}."
            )
            self.spans.append(Span("file", "", "file", name, "missing", reason=why))
            return
        self._since, self._until = found.last_modified - _SKEW, found.last_modified + _TRIED
        about = {"url": self._url, "size": found.size}
        when = found.last_modified.isoformat()
        self.spans.append(Span("file", "", "file", name, "landed", when, when, "", about))

    def _lie_in_window(self, modified: datetime) -> None:
        found = windows.of_file(self._caller, self._url, modified)
        if found and found.kind == "window":
            self._modified = modified
        if found and (self._modified or not self._has_blob_events):
            self.spans.append(found)

    def _verdict(self, landed: BlobProperties | None) -> None:
        chosen = Resources(self._caller).filter()
        size = landed.size if landed else None
        if chosen.marker:
            self._watched, size = f"{self._url.rpartition('/')[0]}/{chosen.marker}", None
        place = told_place(self._watched)
        container = place.container_url.rpartition("/")[2]
        why = "; ".join(chosen.refusals(container, place.path, size))
        name = self._caller.environment.need("blob_event_subscription_id").rpartition("/")[2]
        state = "refused" if why else "taken"
        self.spans.append(Span("verdict", "file", "verdict", name, state, reason=why))

    def _consequences(self) -> None:
        is_told_by_events = bool(self._event) or not self._is_without_blob_events
        with telling(self.untold, "The dead letters"):
            if is_told_by_events and self._caller.environment.get("dead_letter_account"):
                for letter in dead_letters.listed(self._caller, self._since):
                    if self._is_meant(letter.id, letter.url):
                        self.spans.append(spans.of_letter(letter))
        with telling(self.untold, "The workflow's runs"):
            if self._caller.environment.get("workflow_id"):
                self._workflow_runs()
        if not self._of("pipeline run"):
            with telling(self.untold, "The data factory's runs"):
                if self._url and self._caller.environment.get("factory_id"):
                    self._pipeline_runs()
        with telling(self.untold, "The jobs"):
            self._jobs()
        if is_told_by_events:
            self.untold.append(_DELIVERIES)

    def _workflow_runs(self) -> None:
        looking, looked, told = Runs(self._caller), 0, set[str]()
        for run in islice(self._runs_of(looking), _MOST):
            looked += 1
            if run.name not in told and self._is_meant(run.event_id, run.blob_url):
                self._event = self._event or run.event_id
                self._workflow_run(run, looking.actions(run.name))
                told.add(run.name)
        if looked == _MOST:
            when = f"{self._since:%Y-%m-%d %H:%M}"
            self.untold.append(f"Of the workflow's runs since {when} only {_MOST} were read.")

    def _runs_of(self, looking: Runs) -> Iterator[Run]:
        """Of a file that is there, those around its landing first; one may be told twice."""
        since = self._since
        if self._until:
            since += _SKEW + _SOON
            yield from looking.between(self._since, since)
        yield from looking.between(since, self._until)

    def _workflow_run(self, run: Run, actions: list[dict[str, Any]]) -> None:
        failed = runs.failures(actions)
        why = f"{runs.failed_at(failed)}. {runs.advised(failed)}".strip() if failed else ""
        times = (run.started, run.ended)
        self.spans.append(Span(run.name, "", "workflow run", run.name, run.status, *times, why))
        for each in actions:
            self.spans.append(spans.of_action(each, run.name, runs.unfit(each)))
        started = runs.replied(actions)
        if started and started.kind == "run":
            with telling(self.untold, f"The pipeline run {started.id}"):
                self._pipeline_run(started.id, run.name)

    def _read_pipeline_runs(self) -> list[dict[str, Any]]:
        now, pipelines = datetime.now(UTC), self._caller.pipelines
        until = self._until or now
        if self._modified:  # a window may be longer than Event Grid tries
            until = max(until, now)
        with needing(pipelines.need("look for its runs", _FINDS_RUNS, "operators")):
            found = list(pipelines.between(self._since, until))
        if self._modified:
            name = self._caller.environment.need("window_trigger_name")
            self._scoring = windows.scoring(found, name, self._modified)
            self._knows_scoring = self._since > now - KEPT
        return found

    def _pipeline_runs(self) -> None:
        for run in self._read_pipeline_runs():
            if (run.get("invokedBy") or {}).get("pipelineRunId"):
                continue  # it is told with the run that called it
            given = run.get("parameters") or {}
            read = any(
                operating.is_in(self._url, plain(str(each))) for each in given.values() if each
            )
            if read or run["runId"] in self._scoring:
                self._pipeline_run(str(run["runId"]), "window" if self._modified else "")

    def _pipeline_run(self, run: str, parent: str) -> None:
        pipelines = self._caller.pipelines
        told, activities = pipelines.get(run), list(pipelines.activities(run))
        self.spans.append(Span(run, parent, "pipeline run", run, told.status, reason=told.message))
        for number, each in enumerate(activities):
            times = (each.get("activityRunStart") or "", each.get("activityRunEnd") or "")
            why = str((each.get("error") or {}).get("message") or "")
            what = ("activity", str(each["activityName"]), str(each["status"]))
            self.spans.append(Span(f"{run}/{number}", run, *what, *times, why))

    def _jobs(self) -> None:
        for job in operating.listed(self._caller, self._since):
            url = self._url and any(operating.is_in(self._url, each) for each in job.inputs)
            window = windows.of_job(job)
            if url or self._is_of(window) or (self._event and operating.is_of(job, self._event)):
                self.spans.append(self._job(job, window))

    def _job(self, job: Job, window: Window | None) -> Span:
        runs = [each.id for each in self._of("workflow run", "pipeline run")]
        why, parent = "", next(iter(runs), "")
        if window and window.run in runs:
            parent = window.run
        if job.ended and job.status != COMPLETED:
            why = "; ".join(each.line for each in reasoning.why(self._caller, job.name))
        end = ""
        with telling(self.untold, "The job's end"):
            _, end = self._caller.history.times(job.name) if job.ended else ("", "")
        about = {"inputs": job.inputs, "deployment": job.deployment, "page": job.page}
        what = ("job", job.name, job.status, job.created, end)
        return Span(job.name, parent, *what, why, about)

    def _is_meant(self, event: str, url: str) -> bool:
        by_id = bool(event) and event == self._event
        return by_id or bool(self._url and url == self._watched)

    def _is_of(self, window: Window | None) -> bool:
        """By its run, where all could be read: windows of others may have the same times."""
        if window is None or self._modified is None:
            return False
        scores = window.run in self._scoring
        return scores if self._knows_scoring else window.holds(self._modified)

    def _of(self, *kinds: str) -> list[Span]:
        return [each for each in self.spans if each.kind in kinds]

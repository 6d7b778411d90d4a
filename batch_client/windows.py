"""The windows of time whose files `Score-Window` scores by one job: a job's, a run's and a file's.

A job tells its own by where it reads and writes. A file lies in the one in which it was modified
last, by the factory's trigger.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.jobs import Job
from batch_client.pipelines import VERSION
from batch_client.spans import Span, moment
from batch_client.uris import told_place
from batch_client.verify.resources import Resources

_WRITES = re.compile(r"/(\d{8}-\d{6})_(\d{8}-\d{6})/([0-9a-f-]{36})\b")


@dataclass(frozen=True)
class Window:
    """From a moment on, and before another one.

    Attributes:
        start: the first moment.
        end: the first one of the next window.
        run: id of the pipeline's run; empty where it is not known.
    """

    start: datetime
    end: datetime
    run: str = ""

    def __str__(self) -> str:
        return f"{_told(self.start)} to {_told(self.end)} UTC"

    def holds(self, modified: datetime) -> bool:
        """Whether a file that was modified last then is of this window."""
        return self.start <= modified < self.end


def of_job(job: Job) -> Window | None:
    """The window whose files a job scores; None where none has started it."""
    found = _WRITES.search(str(job.properties.get("outputData") or ""))
    if not found or not any(f"/copied/{found[3]}/" in f"{each}/" for each in job.inputs):
        return None
    start, end = (datetime.strptime(f"{found[n]}Z", "%Y%m%d-%H%M%S%z") for n in (1, 2))
    return Window(start, end, found[3])


def label(job: Job) -> str:
    """A job's window, for a person; empty where it has none."""
    window = of_job(job)
    return f"window {window}" if window else ""


def sentences(job: Job) -> list[str]:
    """Which window a job scores, if any."""
    return [f"It scores the files of the {told}."] if (told := label(job)) else []


def scoring(runs: Iterable[Mapping[str, Any]], pipeline: str, modified: datetime) -> set[str]:
    """Ids of the pipeline's runs whose window holds a file that was modified last then.

    A factory that was adopted has pipelines of others, whose parameters may be called the same.
    """
    found = (_of_run(each) for each in runs if each.get("pipelineName") == pipeline)
    return {each.run for each in found if each and each.holds(modified)}


def _of_run(told: Mapping[str, Any]) -> Window | None:
    given = told.get("parameters") or {}
    start, end = (str(given.get(f"window{each}") or "") for each in ("Start", "End"))
    try:
        return Window(moment(start), moment(end), str(told["runId"]))
    except ValueError:
        return None


def of_file(caller: Caller, url: str, modified: datetime) -> Span | None:
    """The window that a file lies in, or that none takes it; None where that is not known.

    Raises:
        ClientError: pipeline, dataset, linked service or trigger can't be read.
    """
    name, place = caller.environment.need("window_trigger_name"), told_place(url)
    account, source = _source(caller, name)
    if not account:
        return None
    if f"{place.container_url}/{place.path}".rpartition("/")[0] != source:
        why = f"windows take the files that lie directly in {source}/, and none below it"
        return Span("window", "file", "verdict", name, "refused", reason=why)
    return _span(_part(caller, f"triggers/{name}"), modified, datetime.now(UTC))


def trigger_state(caller: Caller) -> str:
    """The trigger's name and state, which is Started.

    Raises:
        ClientError: it is not, or can't be read.
    """
    name = caller.environment.need("window_trigger_name")
    state = _part(caller, f"triggers/{name}").get("runtimeState")
    if state != "Started":
        message = (
            f"The trigger {name} is {state}, so no window is scored: start it in the factory, or "
            f"by `az datafactory trigger start --name {name}`; what lies between is made up for."
        )
        raise ClientError(message)
    return f"{name}, {state}"


def _source(caller: Caller, pipeline: str) -> tuple[str, str]:
    """URLs of the account, empty where it is not told, and of the folder that windows take."""
    given = Resources(caller).pipeline_defaults(pipeline)
    service = _part(caller, "datasets/SourceFiles")["linkedServiceName"]["referenceName"]
    told = _part(caller, f"linkedservices/{service}").get("typeProperties") or {}
    account = str(told.get("serviceEndpoint") or "").rstrip("/")
    folder = str(given.get("source_folder") or "").strip("/")
    return account, f"{account}/{given.get('source_container')}/{folder}".rstrip("/")


def _part(caller: Caller, path: str) -> dict[str, Any]:
    """Properties of something in the data factory."""
    return Resources(caller).properties(f"{caller.environment.need('factory_id')}/{path}", VERSION)


def _span(trigger: Mapping[str, Any], modified: datetime, now: datetime) -> Span:
    told = trigger["typeProperties"]
    first = moment(told["startTime"])
    length = timedelta(**{f"{told['frequency'].lower()}s": told["interval"]})
    start = first + (modified - first) // length * length
    window = Window(start, start + length)
    due = window.end + _length(told.get("delay") or "00:00:00")
    state, why = "over", ""
    if modified < first:
        state, why = "too early", f"the first window begins at {_told(first)} UTC"
    elif now < due:
        state, why = "open", f"it is scored from {_told(due)} UTC on"
    if trigger.get("runtimeState") != "Started":
        why = f"the trigger is {trigger.get('runtimeState')}, and scores nothing"
    times = (window.start.isoformat(), window.end.isoformat())
    return Span("window", "file", "window", str(window), state, *times, why)


def _length(told: str) -> timedelta:
    """Of what Data Factory writes like ``1.02:03:04``."""
    days, _, rest = told.rpartition(".")
    hours, minutes, seconds = map(int, rest.split(":"))
    return timedelta(int(days or 0), hours=hours, minutes=minutes, seconds=seconds)


def _told(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"

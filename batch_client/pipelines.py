"""Runs of Data Factory's pipelines, over Resource Manager (REST API 2018-06-01).

A run's id is the ``x-ms-client-request-id`` of the request that starts it (recorded of Azure's own
SDKs, which always send one): by it a run is found whose answer was lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import uuid4

from batch_client import once
from batch_client.errors import ClientError, Exit
from batch_client.rights import RUN_PIPELINES, Need, needing
from batch_client.session import Session
from batch_client.waiting import Clock, Work

VERSION = "2018-06-01"
SUCCEEDED = "Succeeded"
KEPT = timedelta(days=45)
"""How long a run is told (D:data-factory/monitor-data-factory)."""
_INVOKE = "Run Batch-Endpoint"
"""The activity of this program's pipelines that starts the job."""

_ALL_TIMES = {
    "lastUpdatedAfter": "2000-01-01T00:00:00Z",
    "lastUpdatedBefore": "3000-01-01T00:00:00Z",
}


@dataclass(frozen=True)
class PipelineRun(Work):
    """A run of a pipeline.

    Attributes:
        id: its id.
        status: Queued, InProgress, Succeeded, Failed, Canceling or Cancelled.
        message: why it failed; empty otherwise.
    """

    ends: ClassVar[Mapping[str, Exit]] = {
        SUCCEEDED: Exit.DONE,
        "Failed": Exit.FAILED,
        "Cancelled": Exit.CANCELED,
    }
    id: str
    status: str
    message: str = ""


class Pipelines:
    """The pipelines of a data factory."""

    def __init__(self, manager: Session, factory_id: str, clock: Clock) -> None:
        self._manager, self._factory, self._clock = manager, factory_id, clock

    def need(self, step: str, role: str = RUN_PIPELINES, setting: str = "callers") -> Need:
        """What a step needs; starting and following runs, unless another role is said."""
        return Need(step, role, f"the data factory {self._factory}", setting)

    def start(self, pipeline: str, parameters: Mapping[str, Any]) -> str:
        """Start one run, and never a second one; its id.

        Raises:
            UnknownOutcomeError: nobody knows whether there is a run.
            ClientError: it was refused, a missing role is named; or it can't be reached.
        """
        url = f"{self._factory}/pipelines/{quote(pipeline, safe='')}/createRun"
        run = str(uuid4())
        own = {"x-ms-client-request-id": run}
        unknown = (
            f"Whether a run of {pipeline} was started is not known, so it was not asked for again: "
            f"look at the factory's runs in its studio for {run}."
        )
        with needing(self.need("run the pipeline")):
            return once.started(
                lambda: str(self._manager.post(url, dict(parameters), VERSION, own)["runId"]),
                lambda: self._told(run).id,
                self._clock,
                unknown,
            )

    def get(self, run: str) -> PipelineRun:
        """A run as it is now.

        Raises:
            ClientError: there is none of this id, or it may not be read; a missing role is named.
        """
        with needing(self.need("follow the pipeline run")):
            return self._told(run)

    def _told(self, run: str) -> PipelineRun:
        told = self._manager.get(f"{self._factory}/pipelineruns/{quote(run, safe='')}", VERSION)
        return PipelineRun(run, str(told.get("status", "")), str(told.get("message") or ""))

    def job_name(self, run: str) -> str:
        """Name of the batch job that a run, or a run that it called, has started.

        Raises:
            ClientError: it has started none.
        """
        for activity in self.activities(run):
            name = _output(activity).get("name")
            if activity.get("activityName") == _INVOKE and name:
                return str(name)
        raise ClientError(f"The pipeline run {run} has started no batch job.")

    def between(self, since: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        """The runs that changed last then, as Data Factory tells them, a page at a time.

        Raises:
            ClientError: they can't be read.
        """
        times = {"lastUpdatedAfter": since.isoformat(), "lastUpdatedBefore": until.isoformat()}
        return self._all(f"{self._factory}/queryPipelineRuns", times)

    def activities(self, run: str) -> Iterator[dict[str, Any]]:
        """The activities of a run, and of those that it called.

        Raises:
            ClientError: they can't be read; a missing role is named.
        """
        url = f"{self._factory}/pipelineruns/{quote(run, safe='')}/queryActivityruns"
        with needing(self.need("read the pipeline run")):
            found = list(self._all(url, _ALL_TIMES))
        for activity in found:
            yield activity
            called = _output(activity).get("pipelineRunId")
            if activity.get("activityType") == "ExecutePipeline" and called:
                yield from self.activities(str(called))

    def _all(self, url: str, times: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """What was asked for: an answer has 100 at most (Azure/azure-sdk-for-net#57588)."""
        token: str | None = ""
        while token is not None:
            asked = {**times, **({"continuationToken": token} if token else {})}
            told = self._manager.query(url, asked, VERSION)
            yield from told["value"]
            token = told.get("continuationToken") or None


def _output(activity: dict[str, Any]) -> dict[str, Any]:
    """What an activity told; empty where it is hidden, as a secure output is by a text."""
    told = activity.get("output")
    return told if isinstance(told, dict) else {}

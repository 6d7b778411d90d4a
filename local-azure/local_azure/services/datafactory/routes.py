"""Data Factory's operations on Resource Manager's host: runs are started, read and cancelled.

So are triggers, and their runs. Source: Data Factory's REST interface, 2018-06-01. Actions:
 D:role-based-access-control/permissions/analytics (Microsoft.DataFactory); which one a
query of pipeline runs needs is UNVERIFIED.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.resource_manager.errors import InvalidContentError
from local_azure.control_plane.resource_manager.rest import Call, Handler, Operation
from local_azure.services.datafactory.beginning import started_by_hand
from local_azure.services.datafactory.errors import (
    PipelineRunNotFoundError,
    RunHasEndedError,
    TriggerRunNotFoundError,
)
from local_azure.services.datafactory.query import page, period
from local_azure.services.datafactory.records import Record
from local_azure.services.datafactory.representation import (
    moment,
    shown_activities,
    shown_run,
    shown_trigger_run,
)
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure.services.datafactory.resources.place import API_VERSION, ARM
from local_azure.services.datafactory.resources.trigger import TRIGGER
from local_azure.services.datafactory.store import ENDS, Run, Runs
from local_azure.services.datafactory.triggers import Begin, Triggers
from local_azure.services.datafactory.windows import TriggerRun

_RUN, _TRIGGER_RUN = "/pipelineruns/{runId}", "/triggerRuns/{runId}"
_HEEDED = {"/cancel": ("isRecursive",)}
"""What a query may ask for beside its version."""
_OF_PIPELINE_RUNS: dict[str, Callable[[Run], str]] = {
    "PipelineName": lambda run: run.pipeline,
    "Status": lambda run: run.status,
    "RunGroupId": lambda run: run.family,
    "RunStart": lambda run: moment(run.started or run.created),
    "RunEnd": lambda run: moment(run.ended),
}
_OF_ACTIVITY_RUNS: dict[str, Callable[[Record], str]] = {
    "ActivityName": lambda record: record.name,
    "ActivityType": lambda record: record.type,
    "Status": lambda record: record.status.value,
    "ActivityRunStart": lambda record: moment(record.start),
    "ActivityRunEnd": lambda record: moment(record.end),
}
_OF_TRIGGER_RUNS: dict[str, Callable[[TriggerRun], str]] = {
    "TriggerName": lambda run: run.name,
    "Status": lambda run: run.status,
    "TriggerRunTimestamp": lambda run: moment(run.fired),
}


@dataclass(frozen=True)
class RunOperations:
    """What each operation answers.

    Attributes:
        kept: all runs of all factories.
        triggers: what starts some of them.
        begin: starts one; see ``DataFactory.begin``.
        end: ends one; see ``DataFactory.cancel``.
    """

    kept: Runs
    triggers: Triggers
    begin: Begin
    end: Callable[..., None]

    def table(self) -> list[Operation]:
        """The table."""
        factory, trigger, versions = FACTORY.path, TRIGGER.path, (API_VERSION,)
        of_run = (factory, _RUN)
        acts: list[tuple[str, str, str, str, Handler]] = [
            (PIPELINE.path, "", "/createRun", "pipelines/createrun", self._create),
            (*of_run, "/cancel", "pipelineruns/cancel", self._cancel),
            (*of_run, "/queryActivityruns", "pipelineruns/queryactivityruns", self._activities),
            (factory, "", "/queryPipelineRuns", "querypipelineruns", self._runs),
            (trigger, "", "/start", "triggers/start", self._start),
            (trigger, "", "/stop", "triggers/stop", self._stop),
            (trigger, _TRIGGER_RUN, "/rerun", "triggers/triggerruns/rerun", self._rerun),
            (factory, "", "/queryTriggerRuns", "querytriggerruns", self._trigger_runs),
        ]
        read = f"{ARM}/pipelineruns/read"
        table = [Operation("GET", factory, "", read, versions, self._show, _RUN)]
        for scope, part, rest, act, handler in acts:
            action, heeded = f"{ARM}/{act}/action", _HEEDED.get(rest, ())
            table.append(Operation("POST", scope, rest, action, versions, handler, part, heeded))
        return table

    async def _create(self, call: Call) -> Response:
        given = {} if call.body is None else call.body
        if not isinstance(given, dict):
            message = f"The body is an object of parameters by name; found {given!r}."
            raise InvalidContentError(message)
        factory = call.control.resources.find(call.target.id.rpartition("/pipelines/")[0])
        assert factory is not None  # noqa: S101 a pipeline lies in a factory
        run_id = _run_id(call.request_id)
        known = self.kept.find(run_id)
        if known and (known.factory.lower(), known.pipeline) != (
            factory.id.lower(),
            call.target.name,
        ):
            # Some clients send one id with all their requests.
            known, run_id = None, str(uuid4())
        # A client that repeats its request has lost the answer: UNVERIFIED that one run is made.
        if known is None:
            told = started_by_hand(factory.name, run_id, call.control.clock.now())
            self.begin(factory.id, call.target.name, given, told, run_id)
        return JSONResponse({"runId": run_id})

    async def _show(self, call: Call) -> Response:
        return JSONResponse(shown_run(self._run(call)))

    async def _cancel(self, call: Call) -> Response:
        run = self._run(call)
        recursive = call.query.get("isRecursive", "false").lower() == "true"
        if run.status in ENDS:
            raise RunHasEndedError(run.id, run.status)
        self.end(run, recursive=recursive)
        return Response()

    async def _runs(self, call: Call) -> Response:
        found = self.kept.changed_between(call.target.id, *period(call.body))
        runs, further = page(found, call.body, _OF_PIPELINE_RUNS)
        return JSONResponse({"value": [shown_run(run) for run in runs], **further})

    async def _activities(self, call: Call) -> Response:
        run = self._run(call)
        after, before = period(call.body)
        records = self.kept.activities(run.id)
        within = [each for each in records if after <= (each.end or each.start) <= before]
        chosen, further = page(within, call.body, _OF_ACTIVITY_RUNS)
        return JSONResponse({"value": shown_activities(run, chosen), **further})

    async def _start(self, call: Call) -> Response:
        self.triggers.enable(call.target, on=True)
        return Response()

    async def _stop(self, call: Call) -> Response:
        self.triggers.enable(call.target, on=False)
        return Response()

    async def _rerun(self, call: Call) -> Response:
        run = self.triggers.runs.find(call.path["runId"])
        if run is None or run.trigger.lower() != call.target.id.lower():
            raise TriggerRunNotFoundError(call.path["runId"])
        self.triggers.rerun(call.target, run)
        return Response()

    async def _trigger_runs(self, call: Call) -> Response:
        found = self.triggers.runs.changed_between(call.target.id, *period(call.body))
        runs, further = page(found, call.body, _OF_TRIGGER_RUNS)
        return JSONResponse({"value": [shown_trigger_run(run) for run in runs], **further})

    def _run(self, call: Call) -> Run:
        run = self.kept.find(call.path["runId"])
        if run is None or run.factory.lower() != call.target.id.lower():
            raise PipelineRunNotFoundError(call.path["runId"])
        return run


def _run_id(asked: str) -> str:
    """The id that the client gave its request, which Azure takes for the run's (recorded)."""
    try:
        return str(UUID(asked))
    except ValueError:
        return str(uuid4())

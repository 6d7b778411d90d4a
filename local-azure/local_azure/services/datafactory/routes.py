"""Data Factory's operations on Resource Manager's host: runs are started, read and cancelled.

What triggers have of their own stands in ``trigger_routes``. Actions:
D:role-based-access-control/permissions/analytics (Microsoft.DataFactory); which one a query of
pipeline runs needs is UNVERIFIED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID, uuid4

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.resource_manager.errors import InvalidContentError
from local_azure.control_plane.resource_manager.rest import Operation
from local_azure.control_plane.web import not_emulated
from local_azure.services.datafactory import trigger_routes
from local_azure.services.datafactory.errors import PipelineRunNotFoundError, RunHasEndedError
from local_azure.services.datafactory.query import page, period
from local_azure.services.datafactory.representation import moment, shown_activities, shown_run
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure.services.datafactory.resources.place import API_VERSION, ARM
from local_azure.services.datafactory.store import ENDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local_azure.control_plane.resource_manager.rest import Call, Handler
    from local_azure.control_plane.resource_manager.store import Resource
    from local_azure.services.datafactory.records import Record
    from local_azure.services.datafactory.store import Run, Runs
    from local_azure.services.datafactory.triggers import Triggers

_RUN = "/pipelineruns/{runId}"
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


class Service(Protocol):
    """What the operations need of the service."""

    runs: Runs
    triggers: Triggers

    def create_run(
        self, factory: Resource, pipeline: str, given: Mapping[str, Any], run_id: str
    ) -> None:
        """Start a run of that id."""

    def cancel(self, run: Run, *, recursive: bool) -> None:
        """End a run."""


def operations(service: Service) -> list[Operation]:
    """The table."""
    handlers = _Handlers(service)
    made: list[tuple[str, str, str, str, str, Handler]] = [
        *trigger_routes.table(service.triggers),
        ("POST", PIPELINE.path, "", "/createRun", "pipelines/createrun/action", handlers.create),
        ("GET", FACTORY.path, _RUN, "", "pipelineruns/read", handlers.show),
        ("POST", FACTORY.path, _RUN, "/cancel", "pipelineruns/cancel/action", handlers.cancel),
        (
            "POST",
            FACTORY.path,
            _RUN,
            "/queryActivityruns",
            "pipelineruns/queryactivityruns/action",
            handlers.query_activities,
        ),
        (
            "POST",
            FACTORY.path,
            "",
            "/queryPipelineRuns",
            "querypipelineruns/action",
            handlers.query_runs,
        ),
    ]
    return [
        Operation(
            method,
            scope,
            rest,
            f"{ARM}/{action}",
            (API_VERSION,),
            _strict(handler, "isRecursive" if rest == "/cancel" else ""),
            part,
        )
        for method, scope, part, rest, action, handler in made
    ]


class _Handlers:
    """What each operation answers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def create(self, call: Call) -> Response:
        given = {} if call.body is None else call.body
        if not isinstance(given, dict):
            message = f"The body is an object of parameters by name; found {given!r}."
            raise InvalidContentError(message)
        factory = call.control.resources.find(call.target.id.rpartition("/pipelines/")[0])
        assert factory is not None  # noqa: S101 a pipeline lies in a factory
        run_id = _run_id(call.request_id)
        known = self._service.runs.find(run_id)
        if known and (known.factory.lower(), known.pipeline) != (
            factory.id.lower(),
            call.target.name,
        ):
            # Some clients send one id with all their requests.
            known, run_id = None, str(uuid4())
        # A client that repeats its request has lost the answer: UNVERIFIED that one run is made.
        if known is None:
            self._service.create_run(factory, call.target.name, given, run_id)
        return JSONResponse({"runId": run_id})

    async def show(self, call: Call) -> Response:
        return JSONResponse(shown_run(self._run(call)))

    async def cancel(self, call: Call) -> Response:
        run = self._run(call)
        recursive = call.query.get("isRecursive", "false").lower() == "true"
        if run.status in ENDS:
            raise RunHasEndedError(run.id, run.status)
        self._service.cancel(run, recursive=recursive)
        return Response()

    async def query_runs(self, call: Call) -> Response:
        found = self._service.runs.changed_between(call.target.id, *period(call.body))
        runs, further = page(found, call.body, _OF_PIPELINE_RUNS)
        return JSONResponse({"value": [shown_run(run) for run in runs], **further})

    async def query_activities(self, call: Call) -> Response:
        run = self._run(call)
        after, before = period(call.body)
        records = self._service.runs.activities(run.id)
        within = [each for each in records if after <= (each.end or each.start) <= before]
        chosen, further = page(within, call.body, _OF_ACTIVITY_RUNS)
        return JSONResponse({"value": shown_activities(run, chosen), **further})

    def _run(self, call: Call) -> Run:
        run = self._service.runs.find(call.path["runId"])
        if run is None or run.factory.lower() != call.target.id.lower():
            raise PipelineRunNotFoundError(call.path["runId"])
        return run


def _run_id(asked: str) -> str:
    """The id that the client gave its request, which Azure takes for the run's (recorded)."""
    try:
        return str(UUID(asked))
    except ValueError:
        return str(uuid4())


def _strict(handler: Handler, option: str) -> Handler:
    """The handler, for queries that ask for nothing more than it heeds."""

    async def answer(call: Call) -> Response:
        for asked in sorted(call.query.keys() - {"api-version", option}):
            return not_emulated(f"The option {asked!r} is not emulated.")
        return await handler(call)

    return answer

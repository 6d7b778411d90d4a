"""What triggers offer on Resource Manager's host: start, stop, and their runs.

Source: the operations Triggers and TriggerRuns of Data Factory's REST interface, 2018-06-01; a run
of a trigger is told as in Azure PowerShell's recording TestInvokeAndStopTriggerRun (2020).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from local_azure.services.datafactory.errors import TriggerRunNotFoundError
from local_azure.services.datafactory.query import page, period
from local_azure.services.datafactory.representation import moment
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.trigger import KIND, TRIGGER

if TYPE_CHECKING:
    from collections.abc import Callable

    from local_azure.control_plane.resource_manager.rest import Call, Handler
    from local_azure.services.datafactory.trigger_runs import TriggerRun
    from local_azure.services.datafactory.triggers import Triggers

_RUN = "/triggerRuns/{runId}"
_OPERANDS: dict[str, Callable[[TriggerRun], str]] = {
    "TriggerName": lambda run: run.name,
    "Status": lambda run: run.status,
    "TriggerRunTimestamp": lambda run: moment(run.fired),
}


def table(triggers: Triggers) -> list[tuple[str, str, str, str, str, Handler]]:
    """Method, scope, part, rest, action and handler of each operation."""
    handlers = _Handlers(triggers)
    one, runs = TRIGGER.path, "triggers/triggerruns"
    return [
        ("POST", one, "", "/start", "triggers/start/action", handlers.start),
        ("POST", one, "", "/stop", "triggers/stop/action", handlers.stop),
        ("POST", one, _RUN, "/rerun", f"{runs}/rerun/action", handlers.rerun),
        ("POST", FACTORY.path, "", "/queryTriggerRuns", "querytriggerruns/action", handlers.query),
    ]


class _Handlers:
    """What each operation answers."""

    def __init__(self, triggers: Triggers) -> None:
        self._triggers = triggers

    async def start(self, call: Call) -> Response:
        self._triggers.enable(call.target, on=True)
        return Response()

    async def stop(self, call: Call) -> Response:
        self._triggers.enable(call.target, on=False)
        return Response()

    async def rerun(self, call: Call) -> Response:
        run = self._triggers.runs.find(call.path["runId"])
        if run is None or run.trigger.lower() != call.target.id.lower():
            raise TriggerRunNotFoundError(call.path["runId"])
        self._triggers.rerun(call.target, run)
        return Response()

    async def query(self, call: Call) -> Response:
        found = self._triggers.runs.changed_between(call.target.id, *period(call.body))
        runs, further = page(found, call.body, _OPERANDS)
        return JSONResponse({"value": [shown(run) for run in runs], **further})


def shown(run: TriggerRun) -> dict[str, Any]:
    """A trigger's run."""
    return {
        "triggerName": run.name,
        "triggerRunId": run.id,
        "triggerType": KIND,
        "triggerRunTimestamp": moment(run.fired),
        "status": run.status,
        "message": run.message or None,
        "properties": {
            "TriggerTime": _american(run.fired),
            "windowStartTime": _american(run.start),
            "windowEndTime": _american(run.end),
        },
        "triggeredPipelines": {run.pipeline: run.pipeline_run},
        "groupId": run.id,
        "dependencyStatus": {},
    }


def _american(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at.month}/{at.day}/{at.year} {at.strftime('%I:%M:%S %p').lstrip('0')}"

"""A workflow's triggers as Resource Manager tells them: here each definition has one.

Keys: D:rest/api/logic/workflow-triggers; which of them a Request trigger has is UNVERIFIED.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.resource_manager.errors import WorkflowTriggerNotFoundError
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.services.logic.errors import TriggerNotFoundError
from local_azure.services.logic.resources import operation, version_of
from local_azure.services.logic.workflows import Workflows

_READ = "triggers/read"


def operations(workflows: Workflows) -> tuple[Operation, ...]:
    """The list, and one by its name."""

    async def every(call: Call) -> Response:
        return JSONResponse({"value": [_told(call, workflows)]})

    async def one(call: Call) -> Response:
        told, asked = _told(call, workflows), call.path["trigger"]
        if told["name"].lower() != asked.lower():
            raise WorkflowTriggerNotFoundError(str(TriggerNotFoundError(call.target.name, asked)))
        return JSONResponse(told)

    return (
        operation("/triggers", _READ, every),
        operation("/triggers/{trigger}", _READ, one),
    )


def _told(call: Call, workflows: Workflows) -> dict[str, Any]:
    workflow, known = call.target, call.target.properties
    name = workflows.find(workflow.id).definition.trigger_name
    return {
        "id": f"{workflow.id}/triggers/{name}",
        "name": name,
        "type": f"{workflow.type}/triggers",
        "properties": {
            "provisioningState": "Succeeded",
            **{key: known[key] for key in ("createdTime", "changedTime", "state")},
            "workflow": version_of(workflow, known["version"]),
        },
    }

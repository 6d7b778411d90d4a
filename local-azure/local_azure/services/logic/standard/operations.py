"""What Resource Manager offers of a site: its files, its settings, and what its host tells.

``hostruntime`` hands a call on to the site's host, which tells of a workflow what Consumption has
at the workflow itself. Actions: D:role-based-access-control/permissions/web-and-mobile.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.resource_manager.actions import callback
from local_azure.control_plane.resource_manager.errors import (
    MethodNotAllowedError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.rest import Call, Handler, Operation
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.logic.standard import files, hosted
from local_azure.services.logic.standard.resources import SITE
from local_azure.services.logic.standard.settings import check_host, settings_in

HOST_RUNTIME = "/hostruntime/runtime/webhooks/workflow/api/management"
_WORKFLOW = "/workflows/{workflow}"
_VERSIONS = ("2025-05-01", "2024-11-01", "2022-03-01", "2018-11-01")
_RUNTIME_ACTION = "Microsoft.Web/sites/hostruntime/webhooks/api/workflows/"


def operations(
    reading: Iterable[Operation], callback_url: Callable[[str, str], str]
) -> Iterator[Operation]:
    """The table.

    Args:
        reading: what tells of a Consumption workflow's runs and triggers.
        callback_url: the URL of a workflow's trigger, by both names.
    """

    async def list_callback(call: Call) -> Response:
        return JSONResponse(callback(callback_url(call.target.id, call.path["trigger"])))

    yield from (
        _of_site("POST", "/deployWorkflowArtifacts", "deployWorkflowArtifacts/action", _deploy),
        _of_site("POST", "/config/appsettings/list", "config/list/action", _settings),
        _of_site("GET", "/workflows", "workflows/read", _every),
        _of_site("GET", _WORKFLOW, "workflows/read", _one),
        _of_site("PUT", _WORKFLOW, "workflows/write", _refused),
    )
    link = "/triggers/{trigger}/listCallbackUrl"
    yield _of_host("POST", link, "triggers/listCallbackUrl/action", list_callback)
    for each in reading:
        action = each.action.rpartition("workflows/")[2]
        yield _of_host(each.method, each.rest, action, each.handler, each.heeds)


def _of_site(method: str, rest: str, action: str, handler: Handler) -> Operation:
    return Operation(method, SITE.path, rest, SITE.action(action), _VERSIONS, handler)


def _of_host(
    method: str, rest: str, action: str, handler: Handler, heeds: tuple[str, ...] = ()
) -> Operation:
    """What a workflow's own operation answers, asked of the site's host."""

    async def ask(call: Call) -> Response:
        check_host(call.control, call.target)
        workflow = _found(call)
        return await handler(replace(call, target=hosted.view(call.control, workflow)))

    path = f"{HOST_RUNTIME}{_WORKFLOW}{rest}"
    named = f"{_RUNTIME_ACTION}{action}"
    return Operation(method, SITE.path, path, named, _VERSIONS, ask, heeds=heeds)


async def _deploy(call: Call) -> Response:
    check_host(call.control, call.target)
    files.write(call.control, call.target, call.body)
    return Response()


async def _settings(call: Call) -> Response:
    told = {"id": f"{call.target.id}/config/appsettings", "name": "appsettings"}
    return JSONResponse({**told, "properties": settings_in(call.target.body)})


async def _every(call: Call) -> Response:
    found = call.control.resources.select(files.TYPE, under=call.target.id)
    return JSONResponse({"value": [hosted.told(call.control, each) for each in found]})


async def _one(call: Call) -> Response:
    return JSONResponse(hosted.told(call.control, _found(call)))


async def _refused(call: Call) -> Any:
    # Azure/logicapps issue 416.
    raise MethodNotAllowedError(f"{call.target.id}/workflows/{call.path['workflow']}", "PUT")


def _found(call: Call) -> Resource:
    workflow_id = f"{call.target.id}/workflows/{call.path['workflow']}"
    found = call.control.resources.find(workflow_id)
    if found is None:
        raise ResourceNotFoundError(workflow_id)
    return found

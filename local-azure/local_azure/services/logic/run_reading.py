"""The run history over HTTP: Resource Manager's lists of runs and actions, and their contents.

What an action got and gave is behind a link that needs no sign-in (D:rest/api/logic/workflow-runs,
workflow-run-actions). Which keys there are is recorded of Azure. The list of runs is filtered by
status and startTime, as documented. Times are written bare (Azure/azure-sdk-for-python#39737; with
quotes they are an InvalidQueryFilter, pnp/cli-microsoft365#4388), a status with quotes (#27228).
"""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from local_azure.control_plane.clock import iso
from local_azure.control_plane.resource_manager.actions import in_version
from local_azure.control_plane.resource_manager.errors import (
    NotEmulatedError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.rest import Call, Operation
from local_azure.services.logic import callback
from local_azure.services.logic.errors import ContentNotFoundError, InvalidSignatureError
from local_azure.services.logic.history import Asked, History
from local_azure.services.logic.records import tracking_id
from local_azure.services.logic.resources import operation
from local_azure.services.logic.standard import files
from local_azure.services.logic.standard.operations import HOST_RUNTIME
from local_azure.services.logic.workflows import Workflows

Entry = dict[str, Any]

_MOST = 250
_TERM = re.compile(
    r"startTime (?P<side>ge|le) (?P<time>[-0-9]{10}T[0-9:.]+Z)|status eq '(?P<status>\w+)'",
    re.IGNORECASE,
)
_RUNS, _VERSION = "Microsoft.Logic/workflows/runs", "Microsoft.Logic/workflows/versions"
_PAGED = ("$top", "$skiptoken")
_OF_TRIGGER = re.compile(r"/runs/(?P<run>[^/]+)/contents/TriggerOutputs")
_OF_ACTION = re.compile(
    r"/runs/(?P<run>[^/]+)/actions/(?P<action>[^/]+)/contents/Action(?P<side>Inputs|Outputs)"
)


class RunReading:
    """Reads what runs have done; the links to contents carry their workflows' signatures."""

    def __init__(self, history: History, workflows: Workflows) -> None:
        self._history = history
        self._workflows = workflows

    def operations(self) -> list[Operation]:
        """Those of Resource Manager."""
        return [
            operation("/runs", "runs/read", self._list, heeds=(*_PAGED, "$filter")),
            operation("/runs/{run}", "runs/read", self._show),
            operation("/runs/{run}/actions", "runs/actions/read", self._actions, heeds=_PAGED),
        ]

    def content(self, identifier: str, content: str, signature: str) -> Any:
        """What a link leads to.

        Args:
            identifier: the workflow's, in the link's path.
            content: the rest of the path.
            signature: the link's.

        Raises:
            TriggerError: the link is not one that was given out, or leads nowhere any more.
        """
        permitted = callback.content_permission(content)
        if not self._workflows.is_signature(identifier, permitted, signature):
            raise InvalidSignatureError
        workflow = self._workflows.behind(identifier).resource.id
        if of_trigger := _OF_TRIGGER.fullmatch(content):
            run = self._history.find(workflow, of_trigger["run"])
            return run["trigger"]["outputs"] if run else _missing(content)
        of_action = _OF_ACTION.fullmatch(content)
        run = self._history.find(workflow, of_action["run"]) if of_action else None
        for action in run["actions"] if run else []:
            if of_action and action["name"] == of_action["action"]:
                return action[of_action["side"].lower()]
        return _missing(content)

    async def _list(self, call: Call) -> Response:
        start, limit = page = _page(call)
        runs = self._history.of_workflow(
            call.target.id, Asked(limit + 1, start, **_filter(call.query.get("$filter", "")))
        )
        return _listed(call, "/runs", page, [self._run(call, run) for run in runs])

    async def _show(self, call: Call) -> Response:
        return JSONResponse(self._run(call, self._found(call)))

    async def _actions(self, call: Call) -> Response:
        run, page = self._found(call), _page(call)
        told = [self._action(call, run, number) for number in range(page[0], len(run["actions"]))]
        return _listed(call, f"/runs/{run['run']}/actions", page, told)

    def _found(self, call: Call) -> Entry:
        run = self._history.find(call.target.id, call.path["run"])
        if run is None:
            raise ResourceNotFoundError(f"{call.target.id}/runs/{call.path['run']}")
        return run

    def _run(self, call: Call, run: Entry) -> Entry:
        fired = run["trigger"]
        path = f"/runs/{run['run']}/contents/TriggerOutputs"
        trigger = {
            "name": fired["name"],
            "status": "Succeeded",
            "code": "OK",
            "startTime": run["started"],
            "endTime": run["started"],
            "scheduledTime": run["started"],
            "originHistoryName": run["run"],
            "correlation": {"clientTrackingId": fired["client"]},
            "outputsLink": self._link(call, path, fired["outputs"]),
        }
        version = f"{call.target.id}/versions/{fired['version']}"
        return {
            "id": f"{call.target.id}/runs/{run['run']}",
            "name": run["run"],
            "type": _RUNS,
            "properties": {
                "status": run["status"],
                "waitEndTime": run["started"],
                "startTime": run["started"],
                **({"endTime": run["ended"]} if run["ended"] else {}),
                **({"error": run["error"]} if run["error"] else {}),
                "correlation": {"clientTrackingId": fired["client"]},
                "workflow": {"id": version, "name": fired["version"], "type": _VERSION},
                "trigger": trigger,
                "outputs": {},
            },
        }

    def _action(self, call: Call, run: Entry, position: int) -> Entry:
        action = run["actions"][position]
        path = f"/runs/{run['run']}/actions/{action['name']}"
        links = {
            f"{side}Link": self._link(call, f"{path}/contents/Action{side.title()}", action[side])
            for side in ("inputs", "outputs")
            if action[side] is not None
        }
        return {
            "id": f"{call.target.id}{path}",
            "name": action["name"],
            "type": f"{_RUNS}/actions",
            "properties": {
                "status": action["status"],
                "code": action["code"],
                "startTime": action["started"],
                "endTime": action["ended"],
                "correlation": {
                    "actionTrackingId": tracking_id(run["run"], position),
                    "clientTrackingId": run["trigger"]["client"],
                },
                **({"error": action["error"]} if action["error"] else {}),
                **links,
            },
        }

    def _link(self, call: Call, content: str, found: Any) -> Entry:
        uri = self._workflows.content_url(call.target.id, content)
        uri = in_version(uri, call.query["api-version"])
        return {"uri": uri, "contentSize": len(json.dumps(found))}


def _page(call: Call) -> tuple[int, int]:
    """Where a page of a list begins, and how long it is: 30 (Azure/azure-sdk-for-net#11932)."""
    top, skipped = call.query.get("$top", "30"), call.query.get("$skiptoken", "")
    limit = min(int(top), _MOST) if top.isdecimal() else _MOST
    return int(skipped) if skipped.isdecimal() else 0, limit


def _listed(call: Call, path: str, page: tuple[int, int], rest: list[Entry]) -> Response:
    """A page of what is left of a list, with a link to the next one."""
    start, limit = page
    answer: Entry = {"value": rest[:limit]}
    if len(rest) > limit:
        further = urlencode({**call.query, "$skiptoken": start + limit})
        answer["nextLink"] = f"https://{call.host}{_asked_at(call)}{path}?{further}"
    return JSONResponse(answer)


def _filter(asked: str) -> dict[str, str]:
    """What a ``$filter`` says, of the three that are documented but for the client's tracking id.

    Raises:
        NotEmulatedError: it says something else.
    """
    found: dict[str, str] = {}
    for part in asked.split(" and ") if asked else []:
        term = _TERM.fullmatch(part.strip())
        if term is None:
            told = "emulated: startTime ge and le with a time, status eq with a text, joined by and"
            raise NotEmulatedError(f"The filter {asked!r} of the list of runs", told)
        if term["status"]:
            found["status"] = term["status"]
        else:
            moment = datetime.fromisoformat(term["time"])
            found["since" if term["side"].lower() == "ge" else "until"] = iso(moment)
    return found


def _asked_at(call: Call) -> str:
    """The path of the workflow whose runs were asked for: a site's host tells of its own."""
    site, _, name = call.target.id.partition("/workflows/")
    is_hosted = call.target.type == files.TYPE
    return f"{site}{HOST_RUNTIME}/workflows/{name}" if is_hosted else call.target.id


def _missing(content: str) -> Any:
    raise ContentNotFoundError(content)

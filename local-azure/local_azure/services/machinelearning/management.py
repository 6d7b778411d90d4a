"""Jobs on Resource Manager's host, listed, read and cancelled; datastores' lists and secrets.

Shape: azure-ai-ml 1.35.2 shows a batch endpoint's job as one of type Pipeline. Actions:
D:role-based-access-control/permissions/ai-machine-learning.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from local_azure.control_plane import clouds
from local_azure.control_plane.resource_manager.errors import InvalidContentError, NotEmulatedError
from local_azure.control_plane.resource_manager.operations import Operations
from local_azure.control_plane.resource_manager.requests import Answer, Asked, told
from local_azure.control_plane.resource_manager.rest import Call, Operation, response
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.job_runs import ChildRun, JobRuns
from local_azure.services.machinelearning.jobs import Job
from local_azure.services.machinelearning.representation import represent_run
from local_azure.services.machinelearning.resources import managed_network
from local_azure.services.machinelearning.resources.datastore import DATASTORE
from local_azure.services.machinelearning.resources.place import ARM, NoSecretsError, missing
from local_azure.services.machinelearning.resources.workspace import WORKSPACE

_JOB, _STORE = "/jobs/{name}", "/datastores/{name}"
_PAGE = 100
"""Jobs in an answer; Azure's own number is UNVERIFIED. That the newest come first is recorded."""
_OF_A_LIST, _OF_STORES = ("$skip", "listViewType"), ("isDefault", "orderByAsc", "count")
"""What their queries may ask for."""
_UNARCHIVED = ("ActiveOnly", "All")
"""Which jobs are wanted; none is archived here."""
_VERSIONS = ("2025-12-01", "2024-01-01-preview", "2023-04-01-preview")
"""What azure-native speaks, and azure-ai-ml where it reads and where it cancels."""
_OF_DATASTORES = (DATASTORE.api_version, "2024-10-01-preview")


def operations(
    runs: JobRuns, cancel_job: Callable[[str], Awaitable[None]], under_way: Operations
) -> list[Operation]:
    """The table."""

    async def show(call: Call) -> Response:
        found = runs.find(call.path["name"], call.target)
        if found and found[1]:
            return JSONResponse(_child(found[1], call.target))
        job = _job(call, runs)
        return JSONResponse(represent_run(job, call.target, runs.deployed(job)))

    async def listed(call: Call) -> Response:
        if (view := call.query.get("listViewType", "All")) not in _UNARCHIVED:
            raise NotEmulatedError(f"listViewType {view!r}", f"accepted: {', '.join(_UNARCHIVED)}")
        skipped = _whole(call.query, "$skip", 0)
        found = runs.jobs.latest(_PAGE + 1, call.target.id, skipped)
        shown = [represent_run(each, call.target, runs.deployed(each)) for each in found[:_PAGE]]
        answer: dict[str, Any] = {"value": shown}
        if len(found) > _PAGE:
            rest = urlencode({**call.query, "$skip": skipped + _PAGE})
            answer["nextLink"] = f"https://{call.host}{call.target.id}/jobs?{rest}"
        return JSONResponse(answer)

    async def cancel(call: Call) -> Response:
        name = _job(call, runs).name
        await cancel_job(name)
        cloud = clouds.of(call.host, "arm_host")
        path = f"{call.target.id}/jobs/{name}"
        asked = Asked("POST", path, call.caller, call.query, cloud=cloud)
        around = under_way.around(call.target.id)
        return response(under_way.begun(f"{ARM}/jobs/cancel", asked, Answer(202), around))

    scope, in_stores = WORKSPACE.path, _OF_DATASTORES
    read, secrets = DATASTORE.action("read"), DATASTORE.action("listsecrets/action")
    return [
        Operation("GET", scope, "/jobs", f"{ARM}/jobs/read", _VERSIONS, listed, heeds=_OF_A_LIST),
        managed_network.operation(scope),
        Operation("GET", scope, "", f"{ARM}/jobs/read", _VERSIONS, show, _JOB),
        Operation("POST", scope, "/cancel", f"{ARM}/jobs/cancel/action", _VERSIONS, cancel, _JOB),
        Operation("GET", scope, "/datastores", read, in_stores, _datastores, heeds=_OF_STORES),
        Operation("POST", scope, "/listSecrets", secrets, in_stores, _secrets, _STORE),
    ]


async def _datastores(call: Call) -> Response:
    """Newest first, as recorded; ``isDefault`` and ``count`` narrow them down."""
    found = call.control.resources.select(DATASTORE.arm_type, call.target.id)
    shown = [told(DATASTORE, each) for each in reversed(found)]
    if "isDefault" in call.query:
        wanted = call.query["isDefault"].lower() == "true"
        shown = [each for each in shown if bool(each["properties"].get("isDefault")) == wanted]
    if call.query.get("orderByAsc", "").lower() == "true":
        shown.reverse()
    count = _whole(call.query, "count", 1, len(shown) or 1)
    return JSONResponse({"value": shown[:count]})


async def _secrets(call: Call) -> Response:
    """No datastore here has credentials."""
    path = f"{call.target.id}/datastores/{call.path['name']}"
    if call.control.resources.find(path) is None:
        raise missing(call.control, path)
    region = call.target.properties.get("location", "")
    raise NoSecretsError(region, call.control.clock.now())


def _whole(query: dict[str, str], key: str, least: int, unsaid: int = 0) -> int:
    """A number of a query.

    Raises:
        InvalidContentError: it is none, or too small.
    """
    given = query.get(key, str(unsaid))
    if not given.isdecimal() or int(given) < least:
        message = f"{key}: found {given!r}; accepted: a whole number from {least}."
        raise InvalidContentError(message)
    return int(given)


def _child(run: ChildRun, workspace: Resource) -> dict[str, Any]:
    """A run below a job: Resource Manager tells that it is there, the run history the rest."""
    kind = "Microsoft.MachineLearningServices/workspaces/jobs"
    return {"id": f"{workspace.id}/jobs/{run.id}", "name": run.id, "type": kind, "properties": None}


def _job(call: Call, runs: JobRuns) -> Job:
    name = call.path["name"]
    job = runs.jobs.find(name)
    if job is None or not job.endpoint.lower().startswith(f"{call.target.id.lower()}/"):
        raise missing(call.control, f"{call.target.id}/jobs/{name}")
    return job

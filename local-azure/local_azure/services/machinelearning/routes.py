"""The routes of a batch endpoint's host, ``<endpoint>.<region>.<inference suffix>``.

No route for cancelling is documented on this host: in Azure that goes through Resource Manager.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane.clouds import INFERENCE_SUFFIXES, ML_AUDIENCES
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import body, router
from local_azure.services.machinelearning import invocation
from local_azure.services.machinelearning.endpoints import (
    Target,
    find_endpoint,
    route,
    workspace_of,
)
from local_azure.services.machinelearning.errors import (
    BodyTooLargeError,
    JobNotFoundError,
    MediaTypeError,
)
from local_azure.services.machinelearning.front_door import TO_FOLLOW, FrontDoor
from local_azure.services.machinelearning.job_runs import JobRuns
from local_azure.services.machinelearning.jobs import Job

Submit = Callable[[Target, invocation.Invocation, Principal, str | None], Job]

PATTERNS = tuple(f"{{endpoint}}.{{region}}.{suffix}" for suffix in INFERENCE_SUFFIXES)


class Routes:
    """Handlers: who calls, may they, and what is known; ``submit`` makes a job."""

    def __init__(self, control: ControlPlane, runs: JobRuns, submit: Submit) -> None:
        self._control = control
        self._door = FrontDoor(control)
        self._runs = runs
        self._submit = submit

    def router(self) -> Router:
        """The routes."""
        door = self._door
        return router(
            [
                Route("/jobs", door.rendered(self._invoke), methods=["POST"]),
                Route("/jobs/{name}", door.rendered(self._show), methods=["GET"]),
            ],
            "A batch endpoint",
        )

    async def _invoke(self, request: Request) -> Response:
        caller = self._door.caller(request, _audiences(request.headers["host"]))
        endpoint = self._endpoint(request, caller)
        header = request.headers.get("azureml-model-deployment")
        target = route(endpoint, header, self._control.resources)
        self._door.check_invoke(caller, target)
        asked = invocation.read(await _body(request))
        request_id = request.headers.get("repeatability_request-id")
        job = self._submit(target, asked, caller, request_id)
        shown = self._runs.shown(job, target.workspace)
        return JSONResponse(shown, 201, _headers(target))

    async def _show(self, request: Request) -> Response:
        caller = self._door.caller(request, _audiences(request.headers["host"]))
        endpoint = self._endpoint(request, caller)
        self._door.check(caller, endpoint, TO_FOLLOW)
        job = self._runs.jobs.find(request.path_params["name"])
        if job is None or job.endpoint.lower() != endpoint.id.lower():
            raise JobNotFoundError(endpoint.name, request.path_params["name"])
        workspace = workspace_of(endpoint, self._control.resources)
        return JSONResponse(self._runs.shown(job, workspace))

    def _endpoint(self, request: Request, caller: Principal) -> Resource:
        parts, resources = request.scope["host_parts"], self._control.resources
        found = find_endpoint(parts["endpoint"], parts["region"], resources)
        self._door.check_network(workspace_of(found, resources), caller)
        return found


def _audiences(host: str) -> tuple[str, ...]:
    """The audiences of the cloud that a host belongs to; clouds differ in their last label."""
    ending = host.partition(":")[0].rpartition(".")[2].lower()
    return tuple(each for each in ML_AUDIENCES if each.rpartition(".")[2] == ending)


def _headers(target: Target) -> dict[str, str]:
    """What comes with a job that was made (recorded)."""
    host = target.workspace.properties["discoveryUrl"].removesuffix("/discovery")
    return {
        "azureml-model-deployment": target.deployment.name,
        "location": (
            f"{host}/mferp/managementfrontend{target.deployment.id}"
            "?api-version=2020-09-01-dataplanepreview"
        ),
        "x-ms-response-type": "standard",
        "server": "azureml-frontdoor",
    }


async def _body(request: Request) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise MediaTypeError(media_type)
    most = invocation.LARGEST_BODY
    return await body(request, most, lambda _: BodyTooLargeError(most))

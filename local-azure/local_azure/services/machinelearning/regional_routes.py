"""The routes of a region's host, ``<region>.api.azureml.ms``: what azure-ai-ml finds outputs by.

Discovery, which needs no token; of the run history a run, its children, its data and details; and
the list of an endpoint's jobs. Requests and audiences are those of azure-ai-ml 1.35.2: Resource
Manager's for the run history, machine learning's for the list. UNVERIFIED: which actions Azure
checks, and how it refuses who lacks one.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router

from local_azure.control_plane import clouds, strict_json
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.resource_type import IN_GROUP
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.web import router
from local_azure.services.machinelearning import run_history
from local_azure.services.machinelearning.errors import InvalidRequestError, RunNotFoundError
from local_azure.services.machinelearning.front_door import TO_FOLLOW, TO_READ_RUNS, FrontDoor
from local_azure.services.machinelearning.job_runs import ChildRun, JobRuns
from local_azure.services.machinelearning.jobs import Job

PATTERNS = tuple(f"{{region}}.{cloud.ml_api}" for cloud in clouds.CLOUDS)
_WORKSPACE = f"{IN_GROUP}/Microsoft.MachineLearningServices/workspaces/{{workspace}}"
_MANAGEMENT = "/mferp/managementfrontend"
_LONGEST_LIST = 1000
_CHILDREN = 50
"""Of a run in an answer (azure-sdk-for-python#32440)."""
_NAMED = "A region's host of machine learning"


class RegionalRoutes:
    """Handlers: who calls, may they, and what is known."""

    def __init__(self, control: ControlPlane, runs: JobRuns) -> None:
        self._control = control
        self._door = FrontDoor(control)
        self._runs = runs

    def router(self) -> Router:
        """The routes."""
        door = self._door
        history = [
            Route("/runs/{run}", door.rendered(self._run)),
            Route("/runs/{run}/children", door.rendered(self._children, "$continuationtoken")),
            Route("/runs/{run}/details", door.rendered(self._details)),
            Route("/rundata", door.rendered(self._data), methods=["POST"]),
        ]
        jobs = Route("/batchEndpoints/{endpoint}/jobs", door.rendered(self._jobs))
        return router(
            [
                Route("/discovery", _discovery),
                Mount(f"/history/v1.0{_WORKSPACE}", router(history, _NAMED)),
                Mount(f"{_MANAGEMENT}{_WORKSPACE}", router([jobs], _NAMED)),
            ],
            _NAMED,
        )

    async def _run(self, request: Request) -> Response:
        return JSONResponse(self._shown(request, request.path_params["run"]))

    async def _children(self, request: Request) -> Response:
        job, _ = self._found(request, request.path_params["run"])
        runs = self._runs.children(job)
        token = request.query_params.get("$continuationtoken", "0")
        if not token.isdecimal():
            message = f"$continuationtoken: found {token!r}, accepted: one that an answer gave."
            raise InvalidRequestError(message)
        start, end = int(token), int(token) + _CHILDREN
        told = [run_history.child(each) for each in runs[start:end]]
        further = {"continuationToken": str(end)} if len(runs) > end else {}
        return JSONResponse({"value": told, **further})

    async def _details(self, request: Request) -> Response:
        run = self._shown(request, request.path_params["run"])
        return JSONResponse(run_history.details(run))

    async def _data(self, request: Request) -> Response:
        name = _run_id(await request.body())
        job, child = self._found(request, name)
        if child:
            return JSONResponse(run_history.run_data(child))
        run = run_history.parent(job, self._runs.deployed(job))
        return JSONResponse({"runMetadata": run, "runDefinition": None})

    async def _jobs(self, request: Request) -> Response:
        caller = self._door.caller(request, (_cloud(request).ml_audience,))
        workspace = self._workspace(request, caller)
        found = f"{workspace.id}/batchEndpoints/{request.path_params['endpoint']}"
        endpoint = self._control.resources.find(found)
        if endpoint is None:
            raise RunNotFoundError(found)
        self._door.check(caller, endpoint, TO_FOLLOW)
        jobs = self._runs.jobs.latest(_LONGEST_LIST, endpoint.id)
        return JSONResponse({"value": [self._runs.shown(each, workspace) for each in jobs]})

    def _shown(self, request: Request, name: str) -> dict[str, Any]:
        job, child = self._found(request, name)
        if child:
            return run_history.child(child)
        return run_history.parent(job, self._runs.deployed(job))

    def _found(self, request: Request, name: str) -> tuple[Job, ChildRun | None]:
        """The job of a run, and the run where it is one below the job.

        Raises:
            RunNotFoundError: no such run in the workspace.
        """
        cloud = _cloud(request)
        audiences = (cloud.arm_audience, f"https://{cloud.arm_host}")
        caller = self._door.caller(request, audiences)
        workspace = self._workspace(request, caller)
        self._door.check(caller, workspace, TO_READ_RUNS)
        found = self._runs.find(name, workspace)
        if found is None:
            raise RunNotFoundError(name)
        return found

    def _workspace(self, request: Request, caller: Principal) -> Resource:
        path = _WORKSPACE.format(**request.path_params)
        found = self._control.resources.find(path)
        if found is None:
            raise RunNotFoundError(path)
        self._door.check_network(found, caller)
        return found


def _cloud(request: Request) -> clouds.Cloud:
    return clouds.of(str(request.url.hostname), "ml_api")


def _run_id(body: bytes) -> str:
    try:
        return str(strict_json.read(body)["runId"])
    except (ValueError, TypeError, KeyError):
        message = "The body must be a JSON object with a 'runId'."
        raise InvalidRequestError(message) from None


async def _discovery(request: Request) -> Response:
    """Only ``api`` is answered for here; the others are recorded beside it."""
    host = request.url.hostname
    region = request.scope["host_parts"]["region"]
    experiments = f"https://{region}.experiments.azureml.net"
    return JSONResponse(
        {
            "api": f"https://{host}",
            "experimentation": experiments,
            "history": experiments,
            "hyperdrive": experiments,
            "labeling": experiments,
            "modelmanagement": f"https://{region}.modelmanagement.azureml.net",
            "pipelines": f"https://{region}.aether.ms",
            "studio": "https://ml.azure.com",
        }
    )

"""The service: invocations become jobs, jobs wait for their cluster, run, and end."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.networks import origins
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.operations import Operations
from local_azure.control_plane.resource_manager.resource_type import Put, ResourceType
from local_azure.control_plane.resource_manager.rest import Operation
from local_azure.control_plane.service import Service
from local_azure.control_plane.topics import Topics
from local_azure.services.machinelearning import regional_routes
from local_azure.services.machinelearning.assets import Assets
from local_azure.services.machinelearning.blobs import Blobs
from local_azure.services.machinelearning.cluster_queue import ClusterQueue
from local_azure.services.machinelearning.endpoints import Target, is_pipeline, settings
from local_azure.services.machinelearning.errors import JobFailedError, MachineLearningError
from local_azure.services.machinelearning.execution import Execution, left
from local_azure.services.machinelearning.invocation import Invocation
from local_azure.services.machinelearning.job_runs import JobRuns
from local_azure.services.machinelearning.jobs import (
    CANCELED,
    COMPLETED,
    ENDS,
    FAILED,
    QUEUED,
    Job,
    Jobs,
)
from local_azure.services.machinelearning.management import operations
from local_azure.services.machinelearning.news import News
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.pipelines.plan import make_pipeline_plan
from local_azure.services.machinelearning.pipelines.steps import Steps
from local_azure.services.machinelearning.plan import check_ports, make_plan, node_count
from local_azure.services.machinelearning.regional_routes import RegionalRoutes
from local_azure.services.machinelearning.resources import managed_network
from local_azure.services.machinelearning.resources.assets import MODEL_VERSION
from local_azure.services.machinelearning.resources.batch_deployment import BATCH_DEPLOYMENT
from local_azure.services.machinelearning.resources.workspace import WORKSPACE, containers
from local_azure.services.machinelearning.routes import PATTERNS, Routes
from local_azure.services.machinelearning.scoring import CORES
from local_azure.services.machinelearning.uris import resolve

_log = logging.getLogger(__name__)


class MachineLearning(Service):
    """Batch endpoints of every workspace.

    Args:
        control: the control plane.
        topics: hear of what happens in workspaces.
        create_container: makes a container in a storage account, both by name.
    """

    def __init__(
        self,
        control: ControlPlane,
        topics: Topics,
        create_container: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._control = control
        self._create_container = create_container
        self.news = News(control, topics)
        self.jobs = Jobs(control.state, control.clock, self.news.job_changed)
        self.steps = Steps(control.state, control.clock)
        self._runs = JobRuns(control, self.jobs, self.steps)
        self._blobs: dict[str, Blobs] = {}
        self._assets = Assets(control, control.home.folder / "assets")
        self._queue = ClusterQueue(self._run, self._node_count, CORES)

    def hosts(self) -> Iterable[Host]:
        """The endpoints' own, and the region's."""
        yield Host(PATTERNS, Routes(self._control, self._runs, self.submit).router())
        regional = RegionalRoutes(self._control, self._runs)
        yield Host(regional_routes.PATTERNS, regional.router())

    def types(self) -> Iterable[ResourceType]:
        """A workspace comes with containers; models and their deployments are news."""
        yield replace(WORKSPACE, prepare=self._provision)
        yield replace(MODEL_VERSION, commit=self.news.model_put)
        yield replace(BATCH_DEPLOYMENT, commit=self.news.deployment_put)

    def operations(self) -> Iterable[Operation]:
        """Jobs, as the management plane has them."""
        return operations(self._runs, self.cancel, Operations(self._control))

    async def start(self) -> None:
        """Queue what an earlier process left unfinished."""
        for job in self.jobs.unfinished():
            self._queue.add(self.jobs.enter(job.name, QUEUED))

    async def stop(self) -> None:
        """Break off what runs; it starts again from the queue at the next start."""
        await self._queue.stop()

    def submit(
        self, target: Target, asked: Invocation, caller: Principal, request_id: str | None
    ) -> Job:
        """Make a job of an invocation, and keep it before anybody is told of it.

        Raises:
            MachineLearningError: the deployment can't run it, or its URIs are not supported.
        """
        compute, nodes = self._demand(target, asked)
        job = self.jobs.add(
            Job(
                name=asked.name or f"batchjob-{uuid4()}",
                endpoint=target.endpoint.id,
                deployment=target.deployment.id,
                compute=compute,
                nodes=nodes,
                caller=caller.object_id,
                request_id=request_id,
                invocation=asked,
            )
        )
        asyncio.get_running_loop().call_soon(self._enqueue, job.name)
        return job

    def _demand(self, target: Target, asked: Invocation) -> tuple[str, int]:
        """The cluster that a job runs on, and the nodes that it takes."""
        resources = self._control.resources
        if is_pipeline(settings(target.deployment)):
            return make_pipeline_plan(target, asked, resources).compute.id, 1
        check_ports(asked)
        plan = make_plan(target, asked.overrides, resources)
        for port in (*asked.inputs, *asked.outputs):
            resolve(port.uri, target.workspace, resources, port.type)
        return plan.compute.id, plan.instance_count

    async def cancel(self, name: str) -> None:
        """End a job as Canceled, wherever it is; one that has ended stays as it is.

        Raises:
            KeyError: no such job.
        """
        job = self.jobs.get(name)
        task = self._queue.remove(name)
        if job.status in ENDS:
            return
        self.jobs.enter(name, CANCELED)
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        refused = contextlib.suppress(JobFailedError, MachineLearningError)
        with refused, origins.inside(self._network(job)):
            await Execution(self._node(job)).write_logs(CANCELED, "")

    def history(self, limit: int) -> list[dict[str, Any]]:
        """The newest jobs, newest first, for a person to look at."""
        return [self._runs.told(each) for each in self.jobs.latest(limit)]

    def begun(self, limit: int, until: str, containing: str) -> list[tuple[str, str, str]]:
        """See ``Jobs.begun``."""
        return self.jobs.begun(limit, until, containing)

    def of(self, key: str) -> list[dict[str, Any]]:
        """The job of this name, and those that a request of this id asked for."""
        return [self._runs.told(each) for each in self.jobs.of(key)]

    async def left(self, job: str) -> dict[str, Any]:
        """What a job left: ``logs``, texts by name, and ``predictions``."""
        return await left(self._node(self.jobs.get(job)))

    async def _provision(self, put: Put) -> None:
        account = put.body["storageAccount"].rpartition("/")[2]
        for container in containers(put).values():
            await self._create_container(account, container)

    def _enqueue(self, name: str) -> None:
        job = self.jobs.enter(name, QUEUED)
        if job.status not in ENDS:
            self._queue.add(job)

    def _node_count(self, compute: str) -> int:
        found = self._control.resources.find(compute)
        # The job of a deleted cluster must not wait for ever: it runs, and fails by saying so.
        return node_count(found) if found else CORES

    def _node(self, job: Job) -> Node:
        return Node(self._control, self.jobs, self._assets, self.steps, self._storage, job)

    def _network(self, job: Job) -> str:
        """The network that a job runs in; none of the user's where that is not managed."""
        found = self._control.resources.find(job.endpoint.rpartition("/batchEndpoints/")[0])
        return managed_network.network_of(found) if found else ""

    def _storage(self, principal: Principal) -> Blobs:
        """Storage as a principal sees it; kept, because making a token takes a millisecond."""
        kept = self._blobs.get(principal.object_id)
        if kept is None:
            kept = self._blobs[principal.object_id] = Blobs(self._control, principal)
        return kept

    async def _run(self, job: Job) -> None:
        """Run a job to its end; one job's accident must not stop the queue."""
        execution = Execution(self._node(job))
        with origins.inside(self._network(job)):
            await self._carry_out(job, execution)

    async def _carry_out(self, job: Job, execution: Execution) -> None:
        error = await self._failure(job, execution.run())
        end = FAILED if error else COMPLETED
        unwritten = await self._failure(job, execution.write_logs(end, error))
        if unwritten:
            end, error = FAILED, error or f"The logs could not be written: {unwritten}"
        self.jobs.enter(job.name, end, error)

    @staticmethod
    async def _failure(job: Job, work: Coroutine[Any, Any, None]) -> str:
        """Why a part of a job's run failed, whatever it was; empty where it did not."""
        try:
            await work
        except (JobFailedError, MachineLearningError, OSError) as failure:
            return str(failure)
        except Exception as failure:  # noqa: BLE001 told above
            _log.exception("job %s failed inside the embedded Azure", job.name)
            return f"An error of the embedded Azure itself: {failure!r}."
        return ""

"""Logic Apps: fires triggers, carries runs out, keeps their history."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from local_azure.control_plane.clock import iso
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.networks import origins
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import (
    NameTakenError,
    WorkflowTriggerNotFoundError,
)
from local_azure.control_plane.resource_manager.resource_type import Put, ResourceType
from local_azure.control_plane.resource_manager.rest import Operation
from local_azure.control_plane.service import Service
from local_azure.runs.content import header
from local_azure.runs.environment import REQUEST_TIMEOUT
from local_azure.services.logic import callback, trigger_reading
from local_azure.services.logic.callback import HOST_PATTERNS
from local_azure.services.logic.errors import (
    AuthorizationRequiredError,
    InvalidSignatureError,
    NoResponseError,
    ResponseTimeoutError,
    TriggerNotFoundError,
    TwoAuthorizationsError,
    WorkflowDisabledError,
)
from local_azure.services.logic.execution import execute
from local_azure.services.logic.history import History
from local_azure.services.logic.records import Response
from local_azure.services.logic.resources import WORKFLOW
from local_azure.services.logic.routes import Callbacks
from local_azure.services.logic.run import Run
from local_azure.services.logic.run_reading import RunReading
from local_azure.services.logic.standard.operations import operations
from local_azure.services.logic.standard.resources import SITE, SITE_TYPE
from local_azure.services.logic.standard.routes import SiteCallbacks
from local_azure.services.logic.trigger import TriggerRequest, fire
from local_azure.services.logic.versions import Versions
from local_azure.services.logic.workflows import Workflow, Workflows

ACCEPTED = 202
_LARGEST_MESSAGE = 104_857_600
"""Bytes of a message (D:logic-apps/logic-apps-limits-and-config, 100 MB without chunks)."""


class LogicApps(Service):
    """The service.

    Args:
        control: the control plane.
        connection: tells where a connection is called, and the header that lets in.

    Attributes:
        runs: the history of all runs.
    """

    def __init__(self, control: ControlPlane, connection: Callable[[str], tuple[str, str]]) -> None:
        self._control = control
        self._clock = control.clock
        self._workflows = Workflows(control, connection)
        self.runs = History(control.state, control.metrics)
        self._versions = Versions(control.state)
        self._running: set[asyncio.Task[None]] = set()
        self._reading = RunReading(self.runs, self._workflows)
        serves = (self._authorized, self._invoke, self._reading.content)
        self._callbacks, self._site = Callbacks(*serves), SiteCallbacks(*serves, control)
        self._sites: set[str] = set()

    def hosts(self) -> Iterable[Host]:
        """The workflows' callback URLs."""
        yield Host(HOST_PATTERNS, self._callbacks.router(), _LARGEST_MESSAGE)

    def types(self) -> Iterable[ResourceType]:
        """Each site is answered for, and each version of a workflow kept."""
        yield replace(SITE, commit=self._made)
        yield replace(WORKFLOW, commit=self._versions.keep, forget=self._versions.forget)

    def operations(self) -> Iterable[Operation]:
        """The history of runs, triggers, and making an access key anew."""
        reading = (*self._reading.operations(), *trigger_reading.operations(self._workflows))
        own = (self._workflows.keys.operation(), *self._versions.operations())
        return (*reading, *own, *operations(reading, self.callback_url))

    async def start(self) -> None:
        """Mark what an earlier process left: a run is not taken up again, its event is."""
        self.runs.abort_unfinished(iso(self._clock.now()))
        for site in self._control.resources.select(SITE_TYPE):
            self._answer_for(site.properties)

    def _made(self, put: Put, told: dict[str, Any]) -> None:
        SITE.commit(put, told)
        self._answer_for(told)

    def _answer_for(self, site: dict[str, Any]) -> None:
        host = site["defaultHostName"]
        if host in self._sites:
            return
        if self._control.hosts.find(host):
            raise NameTakenError(SITE_TYPE, site["name"], "(something is received there)")
        self._control.hosts.register([host], self._site.router(), _LARGEST_MESSAGE)
        self._sites.add(host)

    async def stop(self) -> None:
        """Break off what runs."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self.runs.abort_unfinished(iso(self._clock.now()))

    def callback_url(self, workflow_id: str, trigger_name: str) -> str:
        """The URL that fires a workflow's trigger, signature included: a secret.

        Raises:
            WorkflowNotFoundError: no workflow has this id.
            WorkflowTriggerNotFoundError: it has no such trigger.
        """
        try:
            return self._workflows.callback_url(workflow_id, trigger_name)
        except TriggerNotFoundError as error:
            raise WorkflowTriggerNotFoundError(str(error)) from None

    def definition(self, workflow: str, version: str) -> dict[str, Any]:
        """What a workflow did in a version; in its present one where that is not kept."""
        found = self._control.resources.find(workflow)
        now = found.body.get("definition") or {} if found else {}
        return self._versions.definition(workflow, version) or now

    async def _invoke(self, workflow: Workflow, request: TriggerRequest) -> tuple[Response, str]:
        """Fire a workflow's trigger, and wait for the response where it has one.

        Returns:
            The answer, and the id of the (first) run; empty where none started.

        Raises:
            TriggerError: what the service itself answers.
        """
        definition = workflow.definition
        started = fire(definition, workflow.parameters, request, self._clock.now())
        waits = definition.responds and len(started) == 1
        runs = [self._run(workflow, outputs, waits=waits) for outputs in started]
        if not waits:
            for run in runs:
                self._carry_out(run, workflow)
            return Response(ACCEPTED), runs[0].id if runs else ""
        return await self._answer(runs[0], workflow), runs[0].id

    def _authorized(
        self, identifier: str, trigger: str, signature: str, headers: Mapping[str, str]
    ) -> Workflow:
        """The workflow whose trigger a caller may fire, by the URL and the headers alone.

        Raises:
            TriggerError: it may not, or there is none.
        """
        if not signature:
            raise AuthorizationRequiredError
        if credential := header(headers, "authorization"):
            raise TwoAuthorizationsError(credential.partition(" ")[0])
        workflow = self._workflows.behind(identifier)
        name = workflow.definition.trigger_name
        if name.lower() != trigger.lower():
            raise TriggerNotFoundError(workflow.resource.name, trigger)
        if not self._workflows.is_signature(identifier, callback.permission(name), signature):
            raise InvalidSignatureError
        if not workflow.enabled:
            raise WorkflowDisabledError(workflow.resource.name, name)
        return workflow

    def _run(self, workflow: Workflow, outputs: dict[str, Any], *, waits: bool) -> Run:
        run = Run(
            workflow.definition,
            workflow.parameters,
            outputs,
            workflow.environment,
            caller_waits=waits,
        )
        self.runs.begin(run, workflow.resource)
        return run

    def _carry_out(self, run: Run, workflow: Workflow) -> asyncio.Task[None]:
        task = asyncio.create_task(self._to_its_end(run, workflow))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _to_its_end(self, run: Run, workflow: Workflow) -> None:
        with origins.inside(workflow.network):
            result = await execute(run)
        self.runs.end(run, result, workflow.resource)

    async def _answer(self, run: Run, workflow: Workflow) -> Response:
        task = self._carry_out(run, workflow)
        either: set[asyncio.Future[Any]] = {task, run.response}
        try:
            async with self._clock.timeout(REQUEST_TIMEOUT):
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            run.caller_is_gone = True
            raise ResponseTimeoutError(run.id) from None
        if run.response.done():
            return run.response.result()
        task.result()
        raise NoResponseError(run.id)

"""One job from ``Preparing`` to its end, step by step as a cluster's node would do it."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import IO, TYPE_CHECKING

from local_azure.authorization.errors import AuthorizationFailedError
from local_azure.machinelearning import inputs, outputs
from local_azure.machinelearning.endpoints import Target, settings, workspace_of
from local_azure.machinelearning.errors import JobFailedError, MachineLearningError
from local_azure.machinelearning.jobs import FINALIZING, PREPARING, RUNNING
from local_azure.machinelearning.plan import Plan, make_plan
from local_azure.machinelearning.scoring import Scoring
from local_azure.machinelearning.uris import resolve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local_azure.azure import Azure
    from local_azure.entra.directory import Principal
    from local_azure.machinelearning.assets import Assets
    from local_azure.machinelearning.blobs import Blobs
    from local_azure.machinelearning.inputs import InputFile
    from local_azure.machinelearning.jobs import Job, Jobs
    from local_azure.resource_manager.store import Resource

_QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"
_TABLES = "Microsoft.Storage/storageAccounts/tableServices/tables/entities"
_COORDINATION = (
    f"{_QUEUES}/write",
    f"{_QUEUES}/process/action",
    f"{_TABLES}/read",
    f"{_TABLES}/write",
)
_PULL = "Microsoft.ContainerRegistry/registries/pull/read"


class Execution:
    """The run of one job.

    Args:
        azure: everything around it.
        jobs: keeps the job's states.
        assets: code and models.
        storage: blobs, as a principal may use them.
        job: the job.
    """

    def __init__(
        self,
        azure: Azure,
        jobs: Jobs,
        assets: Assets,
        storage: Callable[[Principal], Blobs],
        job: Job,
    ) -> None:
        self._azure = azure
        self._jobs = jobs
        self._assets = assets
        self._storage = storage
        self._job = job
        self._folder = azure.home.jobs / job.name
        self._work = self._folder / "work"
        self._printed = self._work / "printed.txt"
        self._scoring: Scoring | None = None

    async def run(self) -> None:
        """Run the job to where it is complete.

        Raises:
            JobFailedError: it failed; why.
        """
        await asyncio.to_thread(self._prepare_folder)
        self._jobs.enter(self._job.name, PREPARING)
        try:
            await self._steps()
        except (MachineLearningError, AuthorizationFailedError) as error:
            raise JobFailedError(str(error)) from None

    async def _steps(self) -> None:
        target = self._target()
        plan = make_plan(target, self._job.invocation.overrides, self._azure.resources)
        compute = self._storage(self._identity(plan.compute))
        self._check_node(compute.principal, plan, target.workspace)
        place = outputs.predictions(self._job, plan, target.workspace, self._azure.resources)
        if self._job.invocation.output:
            await outputs.check_free(compute, self._job, place)
        files = await self._input(compute, target.workspace)
        code = await self._assets.code(plan.code, target.workspace, compute)
        model = await self._assets.model(plan.model, target.workspace, compute)
        self._jobs.enter(self._job.name, RUNNING)
        with self._printed.open("ab") as log:
            await self._score(plan, code / plan.script, model, files, log)
        self._jobs.enter(self._job.name, FINALIZING)
        assert self._scoring is not None  # noqa: S101 it has just run
        await outputs.write(compute, self._job, place, self._scoring.outcome, self._work)

    def _prepare_folder(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in ("input", "output"):
            (self._work / name).mkdir(parents=True, mode=0o700)

    def _target(self) -> Target:
        resources = self._azure.resources
        endpoint = resources.find(self._job.endpoint)
        deployment = resources.find(self._job.deployment)
        if endpoint is None or deployment is None:
            gone = self._job.deployment if endpoint else self._job.endpoint
            message = f"'{gone}' was deleted while the job waited."
            raise JobFailedError(message)
        return Target(workspace_of(endpoint, resources), endpoint, deployment)

    def _identity(self, compute: Resource) -> Principal:
        """Whom a cluster's nodes act as: its first user-assigned identity, else its own."""
        identity = compute.body.get("identity") or {}
        for resource_id in identity.get("userAssignedIdentities") or ():
            found = self._azure.resources.find(resource_id)
            if found:
                return self._principal(found.properties["principalId"])
        own = (compute.properties.get("identity") or {}).get("principalId")
        if not own:
            message = f"The cluster '{compute.name}' has no identity to mount data with."
            raise JobFailedError(message)
        return self._principal(own)

    def _principal(self, object_id: str) -> Principal:
        principal = self._azure.directory.find(object_id)
        if principal is None:
            message = f"The principal {object_id} does not exist any more."
            raise JobFailedError(message)
        return principal

    def _check_node(self, identity: Principal, plan: Plan, workspace: Resource) -> None:
        """What nodes do besides blobs: coordinate by queues and tables, pull a built image."""
        authorize = self._azure.authorization.authorize
        for action in _COORDINATION:
            authorize(identity, action, workspace.body["storageAccount"], data=True)
        told = settings(plan.environment) if plan.environment else {}
        if told.get("condaFile") or told.get("build"):
            authorize(identity, _PULL, workspace.body["containerRegistry"])

    async def _input(self, compute: Blobs, workspace: Resource) -> list[InputFile]:
        asked = self._job.invocation.input
        location = resolve(asked.uri, workspace, self._azure.resources)
        mounted = await inputs.mount(compute, asked.type, location)
        invoker = self._storage(self._principal(self._job.caller))
        return await inputs.read(invoker, mounted, self._work / "input")

    async def _score(
        self, plan: Plan, script: Path, model: Path, files: list[InputFile], log: IO[bytes]
    ) -> None:
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(self._work),
            "TMPDIR": str(self._work),
            **plan.variables,
            "AZUREML_MODEL_DIR": str(model),
            "AZUREML_BI_OUTPUT_PATH": str(self._work / "output"),
        }
        self._scoring = Scoring(plan, script, files, environment, self._work)
        await self._scoring.run(log)

    async def write_logs(self, end: str, error: str) -> None:
        """Write the logs, kept in the job's folder as well, and remove everything else of it.

        Args:
            end: the state that the job ends in.
            error: why, if it failed.
        """
        logs = self._logs(end, error)
        for name, text in logs.items():
            path = self._folder / "logs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        await asyncio.to_thread(shutil.rmtree, self._work, ignore_errors=True)
        target = self._target()
        cluster = self._azure.resources.find(self._job.compute)
        if cluster is not None:
            compute = self._storage(self._identity(cluster))
            await outputs.write_logs(
                compute, self._job, target.workspace, self._azure.resources, logs
            )

    def _logs(self, end: str, error: str) -> dict[str, bytes]:
        outcome = self._scoring.outcome if self._scoring else None
        counts = f"files: {outcome.files}, failed: {outcome.failed}\n" if outcome else ""
        reason = f"{error}\n" if error else ""
        logs = {"job_progress_overview.txt": f"{end}\n{counts}{reason}".encode()}
        if outcome and outcome.errors:
            logs["user/error.txt"] = "\n\n".join(outcome.errors).encode()
        if self._printed.exists() and self._printed.stat().st_size:
            logs["user/stdout/process000.stdout.txt"] = self._printed.read_bytes()
        return logs

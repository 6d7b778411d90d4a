"""One job, from its queue to its end: the frame around the run of a model or of a pipeline.

And what it left, for a person to look at: the ends of its logs, the beginning of its predictions.
The logs of a job that goes on are those that its processes have printed so far.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.resource_manager.store import Resources
from local_azure.services.machinelearning import outputs
from local_azure.services.machinelearning.endpoints import (
    Target,
    is_pipeline,
    settings,
    workspace_of,
)
from local_azure.services.machinelearning.errors import JobFailedError, MachineLearningError
from local_azure.services.machinelearning.jobs import COMPLETED, PREPARING, RUNNING, Job
from local_azure.services.machinelearning.model_run import ModelRun
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.pipelines.run import PipelineRun
from local_azure.services.machinelearning.plan import make_plan

_BETWEEN_LOGS = 1.0
"""Seconds of the machine's time, as a script's are; how often Azure writes them is UNVERIFIED."""
_MOST = 16 * 1024
"""Bytes of each that are shown."""


class Execution:
    """The run of one job, on its node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._run: PipelineRun | ModelRun | None = None

    async def run(self) -> None:
        """Run the job to where it is complete.

        Raises:
            JobFailedError: it failed; why.
        """
        node = self._node
        await asyncio.to_thread(node.prepare)
        node.jobs.enter(node.job.name, PREPARING)
        try:
            target = find_target(node.job, node.control.resources)
            pipeline = is_pipeline(settings(target.deployment))
            self._run = PipelineRun(node) if pipeline else ModelRun(node)
            async with self._telling(target):
                await self._run.run(target)
        except (MachineLearningError, AuthorizationFailedError) as error:
            raise JobFailedError(str(error)) from None

    async def write_logs(self, end: str, error: str) -> None:
        """Write the logs, kept in the job's folder as well, and remove everything else of it.

        Args:
            end: the state that the job ends in.
            error: why, if it failed.
        """
        node = self._node
        logs = await asyncio.to_thread(self._keep_logs, end, error)
        await asyncio.to_thread(node.clear)
        await self._put(find_target(node.job, node.control.resources), logs)

    @asynccontextmanager
    async def _telling(self, target: Target) -> AsyncIterator[None]:
        """Have the logs written now and then meanwhile, so that they can be followed."""
        telling = asyncio.create_task(self._tell(target))
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, target: Target) -> None:
        told: dict[str, bytes] = {}
        while True:
            await asyncio.sleep(_BETWEEN_LOGS)
            logs = await asyncio.to_thread(self._logs, RUNNING, "")
            await self._put(target, dict(logs.items() - told.items()))
            told = logs

    async def _put(self, target: Target, logs: dict[str, bytes]) -> None:
        node = self._node
        resources = node.control.resources
        cluster = resources.find(node.job.compute)
        if cluster is not None:
            compute = node.as_compute(cluster)
            await outputs.write_logs(compute, node.job, target, resources, logs)

    def _keep_logs(self, end: str, error: str) -> dict[str, bytes]:
        logs = self._logs(end, error)
        for name, text in logs.items():
            path = self._node.folder / "logs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        return logs

    def _logs(self, end: str, error: str) -> dict[str, bytes]:
        result, logs = self._run.logs() if self._run else ("", {})
        overview = "".join(f"{line}\n" for line in (self._run.progress() if self._run else ()))
        if end != RUNNING:
            notes = "".join(f"{line}\n" for line in self._node.notes)
            overview += f"{end}\n{result}{notes}" + (f"{error}\n" if error else "")
        if overview:
            logs["job_progress_overview.txt"] = overview.encode()
        printed = self._node.printed
        if printed.exists() and printed.stat().st_size:
            logs["user/stdout/process000.stdout.txt"] = printed.read_bytes()
        return logs


def find_target(job: Job, resources: Resources) -> Target:
    """What a job runs on.

    Raises:
        JobFailedError: its endpoint or deployment is gone.
    """
    endpoint = resources.find(job.endpoint)
    deployment = resources.find(job.deployment)
    if endpoint is None or deployment is None:
        gone = job.deployment if endpoint else job.endpoint
        message = f"'{gone}' was deleted while the job waited."
        raise JobFailedError(message)
    return Target(workspace_of(endpoint, resources), endpoint, deployment)


async def left(node: Node) -> dict[str, Any]:
    """``logs``, texts by name, and ``predictions``: ``url`` and ``text``, or None."""
    folder = node.folder / "logs"
    files = {str(each.relative_to(folder)): each for each in sorted(folder.rglob("*.txt"))}
    found = files or {"printed": node.printed}
    logs = {name: _tail(path) for name, path in found.items() if path.is_file()}
    return {"logs": logs, "predictions": await _predictions(node)}


async def _predictions(node: Node) -> dict[str, str] | None:
    """Those of a model's job; a pipeline's outputs are what its author makes of them."""
    if node.job.status != COMPLETED:
        return None
    resources = node.control.resources
    try:
        target = find_target(node.job, resources)
        if is_pipeline(settings(target.deployment)):
            return None
        plan = make_plan(target, node.job.invocation.overrides, resources)
        place = outputs.predictions(node.job, plan, target.workspace, resources)
        content = await node.as_compute(plan.compute).head(place, _MOST)
    except (JobFailedError, MachineLearningError):
        return None  # its deployment or its predictions are gone
    return {"url": place.url, "text": content.decode(errors="replace")}


def _tail(path: Path) -> str:
    """The last of a file, from the beginning of a line."""
    before = max(0, path.stat().st_size - _MOST)
    with path.open("rb") as file:
        file.seek(before)
        text = file.read().decode(errors="replace")
    return (text.partition("\n")[2] or text) if before else text

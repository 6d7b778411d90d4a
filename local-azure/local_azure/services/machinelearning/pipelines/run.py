"""The run of a pipeline's job: its steps, one after another, each in a process of its own."""

from pathlib import Path
from typing import Any

from local_azure.services.machinelearning import inputs, outputs
from local_azure.services.machinelearning.endpoints import Target
from local_azure.services.machinelearning.environments.virtual import LOG
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.jobs import (
    CANCELED,
    COMPLETED,
    FAILED,
    FINALIZING,
    RUNNING,
)
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.pipelines.bindings import Bound
from local_azure.services.machinelearning.pipelines.check import (
    check_literal,
    inputs_of,
    needs,
    outputs_of,
)
from local_azure.services.machinelearning.pipelines.component import (
    LITERALS,
    ComponentError,
    Declared,
    Step,
)
from local_azure.services.machinelearning.pipelines.plan import PipelinePlan, make_pipeline_plan
from local_azure.services.machinelearning.pipelines.step import StepRun
from local_azure.services.machinelearning.uris import Location, resolve


class PipelineRun:
    """All steps of one job, on its node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._ended: dict[str, StepRun] = {}
        self._failed: dict[str, str] = {}
        self._states: dict[str, str] = {}

    async def run(self, target: Target) -> None:
        """Run to where the last output is written.

        Raises:
            JobFailedError: a step failed; which, and why.
        """
        job, control = self._node.job, self._node.control
        plan = make_pipeline_plan(target, job.invocation, control.resources)
        self._node.compute = self._node.as_compute(plan.compute)
        self._node.workspace = target.workspace
        places = self._places(plan)
        for port in plan.places:
            await outputs.check_free_folder(self._node, places[port])
        data = await self._data(plan)
        self._node.jobs.enter(job.name, RUNNING)
        for step in plan.steps:
            await self._step(step, plan, data)
        if self._failed:
            raise JobFailedError(" ".join(self._failed.values()))
        self._node.jobs.enter(job.name, FINALIZING)
        await self._write(plan, places)

    def progress(self) -> list[str]:
        """None: steps are command lines."""
        return []

    def logs(self) -> tuple[str, dict[str, bytes]]:
        """Lines for the overview, and what each step printed."""
        overview = "".join(f"step {name}: {state}\n" for name, state in self._states.items())
        logs = {}
        for name, step in self._ended.items():
            for path, shown in ((step.printed, "user_logs/std_log.txt"), (step.built, LOG)):
                if path.exists() and path.stat().st_size:
                    logs[f"steps/{name}/{shown}"] = path.read_bytes()
        return overview, logs

    def _places(self, plan: PipelinePlan) -> dict[str, Location]:
        """Where each output goes: as the caller said, or below the job's own folder."""
        resources, workspace = self._node.control.resources, self._node.workspace
        home = outputs.home(self._node.job.name, workspace, resources)
        return {
            name: resolve(plan.places[name].uri, workspace, resources)
            if name in plan.places
            else home.below(name)
            for name in plan.pipeline.outputs
        }

    async def _data(self, plan: PipelinePlan) -> dict[str, Path]:
        """The pipeline's data, by the names of its inputs, on the node's own disk."""
        node, found = self._node, {}
        for name, port in plan.data.items():
            location = resolve(port.uri, node.workspace, node.control.resources)
            folder = node.work / "input" / name
            mounted = await inputs.mount(node.compute, port.type, location, nested=True)
            files = await inputs.read(node.as_caller(), mounted, folder)
            found[name] = type(folder)(files[0].actual) if port.type == "UriFile" else folder
        return found

    async def _step(self, step: Step, plan: PipelinePlan, data: dict[str, Path]) -> None:
        """Run a step, unless one that it needs has failed."""
        if any(name not in self._ended or name in self._failed for name in needs(step)):
            return
        run = StepRun(self._node, step, plan.commands[step.name])
        self._ended[step.name] = run
        self._node.steps.begin(self._node.job.name, step.name)
        try:
            await run.run(self._values(step, plan, data))
        except JobFailedError as failure:
            self._end(step, FAILED, str(failure))
            if not plan.goes_on:
                raise
            self._failed[step.name] = str(failure)
        except BaseException:
            self._end(step, CANCELED)
            raise
        else:
            self._end(step, COMPLETED)

    def _end(self, step: Step, status: str, error: str = "") -> None:
        self._states[step.name] = status
        self._node.steps.end(self._node.job.name, step.name, status, error)

    def _values(self, step: Step, plan: PipelinePlan, data: dict[str, Path]) -> dict[str, str]:
        """What a step's command line gets for its inputs; nothing for those left out."""
        bound = inputs_of(step)
        values = {}
        for name, declared in plan.commands[step.name].inputs.items():
            given = step.inputs.get(name)
            found = self._found(bound[name], plan, data) if name in bound else given
            found = declared.default if found is None else found
            if found is not None:
                values[name] = _written(found, declared, f"jobs.{step.name}.inputs.{name}")
        return values

    def _found(self, bound: Bound, plan: PipelinePlan, data: dict[str, Path]) -> Path | str | None:
        if bound.step:
            return self._ended[bound.step].path(bound.name)
        return data.get(bound.name, plan.literals.get(bound.name))

    async def _write(self, plan: PipelinePlan, places: dict[str, Location]) -> None:
        for step in plan.steps:
            for name, bound in outputs_of(step).items():
                path = self._ended[step.name].path(name)
                put = outputs.put_folder if path.is_dir() else outputs.put_file
                await put(self._node, places[bound.name], path)


def _written(value: Any, declared: Declared, where: str) -> str:
    if declared.type not in LITERALS:
        return str(value)
    try:
        return check_literal(value, declared, where)
    except ComponentError as error:
        message = f"{where}: {error}."
        raise JobFailedError(message) from None

"""One step of a pipeline's job: its command, in a process that is bounded as a scoring script's."""

import asyncio
import shutil
from pathlib import Path
from typing import NoReturn

from local_azure.services.machinelearning.environments.virtual import LOG
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.pipelines.bindings import render
from local_azure.services.machinelearning.pipelines.component import (
    REGISTRY,
    Command,
    Step,
    version_id,
)
from local_azure.services.machinelearning.worker import Worker, WorkerEndedError

_LAST = 300
"""Characters of a log's last line that an error repeats."""


class StepRun:
    """A step and what it leaves, on the node of its job."""

    def __init__(self, node: Node, step: Step, command: Command) -> None:
        self._node = node
        self._step = step
        self._command = command
        self._folder = node.work / "steps" / step.name
        self.printed = self._folder / "std_log.txt"
        self.built = self._folder / LOG

    def path(self, output: str) -> Path:
        """Where an output lies on the node's own disk."""
        return self._folder / "outputs" / output

    async def run(self, inputs: dict[str, str]) -> None:
        """Run the command to its end.

        Args:
            inputs: texts and paths, by the names of the component's inputs.

        Raises:
            JobFailedError: another exit code than 0, too long, or an output that is not there.
        """
        code = await self._code()
        python = await self._python()
        values = {("inputs", name): value for name, value in inputs.items()}
        values |= {("outputs", name): str(self.path(name)) for name in self._command.outputs}
        order = {"command": render(self._command.command, values), "python": str(python)}
        with self.printed.open("ab") as log:
            environment = self._node.environment(python, **self._step.variables)
            worker = await Worker.start(order, environment, code, log)
            try:
                exit_code = await worker.finish(self._step.timeout)
            except TimeoutError:
                self._fail(f"took more than {self._step.timeout:g} s")
            except WorkerEndedError as error:
                self._fail(f"ended: {error}")
            finally:
                await worker.kill()
        if exit_code:
            self._fail(f"ended with exit code {exit_code}")
        self._check_outputs()

    async def _code(self) -> Path:
        """The folder that the command runs in: a copy, because it may write there."""
        folder = self._folder / "code"
        await asyncio.to_thread(self._prepare)
        if not self._command.code:
            await asyncio.to_thread(folder.mkdir)
            return folder
        version = self._node.control.resources.find(self._command.code)
        if version is None:
            self._fail(f"refers to the code '{self._command.code}', which is gone")
        node = self._node
        kept = await node.assets.code(version, node.workspace, node.compute)
        await asyncio.to_thread(shutil.copytree, kept, folder)
        return folder

    async def _python(self) -> Path:
        named = self._command.environment
        version = None
        if not named.lower().startswith(REGISTRY):
            version = self._node.control.resources.find(
                version_id("environments", named, self._node.workspace.id)
            )
            if version is None:
                self._fail(f"refers to the environment '{named}', which is gone")
        return await self._node.interpreter(version, self.built)

    def _prepare(self) -> None:
        for name, declared in self._command.outputs.items():
            path = self.path(name)
            (path.parent if declared.type == "uri_file" else path).mkdir(
                parents=True, exist_ok=True
            )
        self._folder.mkdir(parents=True, exist_ok=True)

    def _check_outputs(self) -> None:
        for name, declared in self._command.outputs.items():
            if declared.type == "uri_file" and not self.path(name).is_file():
                self._fail(f"has not written its output '{name}'")

    def _fail(self, what: str) -> NoReturn:
        lines = self._last_lines()
        said = f" Its log ends with: {lines}" if lines else ""
        message = f"The step '{self._step.name}' {what}.{said}"
        raise JobFailedError(message)

    def _last_lines(self) -> str:
        if not self.printed.exists():
            return ""
        with self.printed.open("rb") as log:
            log.seek(max(0, self.printed.stat().st_size - _LAST))
            text = log.read().decode("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else ""

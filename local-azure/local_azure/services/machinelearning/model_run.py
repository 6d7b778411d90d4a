"""The run of a model deployment's job: mount, score, write."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

from local_azure.control_plane import arm_types
from local_azure.services.machinelearning import inputs, outputs
from local_azure.services.machinelearning.endpoints import Target
from local_azure.services.machinelearning.environments.virtual import LOG
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.inputs import InputFile
from local_azure.services.machinelearning.jobs import FINALIZING, RUNNING
from local_azure.services.machinelearning.mlflow import model as mlflow
from local_azure.services.machinelearning.node import Node
from local_azure.services.machinelearning.plan import Plan, make_plan
from local_azure.services.machinelearning.resources.outbound import unreached
from local_azure.services.machinelearning.scoring import Outcome, Scoring
from local_azure.services.machinelearning.uris import Location, resolve

_QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"
_TABLES = "Microsoft.Storage/storageAccounts/tableServices/tables/entities"
_COORDINATION = (
    f"{_QUEUES}/write",
    f"{_QUEUES}/process/action",
    f"{_TABLES}/read",
    f"{_TABLES}/write",
)


class _Loaded(NamedTuple):
    model: Path
    script: Path
    python: Path


class ModelRun:
    """Scoring of one input, on its node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._built = node.work / LOG
        self._scoring: Scoring | None = None

    async def run(self, target: Target) -> None:
        """Run to where the predictions are written.

        Raises:
            JobFailedError: it failed; why.
        """
        node, job, control = self._node, self._node.job, self._node.control
        plan = make_plan(target, job.invocation.overrides, control.resources)
        node.compute, node.workspace = node.as_compute(plan.compute), target.workspace
        place = outputs.predictions(job, plan, target.workspace, control.resources)
        self._check_node(place)
        if job.invocation.outputs:
            await outputs.check_free(node, place)
        files = await self._input()
        loaded = await self._load(plan, files)
        node.jobs.enter(job.name, RUNNING)
        with node.printed.open("ab") as log:
            outcome = await self._score(plan, loaded, files, log)
        node.jobs.enter(job.name, FINALIZING)
        await outputs.write(node, place, outcome.rows)

    def progress(self) -> list[str]:
        """A line for each second in which mini-batches ended."""
        return self._scoring.outcome.progress if self._scoring else []

    def logs(self) -> tuple[str, dict[str, bytes]]:
        """Lines for the overview, and further logs."""
        logs = {LOG: self._built.read_bytes()} if self._built.exists() else {}
        outcome = self._scoring.outcome if self._scoring else None
        if outcome is None:
            return "", logs
        if outcome.errors:
            logs["user/error.txt"] = "\n\n".join(outcome.errors).encode()
        return f"files: {outcome.files}, failed: {outcome.failed}\n", logs

    def _check_node(self, place: Location) -> None:
        """What nodes do besides blobs: coordinate by queues and tables.

        Queues and tables are those of the workspace's account, and of the one that the output
        lies in (public reports; which of the two does what is UNVERIFIED). A managed network leads
        there (AI:how-to-managed-network, batch endpoints).
        """
        control, workspace = self._node.control, self._node.workspace
        authorize = control.authorization.authorize
        account = control.resources.named(arm_types.STORAGE_ACCOUNT, place.account)
        written = [account.id] if account else []
        for scope in dict.fromkeys([workspace.body["storageAccount"], *written]):
            if lost := unreached(control, workspace, scope, ("queue", "table")):
                message = (
                    "The workspace's managed network leads to no "
                    f"{' and no '.join(lost)} of {scope.rpartition('/')[2]}, which batch jobs "
                    "coordinate by; an outbound rule to each does."
                )
                raise JobFailedError(message)
            for action in _COORDINATION:
                authorize(self._node.compute.principal, action, scope, data=True)

    async def _input(self) -> list[InputFile]:
        node = self._node
        (asked,) = node.job.invocation.inputs
        location = resolve(asked.uri, node.workspace, node.control.resources)
        mounted = await inputs.mount(node.compute, asked.type, location)
        return await inputs.read(node.as_caller(), mounted, node.work / "input")

    async def _load(self, plan: Plan, files: list[InputFile]) -> _Loaded:
        node = self._node
        model = await node.assets.model(plan.model, node.workspace, node.compute)
        if plan.code:
            code = await node.assets.code(plan.code, node.workspace, node.compute)
            python = await node.interpreter(plan.environment, self._built)
            return _Loaded(model, code / plan.script, python)
        mlflow.check_files(files)
        packages = mlflow.packages(model, files)
        whose = "the MLflow model and of MLflow, which runs it"
        python = await node.built(packages, whose, self._built)
        return _Loaded(model, mlflow.copy_script(node.work), python)

    async def _score(
        self, plan: Plan, loaded: _Loaded, files: list[InputFile], log: IO[bytes]
    ) -> Outcome:
        work = self._node.work
        variables = {**({} if plan.code else mlflow.QUIET), **plan.variables}
        environment = self._node.environment(loaded.python, **variables) | {
            "AZUREML_MODEL_DIR": str(loaded.model),
            "AZUREML_BI_OUTPUT_PATH": str(work / "output"),
        }
        progressed = partial(self._node.jobs.progress, self._node.job.name)
        settings = replace(plan.scoring, python=str(loaded.python))
        self._scoring = Scoring(settings, loaded.script, files, environment, work, progressed)
        await self._scoring.run(log)
        return self._scoring.outcome

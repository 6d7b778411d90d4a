"""Execute Pipeline: runs another pipeline of the factory, and may wait for its end.

Source: D:data-factory/control-flow-execute-pipeline-activity, which has it wait unless told
otherwise; the SDK's types say the contrary, UNVERIFIED.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import INVALID, is_reference
from local_azure.services.datafactory.factory import Call
from local_azure.services.datafactory.records import ActivityError, Record, Status
from local_azure.services.datafactory.run import PipelineRun
from local_azure.services.datafactory.step import Step


class ExecutePipeline(ActivityType):
    """Calls a pipeline."""

    type = "ExecutePipeline"
    required = frozenset({"pipeline"})
    optional = frozenset({"parameters", "waitOnCompletion"})
    policy = frozenset({"secureInput"})

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the reference, the parameters, and whether to wait."""
        own = activity["typeProperties"]
        if not is_reference(own.get("pipeline"), "PipelineReference"):
            yield "pipeline is a reference to a pipeline"
        if not isinstance(own.get("parameters", {}), dict):
            yield "parameters is an object"
        if not isinstance(own.get("waitOnCompletion", True), bool):
            yield f"waitOnCompletion is true or false; found {own['waitOnCompletion']!r}"

    def inputs(self, step: Step) -> Any:
        """Which pipeline, its parameters, and whether to wait."""
        own = step.own
        return {
            "pipeline": own["pipeline"],
            "parameters": step.evaluate(own.get("parameters", {})),
            "waitOnCompletion": own.get("waitOnCompletion", True),
        }

    async def run(self, step: Step) -> Any:
        """Start the run; where an earlier process has, it is the same one."""
        inputs = step.record.inputs
        name, run_id = str(inputs["pipeline"]["referenceName"]), child_id(step.run.id, step.record)
        try:
            call = (name, inputs["parameters"], run_id, step.run.told, step.record)
            step.run.factory.start(Call(*call, step.environment))
        except LookupError:
            raise ActivityError(f"The factory has no pipeline {name!r}.", INVALID) from None
        except ValueError as error:
            raise ActivityError(f"The pipeline {name!r} can't be run: {error}", INVALID) from None
        output: dict[str, Any] = {"pipelineName": name, "pipelineRunId": run_id}
        if inputs["waitOnCompletion"]:
            await _wait(step.run, run_id, output)
        return output

    def cancel(self, run: PipelineRun, record: Record) -> None:
        """Cancel the run that is waited for."""
        if record.inputs["waitOnCompletion"]:
            run.factory.cancel(child_id(run.id, record))


def child_id(run_id: str, record: Record) -> str:
    """The id of the run that an Execute Pipeline started: the same in every process."""
    return str(uuid.uuid5(uuid.UUID(run_id), record.key))


async def _wait(run: PipelineRun, run_id: str, output: dict[str, Any]) -> None:
    result = await run.factory.end(run_id)
    if result.status is not Status.SUCCEEDED:
        message = result.message or f"The pipeline run ended {result.status.value}."
        raise ActivityError(message, "BadRequest", output)

"""One run of a pipeline: its activities in their order, and how it ends.

A pipeline fails if a leaf failed; where a leaf was skipped, those before it decide
(D:data-factory/tutorial-pipeline-failure-error-handling). A run is not kept beyond its process.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from local_azure.datafactory import web
from local_azure.datafactory.records import ActivityError, Record, RunResult, Status
from local_azure.datafactory.surroundings import Surroundings
from local_azure.datafactory.time_spans import seconds
from local_azure.expressions import ExpressionError, evaluate_data_factory

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from local_azure.logic.environment import Environment

_DEFAULT_TIMEOUT = "0.12:00:00"
_UNTIL_TIMEOUT = "7.00:00:00"
_MET = {
    "Succeeded": {Status.SUCCEEDED},
    "Failed": {Status.FAILED},
    "Skipped": {Status.SKIPPED},
    "Completed": {Status.SUCCEEDED, Status.FAILED},
}


async def run_pipeline(
    pipeline: Mapping[str, Any],
    parameters: Mapping[str, Any],
    environment: Environment,
    name: str = "pipeline",
) -> RunResult:
    """Run a pipeline that ``check_definition`` found nothing wrong with.

    Args:
        pipeline: the ``properties`` of an exported pipeline.
        parameters: each parameter's value, see ``parameters.bind``.
        environment: the world around the run.
        name: the pipeline's name.
    """
    run = _Run(pipeline, parameters, environment, name)
    return await run.to_its_end()


class _Run:
    def __init__(
        self,
        pipeline: Mapping[str, Any],
        parameters: Mapping[str, Any],
        environment: Environment,
        name: str,
    ) -> None:
        self._pipeline = pipeline
        self._environment = environment
        self._run_id = str(uuid.uuid4())
        self._surroundings = Surroundings(
            clock=environment.clock,
            told={"Pipeline": name, "RunId": self._run_id, "parameters": dict(parameters)},
            variables={
                each: declared.get("defaultValue")
                for each, declared in pipeline.get("variables", {}).items()
            },
        )
        self._ended: list[Record] = []
        self._kinds: dict[str, Callable[[dict[str, Any]], Awaitable[tuple[Any, Any]]]] = {
            "WebActivity": self._web,
            "Until": self._until,
            "Wait": self._wait,
            "IfCondition": self._if,
            "SetVariable": self._set_variable,
            "Fail": self._fail,
        }

    async def to_its_end(self) -> RunResult:
        failed = await self._sequence(self._pipeline["activities"])
        return RunResult(
            self._run_id,
            Status.FAILED if failed else Status.SUCCEEDED,
            _failure(failed) if failed else "",
            self._ended,
            dict(self._surroundings.variables),
        )

    async def _sequence(self, activities: Sequence[dict[str, Any]]) -> Record | None:
        """Run activities that lie beside each other; the failure that decides, if any."""
        tasks: dict[str, asyncio.Task[Record]] = {}
        async with asyncio.TaskGroup() as group:
            for each in activities:
                tasks[each["name"]] = group.create_task(self._in_turn(each, tasks))
        before = {each["name"]: _before(each) for each in activities}
        leaves = [name for name in before if not any(name in each for each in before.values())]
        records = {name: task.result() for name, task in tasks.items()}
        return next(filter(None, (_deciding(leaf, before, records) for leaf in leaves)), None)

    async def _in_turn(
        self, activity: dict[str, Any], tasks: Mapping[str, asyncio.Task[Record]]
    ) -> Record:
        # The tasks beside this one all exist once it is first asked to go on.
        await asyncio.sleep(0)
        runs = True
        for each in activity.get("dependsOn", []):
            found = (await asyncio.shield(tasks[each["activity"]])).status
            runs &= any(found in _MET[condition] for condition in each["dependencyConditions"])
        if runs:
            record = await self._activity(activity)
        else:
            record = Record(activity["name"], activity["type"], Status.SKIPPED)
        self._surroundings.records[record.name] = record
        self._ended.append(record)
        return record

    async def _activity(self, activity: dict[str, Any]) -> Record:
        policy = activity.get("policy", {})
        for _ in range(int(policy.get("retry", 0))):
            record = await self._attempt(activity, policy)
            if record.status is Status.SUCCEEDED:
                return record
            await self._environment.clock.sleep(float(policy.get("retryIntervalInSeconds", 30)))
        return await self._attempt(activity, policy)

    async def _attempt(self, activity: dict[str, Any], policy: Mapping[str, Any]) -> Record:
        inputs: Any = None
        output: Any = None
        error = None
        try:
            limit = _limit(activity, policy, self._evaluated)
            inputs, work = await self._kinds[activity["type"]](activity)
            async with self._environment.clock.timeout(limit) if limit else nullcontext():
                output = await work if work is not None else None
        except ActivityError as failure:
            output = failure.output
            error = {"errorCode": failure.code, "message": str(failure)}
        except ExpressionError as failure:
            error = {"errorCode": "InvalidTemplate", "message": str(failure)}
        except TimeoutError:
            error = {"errorCode": "ActivityTimeout", "message": "It did not end within its time."}
        return Record(
            activity["name"],
            activity["type"],
            Status.FAILED if error else Status.SUCCEEDED,
            inputs,
            output,
            error,
            bool(policy.get("secureInput")),
            bool(policy.get("secureOutput")),
        )

    def _evaluated(self, value: Any) -> Any:
        return evaluate_data_factory(value, self._surroundings)

    async def _web(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        inputs = self._evaluated(activity["typeProperties"])
        return inputs, web.call(inputs, self._environment)

    async def _wait(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        inputs = self._evaluated(activity["typeProperties"])
        return inputs, self._environment.clock.sleep(float(inputs["waitTimeInSeconds"]))

    async def _set_variable(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        inputs = self._evaluated(activity["typeProperties"])
        self._surroundings.variables[inputs["variableName"]] = inputs["value"]
        return inputs, None

    async def _fail(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        inputs = self._evaluated(activity["typeProperties"])

        async def work() -> None:
            raise ActivityError(str(inputs["message"]), str(inputs["errorCode"]))

        return inputs, work()

    async def _until(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        properties = activity["typeProperties"]

        async def work() -> None:
            while True:
                # What fails inside doesn't stop the loop (D:control-flow-until-activity).
                await self._sequence(properties["activities"])
                if _truth(self._evaluated(properties["expression"]), activity["name"]):
                    return

        return None, work()

    async def _if(self, activity: dict[str, Any]) -> tuple[Any, Any]:
        properties = activity["typeProperties"]
        truth = _truth(self._evaluated(properties["expression"]), activity["name"])

        async def work() -> None:
            chosen = properties.get("ifTrueActivities" if truth else "ifFalseActivities", [])
            failed = await self._sequence(chosen)
            if failed and failed.error:
                message = "Activity failed because an inner activity failed; "
                raise ActivityError(message + _failure(failed), failed.error["errorCode"])

        return {"expression": truth}, work()


def _before(activity: Mapping[str, Any]) -> list[str]:
    return [each["activity"] for each in activity.get("dependsOn", [])]


def _deciding(
    name: str, before: Mapping[str, list[str]], records: Mapping[str, Record]
) -> Record | None:
    """The failure at this activity, or, where it was skipped, before it."""
    if records[name].status is Status.FAILED:
        return records[name]
    if records[name].status is Status.SUCCEEDED:
        return None
    return next(filter(None, (_deciding(each, before, records) for each in before[name])), None)


def _failure(record: Record) -> str:
    shown = record.shown()["error"] or {}
    return f"Operation on target {record.name} failed: {shown.get('message', '')}"


def _limit(
    activity: Mapping[str, Any], policy: Mapping[str, Any], evaluated: Callable[[Any], Any]
) -> float | None:
    if activity["type"] == "Until":
        given = evaluated(activity["typeProperties"].get("timeout", _UNTIL_TIMEOUT))
    elif activity["type"] == "WebActivity":
        given = evaluated(policy.get("timeout", _DEFAULT_TIMEOUT))
    else:
        return None
    try:
        return seconds(given)
    except ValueError as error:
        raise ActivityError(str(error), "InvalidTemplate") from None


def _truth(found: Any, name: str) -> bool:
    if not isinstance(found, bool):
        message = f"The expression of '{name}' must be a boolean; found {found!r}."
        raise ActivityError(message, "InvalidTemplate")
    return found

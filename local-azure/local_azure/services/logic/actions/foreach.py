"""Foreach: runs its actions for each item of an array, several at a time.

20 repetitions at a time unless ``concurrency`` says otherwise, one with the option ``Sequential``
(D:logic-apps/logic-apps-limits-and-config). It fails when any repetition does.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import type_name
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import BRANCH_FAILED, Outcome, succeeded
from local_azure.services.logic.step import Step

_SEQUENTIAL = "Sequential"
_AT_ONCE = 20
_MOST_AT_ONCE = 50


class Foreach(ActionType):
    """Repeats its actions."""

    type = "Foreach"
    keys = frozenset({"foreach", "actions"})
    required = keys
    options = frozenset({_SEQUENTIAL})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the concurrency."""
        concurrency = spec.get("runtimeConfiguration", {}).get("concurrency")
        if concurrency is None:
            return
        count = concurrency.get("repetitions")
        if set(concurrency) != {"repetitions"} or count not in range(1, _MOST_AT_ONCE + 1):
            yield f"concurrency has repetitions from 1 to {_MOST_AT_ONCE}; found {concurrency!r}"

    def inputs(self, step: Step) -> Any:
        """The items."""
        items = step.evaluate(step.action.spec["foreach"])
        if isinstance(items, list):
            return items
        message = (
            f"The result of the evaluation of 'foreach' expression '{step.action.spec['foreach']}' "
            f"is of type '{type_name(items)}'. The result must be a valid array."
        )
        raise ExpressionError(message)

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Run the actions for each item."""
        name = step.action.name
        frames = [Frame(step.run, step.frame, name, item, n) for n, item in enumerate(inputs)]
        step.frame.repetitions[name] = frames
        places = asyncio.Semaphore(_at_once(step.action.spec))

        async def repeat(frame: Frame) -> bool:
            async with places:
                outcome = await step.inside(step.action.branches["actions"], frame)
            return outcome.error is None

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(repeat(frame)) for frame in frames]
        return succeeded() if all(task.result() for task in tasks) else BRANCH_FAILED


def _at_once(spec: Mapping[str, Any]) -> int:
    if spec.get("operationOptions") == _SEQUENTIAL:
        return 1
    concurrency = spec.get("runtimeConfiguration", {}).get("concurrency", {})
    return int(concurrency.get("repetitions", _AT_ONCE))

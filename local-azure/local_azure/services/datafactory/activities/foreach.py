"""ForEach: runs its activities for each item of an array, several at a time.

20 at a time unless ``batchCount`` says otherwise, one where ``isSequential``. A pass that fails
stops no other; the whole fails then (UNVERIFIED for a sequential one).
Source: D:data-factory/control-flow-for-each-activity.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType, inner_failure
from local_azure.services.datafactory.activities.conversion import INVALID, array
from local_azure.services.datafactory.records import ActivityError, Record
from local_azure.services.datafactory.step import Step

_AT_ONCE, _MOST_AT_ONCE = 20, 50
_MOST_ITEMS = 100_000


class ForEach(ActivityType):
    """A loop over items."""

    type = "ForEach"
    required = frozenset({"items", "activities"})
    optional = frozenset({"isSequential", "batchCount"})
    branches = ("activities",)

    def problems(self, activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with how many passes run at a time."""
        properties = activity.get("typeProperties", {})
        count = properties.get("batchCount", _AT_ONCE)
        if isinstance(count, bool) or count not in range(1, _MOST_AT_ONCE + 1):
            yield f"batchCount is 1 to {_MOST_AT_ONCE}; found {count!r}"
        if not isinstance(properties.get("isSequential", False), bool):
            yield f"isSequential is true or false; found {properties['isSequential']!r}"

    def inputs(self, step: Step) -> Any:
        """The items."""
        items = array(step.evaluate(step.own["items"]), "A ForEach's items")
        if len(items) > _MOST_ITEMS:
            message = f"A ForEach takes {_MOST_ITEMS} items; found {len(items)}."
            raise ActivityError(message, INVALID)
        return {"items": items}

    async def run(self, step: Step) -> None:
        """Run the activities for each item."""
        places = asyncio.Semaphore(at_once(step.own))

        async def one(index: int, item: Any) -> Record | None:
            async with places:
                return await step.inside(step.own["activities"], step.inner(index, item))

        async with asyncio.TaskGroup() as group:
            items = enumerate(step.record.inputs["items"])
            tasks = [group.create_task(one(index, item)) for index, item in items]
        for task in tasks:
            if failed := task.result():
                raise inner_failure(failed)


def at_once(properties: Mapping[str, Any]) -> int:
    """How many passes run at the same time, at most."""
    return 1 if properties.get("isSequential") is True else properties.get("batchCount", _AT_ONCE)

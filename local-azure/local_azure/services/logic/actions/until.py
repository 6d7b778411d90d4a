"""Until: repeats its actions until its expression holds, which it looks at after each pass.

60 passes and an hour at most, unless ``limit`` says otherwise. At the limit the loop ends as its
last pass did (for the count) or as timed out (for the time): UNVERIFIED.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.runs.durations import seconds
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.conditions import holds, problems
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, Status, succeeded
from local_azure.services.logic.step import Step

_DEFAULT = {"count": 60, "timeout": "PT1H"}
_MOST_PASSES = 5000


class Until(ActionType):
    """Repeats its actions."""

    type = "Until"
    keys = frozenset({"expression", "actions"})
    required = keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with expression and limit."""
        yield from problems(spec["expression"])
        limit = {**_DEFAULT, **spec.get("limit", {})}
        if set(limit) != set(_DEFAULT):
            yield f"limit has count and timeout; found {sorted(limit)}"
        if limit["count"] not in range(1, _MOST_PASSES + 1):
            yield f"limit.count is a number from 1 to {_MOST_PASSES}; found {limit['count']!r}"
        try:
            seconds(limit["timeout"])
        except ValueError as error:
            yield f"limit.timeout: {error}"

    def inputs(self, _step: Step) -> Any:
        """An Until shows none."""
        return None

    async def run(self, step: Step, _inputs: Any) -> Outcome:
        """Run the actions, pass by pass."""
        limit = {**_DEFAULT, **step.action.spec.get("limit", {})}
        try:
            async with step.environment.clock.timeout(seconds(limit["timeout"])):
                return await _passes(step, limit["count"])
        except TimeoutError:
            message = f"The loop did not end within {limit['timeout']}."
            error = {"code": "ActionTimedOut", "message": message}
            return Outcome(Status.TIMED_OUT, "ActionTimedOut", None, error)


async def _passes(step: Step, count: int) -> Outcome:
    action = step.action
    frames = step.frame.repetitions.setdefault(action.name, [])
    outcome = succeeded()
    for number in range(count):
        frame = Frame(step.run, step.frame, action.name, index=number)
        frames.append(frame)
        outcome = await step.inside(action.branches["actions"], frame)
        if holds(action.spec["expression"], frame):
            break
    return outcome

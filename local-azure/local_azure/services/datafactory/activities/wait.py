"""Wait: lets time pass. Source: D:data-factory/control-flow-wait-activity."""

from typing import Any

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.activities.conversion import INVALID
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step


class Wait(ActivityType):
    """Waits for a number of seconds."""

    type = "Wait"
    required = frozenset({"waitTimeInSeconds"})

    def inputs(self, step: Step) -> Any:
        """The seconds, a whole number."""
        found = super().inputs(step)
        try:
            seconds = int(str(found["waitTimeInSeconds"]))
        except ValueError:
            seconds = -1
        if seconds < 0:
            message = f"waitTimeInSeconds is a whole number; found {found['waitTimeInSeconds']!r}."
            raise ActivityError(message, INVALID)
        return {"waitTimeInSeconds": seconds}

    async def run(self, step: Step) -> None:
        """Wait; for what is left, where an earlier process began."""
        whole: int = step.record.inputs["waitTimeInSeconds"]
        await step.environment.clock.sleep(whole - step.elapsed())

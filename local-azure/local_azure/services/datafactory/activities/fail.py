"""Fail: ends in failure on purpose. Source: D:data-factory/control-flow-fail-activity."""

from local_azure.services.datafactory.activities.base import ActivityType
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step


class Fail(ActivityType):
    """Fails with a message and a code of the author's."""

    type = "Fail"
    required = frozenset({"message", "errorCode"})

    async def run(self, step: Step) -> None:
        """Fail."""
        inputs = step.record.inputs
        raise ActivityError(str(inputs["message"]), str(inputs["errorCode"]))

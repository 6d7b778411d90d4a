"""What every type of activity has."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from local_azure.services.datafactory.activities.conversion import policy_limit
from local_azure.services.datafactory.records import ActivityError, Record, failure
from local_azure.services.datafactory.run import PipelineRun
from local_azure.services.datafactory.step import Step


class ActivityType(ABC):
    """A type of activity.

    Attributes:
        type: what pipelines call it.
        required: what its ``typeProperties`` must have.
        optional: what they may have.
        keys: what the activity may have beside them, of its type's own.
        policy: what of its ``policy`` it heeds; what else a policy may have means nothing to it.
        harmless: properties that may be there with no more than one of these values.
        branches: those properties that hold activities.
    """

    type: ClassVar[str]
    required: ClassVar[frozenset[str]] = frozenset()
    optional: ClassVar[frozenset[str]] = frozenset()
    keys: ClassVar[frozenset[str]] = frozenset()
    policy: ClassVar[frozenset[str]] = frozenset()
    harmless: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    branches: ClassVar[tuple[str, ...]] = ()

    def problems(self, _activity: Mapping[str, Any], _pipeline: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with an activity of this type, beyond its keys; has ``typeProperties``."""
        yield from ()

    def inner(self, properties: Mapping[str, Any]) -> list[list[Any]]:
        """The lists of activities inside."""
        found = {key: properties[key] for key in self.branches if key in properties}
        return [each for key, each in found.items() if each is not None or key in self.required]

    def inputs(self, step: Step) -> Any:
        """The evaluated inputs; they are noted before the activity begins.

        Raises:
            ExpressionError: when one can't be evaluated.
            ActivityError: when one is none that the activity can use.
        """
        return step.evaluate(step.own)

    def limit(self, step: Step) -> float | None:
        """How many seconds it may take, counted from its start; None for any number.

        Raises:
            ActivityError: what limits it is no time span.
        """
        return policy_limit(step) if "timeout" in self.policy else None

    @abstractmethod
    async def run(self, step: Step) -> Any:
        """Do what the activity does with ``step.record.inputs``, and give its output.

        Raises:
            ActivityError: it failed.
        """

    async def resume(self, step: Step) -> Any:
        """Go on with what was in progress when an earlier process ended; as ``run``."""
        return await self.run(step)

    def cancel(self, run: PipelineRun, record: Record) -> None:  # noqa: B027 - may be nothing
        """End what the activity has begun elsewhere: it is cancelled."""


def inner_failure(failed: Record) -> ActivityError:
    """What a container fails with when that failed inside."""
    message = "Activity failed because an inner activity failed; "
    return ActivityError(message + failure(failed), (failed.error or {}).get("errorCode", ""))

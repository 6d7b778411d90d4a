"""One attempt at one activity, as its type gets to see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_azure.control_plane.networks import origins
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.datafactory.frame import NO_ITEM, Frame
from local_azure.services.datafactory.references import DEFAULT_RUNTIME

if TYPE_CHECKING:
    from local_azure.runs.environment import Environment
    from local_azure.services.datafactory.records import Record
    from local_azure.services.datafactory.run import PipelineRun

Inside = Callable[[Sequence[Mapping[str, Any]], Frame], Awaitable["Record | None"]]


@dataclass
class Step:
    """An activity that runs now.

    Attributes:
        activity: the activity in its exported form.
        frame: what its expressions see.
        record: what is noted of it: key, start, inputs.
        inside: runs activities inside, in a frame; gives the failure that decides, if any.
        variables: what it has set.
    """

    activity: Mapping[str, Any]
    frame: Frame
    record: Record
    inside: Inside
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> Mapping[str, Any]:
        """The properties of the activity's type."""
        found: Mapping[str, Any] = self.activity.get("typeProperties", {})
        return found

    @property
    def run(self) -> PipelineRun:
        """The run that this belongs to."""
        return self.frame.run

    @property
    def environment(self) -> Environment:
        """The world around the run."""
        return self.frame.run.environment

    async def send(self, request: HttpRequest, via: Mapping[str, Any] | None) -> HttpAnswer:
        """Carry out one exchange, from where an integration runtime is.

        Args:
            request: what is sent.
            via: the reference to the runtime; the default one where it is None.

        Raises:
            ConnectionFailedError: no answer came, or there is no such runtime.
        """
        name = str((via or {}).get("referenceName", DEFAULT_RUNTIME))
        try:
            network = self.run.factory.network(name)
        except LookupError:
            message = f"The factory has no integration runtime {name!r}."
            raise ConnectionFailedError(message) from None
        with origins.inside(network):
            return await self.environment.send(request)

    def elapsed(self) -> float:
        """Seconds since the attempt began, in this process or in one before."""
        return self.environment.clock.timestamp() - self.record.start

    def evaluate(self, value: Any) -> Any:
        """A JSON value with its expressions evaluated here.

        Raises:
            ExpressionError: from the first expression that can't be.
        """
        return self.frame.evaluate(value)

    def set_variable(self, name: str, value: Any) -> None:
        """Set a variable of the run."""
        self.variables[name] = value
        self.run.variables[name] = value

    def inner(self, index: int | None = None, item: Any = NO_ITEM) -> Frame:
        """The frame of the activities inside, of a loop's pass or of a branch."""
        return Frame(self.run, self.frame, self.record.inner(index), item)

"""What a run asks of the factory that its pipeline belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.runs.environment import Environment
    from local_azure.services.datafactory.records import Record, RunResult


@dataclass(frozen=True)
class Pipeline:
    """A pipeline: its name and the ``properties`` of its exported form."""

    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """An Execute Pipeline activity's call of another pipeline.

    Attributes:
        pipeline: the other pipeline's name.
        parameters: given values by name, not yet bound.
        run_id: the id that the run has or gets.
        told: what ``pipeline()`` tells in the calling run.
        activity: the activity that calls.
        environment: the world around both runs.
    """

    pipeline: str
    parameters: Mapping[str, Any]
    run_id: str
    told: Mapping[str, Any]
    activity: Record
    environment: Environment


class Factory(Protocol):
    """Finds what pipelines refer to, and runs other pipelines.

    What is looked up by name is the ``properties`` of the exported form; LookupError where there
    is nothing of that name.
    """

    def dataset(self, name: str) -> Mapping[str, Any]:
        """A dataset."""

    def linked_service(self, name: str) -> Mapping[str, Any]:
        """A linked service."""

    def credential(self, name: str) -> str:
        """The resource id of the user-assigned identity that a credential stands for."""

    def network(self, runtime: str) -> str:
        """The id of the network that an integration runtime is in; empty where in none."""

    def start(self, call: Call) -> None:
        """Start a run; where a run of that id exists already, do nothing.

        Raises:
            LookupError: there is no such pipeline.
            ValueError: the parameters don't fit.
        """

    async def end(self, run_id: str) -> RunResult:
        """Wait for a run's end; status and message are asked for."""

    def cancel(self, run_id: str) -> None:
        """Ask a run to end; nothing happens where it has."""

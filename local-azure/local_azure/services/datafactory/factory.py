"""What a run asks of the factory that its pipeline belongs to.

A deployed one answers from its documents as they stand, and has the runs kept that others call.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from local_azure.control_plane.resource_manager.store import Resources
from local_azure.runs.environment import Environment
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.records import Record, RunResult
from local_azure.services.datafactory.references import DEFAULT_RUNTIME


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

    What is looked up by name raises LookupError where there is nothing of that name.
    """

    def document(self, folder: str, name: str) -> Mapping[str, Any]:
        """The ``properties``, as exported, of what lies in a folder such as ``datasets``."""

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


@dataclass(frozen=True)
class Deployed:
    """A factory that is deployed; see ``Factory``.

    Attributes:
        factory: its resource id.
        resources: where its documents lie.
        call: starts a run of its pipeline that another run calls.
        end: waits for a run's end.
        cancel: ends a run that is not waited for any more.
    """

    factory: str
    resources: Resources
    call: Callable[[str, Pipeline, Call], None]
    end: Callable[[str], Coroutine[Any, Any, RunResult]]
    cancel: Callable[[str], None]

    def pipeline(self, name: str) -> Pipeline:
        """A pipeline.

        Raises:
            LookupError: there is none of that name.
        """
        return Pipeline(name, exported.pipeline(self._body("pipelines", name)))

    def document(self, folder: str, name: str) -> Mapping[str, Any]:
        """A dataset, a linked service or a credential; LookupError where there is none."""
        return exported.document(self._body(folder, name)["properties"])

    def network(self, runtime: str) -> str:
        """The factory's own, for each runtime beside the default one.

        Raises:
            LookupError: there is no such runtime.
        """
        if runtime == DEFAULT_RUNTIME:
            return ""
        self._body("integrationruntimes", runtime)
        return self.factory

    def start(self, call: Call) -> None:
        """Start a run that another one calls.

        Raises:
            LookupError: there is no such pipeline.
            ValueError: the parameters don't fit.
        """
        self.call(self.factory, self.pipeline(call.pipeline), call)

    def _body(self, folder: str, name: str) -> dict[str, Any]:
        found = self.resources.find(f"{self.factory}/{folder}/{name}")
        if found is None:
            raise LookupError(name)
        return found.body

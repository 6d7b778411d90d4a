"""Datasets and linked services that an activity refers to, their expressions evaluated.

Each sees its own parameters alone: ``dataset()`` in the one, ``linkedService()`` in the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from local_azure.control_plane.clock import Clock
from local_azure.expressions.context import Context, refuse
from local_azure.expressions.registry import DATA_FACTORY, Service
from local_azure.expressions.template import evaluate_data_factory
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_INVALID = "InvalidTemplate"


@dataclass(frozen=True)
class _Inside(Context):
    """What the expressions of a dataset or a linked service see, by the function that asks."""

    services: ClassVar[frozenset[Service]] = DATA_FACTORY

    clock: Clock
    function: str
    parameters: Mapping[str, Any]

    def now(self) -> datetime:
        return self.clock.now()

    def ask(self, function: str, *names: str) -> Any:
        return self.parameters if function == self.function else refuse(function, *names)


def dataset(step: Step, reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``properties`` of the dataset that an activity's reference names.

    Args:
        step: the activity.
        reference: ``{"referenceName", "type", "parameters"}``, expressions evaluated.

    Raises:
        ActivityError: there is none, or its parameters don't fit.
    """
    return _found(step, reference, "datasets", "dataset", "dataset")


def linked_service(step: Step, reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``properties`` of the linked service that a reference names.

    Raises:
        ActivityError: there is none, or its parameters don't fit.
    """
    return _found(step, reference, "linkedservices", "linked service", "linkedService")


def _found(
    step: Step, reference: Mapping[str, Any], folder: str, kind: str, function: str
) -> Mapping[str, Any]:
    name = str(reference["referenceName"])
    try:
        found = dict(step.run.factory.document(folder, name))
    except LookupError:
        raise ActivityError(f"The factory has no {kind} {name!r}.", _INVALID) from None
    try:
        parameters = bind(found.pop("parameters", {}), reference.get("parameters", {}))
    except ValueError as error:
        raise ActivityError(f"The {kind} {name!r} can't be used: {error}", _INVALID) from None
    context = _Inside(step.environment.clock, function, parameters)
    evaluated: Mapping[str, Any] = evaluate_data_factory(found, context)
    return evaluated

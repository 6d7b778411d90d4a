"""Datasets and linked services that an activity refers to, their expressions evaluated.

Each sees its own parameters alone: ``dataset()`` in the one, ``linkedService()`` in the other.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from local_azure.control_plane.clock import Clock
from local_azure.expressions import Context, Service, evaluate_data_factory
from local_azure.expressions.context import refuse
from local_azure.expressions.registry import DATA_FACTORY
from local_azure.services.datafactory.parameters import bind
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step

_INVALID = "InvalidTemplate"


class _Inside(Context):
    """What the expressions of a dataset or a linked service see, by the function that asks."""

    services: ClassVar[frozenset[Service]] = DATA_FACTORY

    def __init__(self, clock: Clock, function: str) -> None:
        self._clock = clock
        self._function = function
        self.parameters: dict[str, Any] = {}

    def now(self) -> datetime:
        return self._clock.now()

    def ask(self, function: str, *names: str) -> Any:
        return self.parameters if function == self._function else refuse(function, *names)


def dataset(step: Step, reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``properties`` of the dataset that an activity's reference names.

    Args:
        step: the activity.
        reference: ``{"referenceName", "type", "parameters"}``, expressions evaluated.

    Raises:
        ActivityError: there is none, or its parameters don't fit.
    """
    context = _Inside(step.environment.clock, "dataset")
    return _found(step.run.factory.dataset, "dataset", reference, context)


def linked_service(step: Step, reference: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ``properties`` of the linked service that a reference names.

    Raises:
        ActivityError: there is none, or its parameters don't fit.
    """
    context = _Inside(step.environment.clock, "linkedService")
    return _found(step.run.factory.linked_service, "linked service", reference, context)


def _found(
    find: Callable[[str], Mapping[str, Any]],
    kind: str,
    reference: Mapping[str, Any],
    context: _Inside,
) -> Mapping[str, Any]:
    name = str(reference["referenceName"])
    try:
        found = find(name)
    except LookupError:
        raise ActivityError(f"The factory has no {kind} {name!r}.", _INVALID) from None
    declared = found.get("parameters", {})
    try:
        context.parameters = bind(declared, reference.get("parameters", {}))
    except ValueError as error:
        raise ActivityError(f"The {kind} {name!r} can't be used: {error}", _INVALID) from None
    evaluated: Mapping[str, Any] = evaluate_data_factory(
        {key: value for key, value in found.items() if key != "parameters"}, context
    )
    return evaluated

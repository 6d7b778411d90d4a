"""What an expression may ask of its surroundings: the run of a workflow or of a pipeline."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import BOTH, Service

QUESTIONS = {
    "action": "current_action",
    "actions": "action",
    "activity": "activity",
    "appsetting": "app_setting",
    "dataset": "dataset",
    "item": "item",
    "items": "loop_item",
    "iterationIndexes": "iteration_index",
    "linkedService": "linked_service",
    "listCallbackUrl": "list_callback_url",
    "parameters": "parameter",
    "pipeline": "pipeline",
    "result": "result",
    "trigger": "trigger",
    "variables": "variable",
    "workflow": "workflow",
}
"""Functions that are a question to the run, and the method that answers each where a run has it."""


class Context:
    """The surroundings of an evaluation; a service's run has methods for what it can be asked."""

    services: ClassVar[frozenset[Service]] = BOTH

    def now(self) -> datetime:
        """The current time, UTC."""
        return datetime.now(UTC)

    def ask(self, function: str, *names: str) -> Any:
        """The answer to one of ``QUESTIONS``.

        Args:
            function: the function.
            names: its argument, if it has one.

        Raises:
            ExpressionError: nobody can answer that here.
        """
        answer = getattr(self, QUESTIONS[function], None)
        return answer(*names) if answer else refuse(function, *names)


def refuse(function: str, *names: str) -> NoReturn:
    """Refuse a question that nobody can answer at this location.

    Raises:
        ExpressionError: always.
    """
    about = f" (asked for '{names[0]}')" if names else ""
    message = f"The template function '{function}' is not expected at this location{about}."
    raise ExpressionError(message, function)


def named(table: Mapping[str, Any], name: str, function: str, kind: str) -> Any:
    """The entry of that name, whatever its case.

    Args:
        table: what there is.
        name: what is looked for.
        function: the function that asks.
        kind: what the entries are, e.g. "variable".

    Raises:
        ExpressionError: naming what there is.
    """
    if name in table:
        return table[name]
    for key, value in table.items():
        if key.lower() == name.lower():
            return value
    message = (
        f"Template language expression cannot be evaluated: the template {kind} '{name}' is not "
        f"defined; defined are: {', '.join(table) or 'none'}."
    )
    raise ExpressionError(message, function)

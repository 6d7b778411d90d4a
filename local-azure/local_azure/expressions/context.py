"""What an expression may ask of its surroundings: the run of a workflow or of a pipeline."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.registry import BOTH, Service


class Context:
    """The surroundings of an evaluation; a service's run overrides what it has.

    What is left as it stands here refuses: the function is not expected at this location.
    """

    services: ClassVar[frozenset[Service]] = BOTH

    def now(self) -> datetime:
        """The current time, UTC."""
        return datetime.now(UTC)

    def parameter(self, name: str) -> Any:
        """The workflow parameter's value."""
        _refuse("parameters", name)

    def trigger(self) -> Any:
        """The trigger: name, status, outputs, ..."""
        _refuse("trigger")

    def action(self, name: str) -> Any:
        """The action's record: name, status, inputs, outputs, error, ..."""
        _refuse("actions", name)

    def current_action(self) -> Any:
        """The record of the action that evaluates a condition of its own."""
        _refuse("action")

    def variable(self, name: str) -> Any:
        """The variable's value."""
        _refuse("variables", name)

    def item(self) -> Any:
        """The innermost loop's current item."""
        _refuse("item")

    def loop_item(self, loop: str) -> Any:
        """The named loop's current item."""
        _refuse("items", loop)

    def iteration_index(self, loop: str) -> Any:
        """The named Until loop's current iteration, from 0."""
        _refuse("iterationIndexes", loop)

    def result(self, scope: str) -> Any:
        """The records of the actions directly in that scope."""
        _refuse("result", scope)

    def workflow(self) -> Any:
        """The workflow and its run."""
        _refuse("workflow")

    def list_callback_url(self) -> str:
        """The callback URL of the webhook that is being registered."""
        _refuse("listCallbackUrl")

    def app_setting(self, name: str) -> Any:
        """The application setting (Standard plan only)."""
        _refuse("appsetting", name)

    def pipeline(self) -> Any:
        """The pipeline's run: parameters, globalParameters, Pipeline, RunId, ..."""
        _refuse("pipeline")

    def activity(self, name: str) -> Any:
        """The activity's record: output, status, error, ..."""
        _refuse("activity", name)

    def dataset(self) -> Any:
        """The dataset's parameters."""
        _refuse("dataset")

    def linked_service(self) -> Any:
        """The linked service's parameters."""
        _refuse("linkedService")


def _refuse(function: str, name: str | None = None) -> NoReturn:
    about = f" (asked for '{name}')" if name is not None else ""
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

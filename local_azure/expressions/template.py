"""Values of a definition: JSON in which any string may be an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.expressions import functions as _functions  # noqa: F401 - declares them
from local_azure.expressions.parser import is_expression, parse

if TYPE_CHECKING:
    from local_azure.expressions.context import Context


def evaluate(value: Any, context: Context) -> Any:
    """The value with every expression in it replaced by what it evaluates to (Logic Apps).

    Raises:
        ExpressionError: from the first expression that can't be read or evaluated.
    """
    if isinstance(value, str):
        return parse(value).evaluate(context) if is_expression(value) else value
    if isinstance(value, dict):
        return {evaluate(name, context): evaluate(each, context) for name, each in value.items()}
    if isinstance(value, list):
        return [evaluate(each, context) for each in value]
    return value


def evaluate_data_factory(value: Any, context: Context) -> Any:
    """As ``evaluate``, where ``{"type": "Expression", "value": "@..."}`` stands for its value.

    Raises:
        ExpressionError: from the first expression that can't be read or evaluated.
    """
    if isinstance(value, str):
        return evaluate(value, context)
    if isinstance(value, dict):
        if value.get("type") == "Expression" and set(value) == {"type", "value"}:
            return evaluate(value["value"], context)
        return {name: evaluate_data_factory(each, context) for name, each in value.items()}
    if isinstance(value, list):
        return [evaluate_data_factory(each, context) for each in value]
    return value

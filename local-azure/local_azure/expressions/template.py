"""Values of a definition: JSON in which any string may be an expression."""

from typing import Any

from local_azure.expressions import functions as _functions  # noqa: F401 - declares them
from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import type_name
from local_azure.expressions.parser import is_expression, parse


def evaluate(value: Any, context: Context) -> Any:
    """The value with every expression in it replaced by what it evaluates to (Logic Apps).

    Raises:
        ExpressionError: from the first expression that can't be read or evaluated.
    """
    if isinstance(value, str):
        return parse(value).evaluate(context) if is_expression(value) else value
    if isinstance(value, dict):
        return _evaluate_object(value, context)
    if isinstance(value, list):
        return [evaluate(each, context) for each in value]
    return value


def _evaluate_object(value: dict[str, Any], context: Context) -> dict[str, Any]:
    """The object; properties whose names are expressions come last, as the engine has it."""
    evaluated = {n: evaluate(each, context) for n, each in value.items() if not is_expression(n)}
    for name in filter(is_expression, value):
        found = _name(name, context)
        if found in evaluated:
            message = f"The name '{name}' evaluates to '{found}', which the object already has."
            raise ExpressionError(message)
        evaluated[found] = evaluate(value[name], context)
    return evaluated


def _name(name: str, context: Context) -> str:
    evaluated = parse(name).evaluate(context)
    if not isinstance(evaluated, str):
        message = (
            f"The template language expression '{name}' names a property and must evaluate to a "
            f"string; it evaluates to a value of type '{type_name(evaluated)}'."
        )
        raise ExpressionError(message)
    return evaluated


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

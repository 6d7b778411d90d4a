"""Conditions as definitions write them: an expression, or objects of operators as below.

::

    {"and": [{"equals": ["@outputs('A')", 1]}, {"not": {"contains": ["@body('B')", "x"]}}]}
"""

from collections.abc import Iterator
from typing import Any

from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import type_name
from local_azure.expressions.registry import LOGIC_APPS, find
from local_azure.expressions.template import evaluate

_GROUPS = ("and", "or")
_OPERATORS = (
    "equals",
    "greater",
    "greaterOrEquals",
    "less",
    "lessOrEquals",
    "contains",
    "startsWith",
    "endsWith",
)


def holds(condition: Any, context: Context) -> bool:
    """Whether a condition holds.

    Raises:
        ExpressionError: when it can't be evaluated, or gives no boolean.
    """
    if isinstance(condition, dict):
        return _holds(*next(iter(condition.items())), context)
    value = evaluate(condition, context)
    if isinstance(value, bool):
        return value
    message = f"A condition must be a Boolean; '{condition}' gives a value of '{type_name(value)}'."
    raise ExpressionError(message)


def problems(condition: Any) -> Iterator[str]:
    """What is wrong with a condition, apart from its expressions."""
    if isinstance(condition, dict):
        yield from _operator_problems(condition)
    elif not isinstance(condition, str | bool):
        yield f"a condition is an expression or an object of operators; found {condition!r}"


def _holds(operator: str, operands: Any, context: Context) -> bool:
    if operator == "and":
        return all(holds(each, context) for each in operands)
    if operator == "or":
        return any(holds(each, context) for each in operands)
    if operator == "not":
        return not holds(operands, context)
    values = [evaluate(each, context) for each in operands]
    return bool(find(operator, LOGIC_APPS).call(context, values))


def _operator_problems(condition: dict[str, Any]) -> Iterator[str]:
    accepted = ", ".join((*_GROUPS, "not", *_OPERATORS))
    if len(condition) != 1:
        yield f"a condition has one operator ({accepted}); found {sorted(condition)}"
        return
    operator, operands = next(iter(condition.items()))
    if operator == "not":
        yield from problems(operands)
    elif operator in _GROUPS and isinstance(operands, list):
        for each in operands:
            yield from problems(each)
    elif operator not in _OPERATORS:
        yield f"unknown operator {operator!r} in a condition; accepted: {accepted}"
    elif not isinstance(operands, list) or len(operands) != 2:  # noqa: PLR2004 left and right
        yield f"the operator {operator!r} takes a list of two values; found {operands!r}"

"""The array that Select, Filter array, Join and the tables work on."""

from __future__ import annotations

from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import type_name
from local_azure.services.logic.step import Step


def evaluated_items(step: Step) -> list[Any]:
    """The action's ``from``.

    Raises:
        ExpressionError: when it is no array.
    """
    items = step.evaluate(step.action.spec["inputs"]["from"])
    if isinstance(items, list):
        return items
    message = (
        f"The 'from' property value in the '{step.action.type}' action inputs is of type "
        f"'{type_name(items)}'. The value must be an array."
    )
    raise ExpressionError(message)

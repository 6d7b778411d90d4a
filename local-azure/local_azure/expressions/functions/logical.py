"""Logical comparison functions; ``and``, ``or``, ``if``, ``coalesce`` evaluate what they need."""

import operator
from collections.abc import Callable
from typing import Any

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.json_types import deep_equal, is_number, type_name
from local_azure.expressions.registry import declare, function
from local_azure.expressions.utf16 import compare_texts

# What comes after the first that decides is not looked at.
declare(
    {
        "and(condition: any, ...)": lambda *all_of: all(_boolean(each()) for each in all_of),
        "or(condition: any, ...)": lambda *any_of: any(_boolean(each()) for each in any_of),
    },
    lazy=True,
)
declare({"not(condition: boolean)": operator.not_})


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        message = (
            "expects all of its parameters to be booleans. "
            f"Found invalid parameter types: '{type_name(value)}'."
        )
        raise ArgumentProblem(message)
    return value


@function("if(condition: any, then: any, otherwise: any)", lazy=True)
def if_(
    condition: Callable[[], Any],
    then: Callable[[], Any],
    otherwise: Callable[[], Any],
) -> Any:
    """One of two values; the other is not evaluated."""
    decided = condition()
    if not isinstance(decided, bool):
        message = (
            "expects its first parameter to be of type boolean. "
            f"The provided value is of type '{type_name(decided)}'."
        )
        raise ArgumentProblem(message)
    return then() if decided else otherwise()


@function("coalesce(value: any, ...)", lazy=True)
def coalesce(*values: Callable[[], Any]) -> Any:
    """The first value that is not null; the ones after it are not evaluated."""
    for value in values:
        found = value()
        if found is not None:
            return found
    return None


@function("equals(value: any, value: any, ...)")
def equals(*values: Any) -> bool:
    """Whether all values are equal; numbers by value, everything else by type too."""
    return all(_equal(values[0], each) for each in values[1:])


@function("strongEquals(value: any, value: any, ...)")
def strong_equals(*values: Any) -> bool:
    """As equals, for values of one type only."""
    kinds = list(dict.fromkeys("Number" if is_number(v) else type_name(v) for v in values))
    if len(kinds) > 1:
        message = f"expects parameters of same type, but found '{','.join(kinds)}' distinct types."
        raise ArgumentProblem(message)
    return equals(*values)


def _equal(left: Any, right: Any) -> bool:
    if is_number(left) and is_number(right):
        return _ordered(left, right) == 0
    return deep_equal(left, right)


_ORDERS: dict[str, Callable[[int], bool]] = {
    "greater": lambda order: order > 0,
    "greaterOrEquals": lambda order: order >= 0,
    "less": lambda order: order < 0,
    "lessOrEquals": lambda order: order <= 0,
}
"""Whether a number or text comes after or before another, or is equal."""


def _declare(name: str, holds: Callable[[int], bool]) -> None:
    @function(f"{name}(value: any, compared: any)")
    def compare(value: Any, compared: Any) -> bool:
        return holds(_compare(value, compared))


for _each in _ORDERS.items():
    _declare(*_each)


def _compare(value: Any, compared: Any) -> int:
    if is_number(value) and is_number(compared):
        return _ordered(value, compared)
    if isinstance(value, str) and isinstance(compared, str):
        return compare_texts(value, compared)
    message = (
        "expects two parameters of matching types, numbers or strings. The function was invoked "
        f"with values of type '{type_name(value)}' and '{type_name(compared)}'."
    )
    raise ArgumentProblem(message)


def _ordered(left: Any, right: Any) -> int:
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return int(left > right) - int(left < right)

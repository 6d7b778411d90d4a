"""Math functions: 64-bit integers that may not overflow, and doubles."""

import math
import operator
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.json_types import is_number, type_name
from local_azure.expressions.registry import declare, function

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_INT32 = 2**31


@function("rand(minimum: integer, maximum: integer)")
def rand(minimum: int, maximum: int) -> int:
    """A random integer from the minimum up to, but not with, the maximum."""
    if minimum > maximum or not -_INT32 <= minimum <= maximum < _INT32:
        message = (
            f"parameters are out of range: the value '{minimum}' provided for 'minimum' cannot be "
            f"greater than the value '{maximum}' provided for 'maximum', and both must be "
            "integers of 32 bits."
        )
        raise ArgumentProblem(message)
    if minimum == maximum:
        return minimum
    return random.randrange(minimum, maximum)  # noqa: S311 - the language's rand is no secret


def _calculate(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float):
        return operation(float(left), float(right))
    result = operation(left, right)
    if not _SMALLEST <= result <= _LARGEST:
        raise _overflow()
    return result


def _quotient(dividend: Any, divisor: Any) -> Any:
    """Of two integers its integer part."""
    _check_divisor(divisor)
    if isinstance(dividend, float):
        return dividend / divisor
    return abs(dividend) // abs(divisor) * (1 if (dividend < 0) == (divisor < 0) else -1)


def _remainder(dividend: Any, divisor: Any) -> Any:
    """It has the dividend's sign."""
    _check_divisor(divisor)
    if isinstance(dividend, float):
        return math.fmod(dividend, divisor) if math.isfinite(dividend) else math.nan
    if dividend == _SMALLEST and divisor == -1:
        raise _overflow()
    return dividend - divisor * _quotient(dividend, divisor)


def _check_divisor(number: Any) -> None:
    if number == 0:
        raise ArgumentProblem("can't divide by zero.")


def _overflow() -> ArgumentProblem:
    return ArgumentProblem("caused an arithmetic overflow: the result does not fit.")


def _alike(numbers: tuple[Any, ...]) -> list[Any]:
    """The numbers as one type, the widest among them."""
    given = numbers[0] if len(numbers) == 1 and isinstance(numbers[0], list) else list(numbers)
    if not given:
        raise ArgumentProblem("expects at least one number; the array is empty.")
    foreign = [type_name(each) for each in given if not is_number(each)]
    if foreign:
        message = (
            "expects all of its parameters to be either integer or decimal numbers. "
            f"Found invalid parameter types: '{', '.join(foreign)}'."
        )
        raise ArgumentProblem(message)
    if any(isinstance(each, float) for each in given):
        return [float(each) for each in given]
    return list(given)


declare(
    {
        "add(summand: number, summand: number)": partial(_calculate, operator.add),
        "sub(minuend: number, subtrahend: number)": partial(_calculate, operator.sub),
        "mul(factor: number, factor: number)": partial(_calculate, operator.mul),
        "div(dividend: number, divisor: number)": partial(_calculate, _quotient),
        "mod(dividend: number, divisor: number)": partial(_calculate, _remainder),
        "max(number: any, ...)": lambda *numbers: max(_alike(numbers)),
        "min(number: any, ...)": lambda *numbers: min(_alike(numbers)),
    }
)

"""What the expressions in a part of a definition refer to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.parser import is_expression, parse
from local_azure.expressions.syntax import Call, Expression, Literal, Selection, walk


@dataclass(frozen=True)
class Reference:
    """A function call such as ``actions('Authorize')?['status']``.

    Attributes:
        function: the function, in lower case.
        name: its first argument, where that is a literal string; else empty.
        key: the first property selected from it, where that is a literal; else empty.
    """

    function: str
    name: str = ""
    key: str = ""


def references(value: Any) -> Iterator[Reference]:
    """Every function call in the strings of a JSON value; what can't be read is passed over."""
    if isinstance(value, str):
        if is_expression(value):
            yield from _in_text(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from references(key)
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


# Each run reads its definition anew, and its texts stay the same.
@lru_cache(4096)
def _in_text(text: str) -> tuple[Reference, ...]:
    try:
        return tuple(_in_expression(parse(text)))
    except ExpressionError:
        return ()


def _in_expression(expression: Expression) -> Iterator[Reference]:
    # A chain of selections stands before the call that it begins with.
    for around, each in pairwise([None, *walk(expression)]):
        if isinstance(each, Call):
            first = each.arguments[0] if each.arguments else None
            key = around.steps[0].key if isinstance(around, Selection) else None
            yield Reference(each.name.lower(), _literal(first), _literal(key))


def _literal(expression: Expression | None) -> str:
    if isinstance(expression, Literal) and isinstance(expression.value, str):
        return expression.value
    return ""

"""JSON values as the expression language sees them: names of types, text, equality.

Types have the names that the engine's messages use (Newtonsoft.Json's).
"""

import json
import math
from collections.abc import Callable
from typing import Any

from local_azure.expressions.content import content_text, is_content
from local_azure.expressions.doubles import double_text
from local_azure.expressions.errors import ExpressionError

_NAMES: dict[type, str] = {
    type(None): "Null",
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    str: "String",
    list: "Array",
    dict: "Object",
}
_SCALARS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: str,
    int: str,
    float: double_text,
}
# What Newtonsoft.Json escapes besides what JSON demands.
_LINE_BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def type_name(value: Any) -> str:
    """The type's name in messages: "Null", "Boolean", "Integer", "Float", "String", ..."""
    return _NAMES.get(type(value)) or type(value).__name__


def text(value: Any) -> str:
    """A value inside of text: null is empty, a boolean is capitalised, an object is compact JSON.

    Binary content is what it says; inside of an array or object it is JSON as the rest.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and is_content(value):
        return _content_text(value)
    if isinstance(value, (dict, list)):
        return compact(value)
    return _SCALARS[type(value)](value)


def _content_text(value: dict[str, Any]) -> str:
    try:
        return content_text(value)
    except ValueError as wrong:
        message = f"The content of type '{value['$content-type']}' can't be read as text: {wrong}."
        raise ExpressionError(message) from wrong


def compact(value: Any) -> str:
    """JSON without spaces, numbers and escapes as Newtonsoft.Json writes them."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(k)}:{compact(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_LINE_BREAKS)


def _number(value: float) -> str:
    written = text(value)
    if not math.isfinite(value):
        return f'"{written}"'
    return written if any(mark in written for mark in ".E") else f"{written}.0"


def is_number(value: Any) -> bool:
    """Whether a value is an integer or a double; a boolean is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def deep_equal(left: Any, right: Any) -> bool:
    """Whether two values are the same JSON: 1 and 1.0 differ, the order of properties does not."""
    if type_name(left) != type_name(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(
            deep_equal(value, right[name]) for name, value in left.items()
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(map(deep_equal, left, right))
    return bool(left == right)

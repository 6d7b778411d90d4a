"""What an evaluator answers to an expression, in a form that can be compared and written down.

A value is its JSON, types included (1 and 1.0 differ). A refusal is reduced to its kind and to the
function that refused: the judge's sentences are not ours to keep.
"""

import hashlib
import json
import math
import re
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.template import evaluate

_KINDS = (
    ("syntax", re.compile(r"Unable to parse template language expression|' is not valid: the ")),
    ("undefined", re.compile(r"cannot be evaluated: the template|The workflow parameter '")),
    ("selection", re.compile(r"cannot be evaluated because ")),
)
_FUNCTION = re.compile(r"function '(\w+)'|language '(\w+)' function")

Answer = dict[str, Any]


def value(found: Any) -> Answer:
    """A value as an answer; infinities become strings, as in the judge's JSON."""
    return {"value": _plain(found)}


def refusal(message: str) -> Answer:
    """A refusal as an answer: ``{"error": kind}``; an unknown kind is an empty string."""
    for kind, pattern in _KINDS:
        if pattern.search(message):
            return {"error": kind}
    match = _FUNCTION.search(message)
    return {"error": f"function {(match[1] or match[2]).lower()}" if match else ""}


def ours(expressions: list[Any], context: dict[str, Any]) -> list[Answer]:
    """What our evaluator answers to each expression."""
    static = StaticContext(context)
    return [_our_answer(expression, static) for expression in expressions]


def _our_answer(expression: Any, context: StaticContext) -> Answer:
    try:
        return value(evaluate(expression, context))
    except ExpressionError as refused:
        return refusal(str(refused))


def agree(left: Answer, right: Answer) -> bool:
    """Whether two answers are the same; a refusal of unknown kind agrees with any refusal."""
    if "error" in left and "error" in right:
        return left["error"] == right["error"] or "" in (left["error"], right["error"])
    return written(left) == written(right)


def written(answer: Any) -> str:
    """An answer, or an expression with its own, as compact JSON."""
    return json.dumps(answer, separators=(",", ":"))


def digest(answer: Answer) -> str:
    """Eight hexadecimal digits of the answer's hash; every refusal has the same."""
    plain = {"error": ""} if "error" in answer else answer
    return hashlib.sha256(written(plain).encode()).hexdigest()[:8]


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _plain(each) for name, each in found.items()}
    if isinstance(found, list):
        return [_plain(each) for each in found]
    if isinstance(found, float) and not math.isfinite(found):
        return "NaN" if math.isnan(found) else "Infinity" if found > 0 else "-Infinity"
    return found

"""What is wrong with expressions, found without running them; and trying some of them out."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import compact
from local_azure.expressions.parser import parse
from local_azure.expressions.registry import BOTH, Service, find
from local_azure.expressions.static_context import StaticContext
from local_azure.expressions.syntax import Call, Literal, calls
from local_azure.expressions.template import evaluate


def check(value: Any, services: frozenset[Service] = BOTH) -> list[str]:
    """Everything in a JSON value that no run could evaluate.

    Found are malformed expressions, unknown functions, wrong numbers of arguments, and literal
    arguments of a wrong type.

    Args:
        value: any part of a definition.
        services: whose functions may be used.

    Returns:
        One sentence per problem, with the expression that it is in.
    """
    return [
        f"{text}: {problem}" for text in strings(value) for problem in _problems(text, services)
    ]


def strings(value: Any) -> list[str]:
    """Every string in a JSON value, the names of properties included."""
    found: list[str] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, each in value.items():
            found.append(name)
            _collect(each, found)
    elif isinstance(value, list):
        for each in value:
            _collect(each, found)


@lru_cache(4096)
def _problems(text: str, services: frozenset[Service]) -> tuple[str, ...]:
    try:
        expression = parse(text)
    except ExpressionError as malformed:
        return (str(malformed),)
    return tuple(
        problem for call in calls(expression) for problem in _call_problems(call, services)
    )


def _call_problems(call: Call, services: frozenset[Service]) -> Iterator[str]:
    try:
        declared = find(call.name, services)
    except ExpressionError as unknown:
        yield str(unknown)
        return
    problem = declared.count_problem(len(call.arguments))
    if problem:
        yield problem
        return
    for position, argument in enumerate(call.arguments):
        if isinstance(argument, Literal):
            problem = declared.type_problem(position, argument.value)
            if problem:
                yield problem


def try_expressions(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Evaluate ``{"context": {...}, "expressions": [...]}``, each expression on its own.

    Args:
        document: the context's keys are those of StaticContext; an expression is any JSON value.

    Returns:
        ``{"value": ...}`` or ``{"error": "..."}`` per expression.

    Raises:
        ValueError: where the document is not of that form.
    """
    unknown = set(document) - {"context", "expressions"}
    expressions = document.get("expressions")
    if unknown or not isinstance(expressions, list):
        message = (
            "The document must be {'context': {...}, 'expressions': [...]}; "
            f"found the keys {', '.join(document) or 'none'}."
        )
        raise ValueError(message)
    context = StaticContext(document.get("context", {}))
    return [_tried(each, context) for each in expressions]


def _tried(expression: Any, context: StaticContext) -> dict[str, Any]:
    try:
        # As the engine writes it: an infinite number is a text, which plain JSON has not.
        return {"value": json.loads(compact(evaluate(expression, context)))}
    except ExpressionError as refused:
        return {"error": str(refused)}

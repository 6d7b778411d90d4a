"""What an expression consists of, each part able to evaluate itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from local_azure.expressions.context import Context
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import text, type_name
from local_azure.expressions.registry import find


class Expression(Protocol):
    """A part of an expression."""

    def evaluate(self, context: Context) -> Any:
        """The part's value.

        Raises:
            ExpressionError: as the function or the selection in it says.
        """


@dataclass(frozen=True)
class Literal:
    """A constant: string, number, boolean or null."""

    value: Any

    def evaluate(self, _context: Context) -> Any:
        """The constant."""
        return self.value


@dataclass(frozen=True)
class Call:
    """A function's name with its arguments."""

    name: str
    arguments: tuple[Expression, ...]

    def evaluate(self, context: Context) -> Any:
        """What the function returns; a lazy one evaluates its arguments itself."""
        declared = find(self.name, context.services)
        if declared.lazy:
            return declared.call(context, [_later(each, context) for each in self.arguments])
        return declared.call(context, [each.evaluate(context) for each in self.arguments])


def _later(argument: Expression, context: Context) -> Callable[[], Any]:
    return lambda: argument.evaluate(context)


@dataclass(frozen=True)
class Step:
    """One selection in a chain: ``.a``, ``['a']``, ``[0]``; null-safe with a ``?`` before it."""

    key: Expression
    safe: bool


@dataclass(frozen=True)
class Selection:
    """What a chain of properties and elements leads to, from a call's value.

    A null-safe step from null ends the whole chain with null, as the engine does; one that finds
    nothing leads on with null.
    """

    target: Call
    steps: tuple[Step, ...]
    source: str

    def evaluate(self, context: Context) -> Any:
        """The selected value."""
        value = self.target.evaluate(context)
        for step in self.steps:
            key = step.key.evaluate(context)
            if value is None and step.safe:
                return None
            value = self._select(value, key, safe=step.safe)
        return value

    def _select(self, target: Any, key: Any, *, safe: bool) -> Any:
        if isinstance(target, dict) and isinstance(key, str):
            return self._property(target, key, safe=safe)
        if isinstance(target, list) and isinstance(key, int) and not isinstance(key, bool):
            return self._element(target, key, safe=safe)
        raise self._refusal(target, key)

    def _property(self, target: dict[str, Any], key: str, *, safe: bool) -> Any:
        if key in target:
            return target[key]
        for name, value in target.items():
            if name.lower() == key.lower():
                return value
        if safe:
            return None
        raise self._error(
            f"property '{key}' doesn't exist, available properties are '{', '.join(target)}'.",
        )

    def _element(self, target: list[Any], index: int, *, safe: bool) -> Any:
        if 0 <= index < len(target):
            return target[index]
        if safe:
            return None
        raise self._error(
            f"array index '{index}' is outside bounds (0, {len(target) - 1}) of array.",
        )

    def _refusal(self, target: Any, key: Any) -> ExpressionError:
        reason = f"property '{text(key)}' cannot be selected."
        if isinstance(target, list) and isinstance(key, str):
            reason += " Array elements can only be selected using an integer index."
        elif isinstance(target, dict) and isinstance(key, int):
            reason += " Object properties can only be selected by names."
        elif not isinstance(target, (list, dict, type(None))):
            kind = type_name(target)
            reason += f" Property selection is not supported on values of type '{kind}'."
        return self._error(reason)

    def _error(self, reason: str) -> ExpressionError:
        return ExpressionError(
            f"The template language expression '{self.source}' cannot be evaluated because "
            f"{reason}",
        )


@dataclass(frozen=True)
class Interpolation:
    """Text with expressions in it; always a string."""

    parts: tuple[Expression, ...]

    def evaluate(self, context: Context) -> str:
        """The parts' texts, one after the other."""
        return "".join(text(part.evaluate(context)) for part in self.parts)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """What an expression consists of: a chain of the call that it begins with, and its keys."""
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, Selection):
        return (expression.target, *(step.key for step in expression.steps))
    return expression.parts if isinstance(expression, Interpolation) else ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all in it, each before its parts."""
    yield expression
    for part in parts_of(expression):
        yield from walk(part)


def calls(expression: Expression) -> Iterator[Call]:
    """Every function call in an expression."""
    return (each for each in walk(expression) if isinstance(each, Call))


def selections(expression: Expression) -> Iterator[Selection]:
    """Every chain of selections in an expression."""
    return (each for each in walk(expression) if isinstance(each, Selection))

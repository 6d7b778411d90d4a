"""The functions of the language: how each is declared, found, and given its arguments.

A function is a Python function under a signature that reads like the reference's syntax line:
``"substring(text: string, start: integer, length?: integer)"``. A question mark makes a parameter
optional, a trailing ``...`` lets the last one repeat; kinds are joined by ``|``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from local_azure.expressions.errors import ArgumentProblem, ExpressionError
from local_azure.expressions.json_types import type_name


class Service(Enum):
    """Whose definition an expression stands in."""

    LOGIC_APPS = "Logic Apps"
    DATA_FACTORY = "Data Factory"
    TRIGGER = "a Data Factory trigger"


BOTH = frozenset(Service)
LOGIC_APPS = frozenset({Service.LOGIC_APPS})
DATA_FACTORY = frozenset({Service.DATA_FACTORY})
TRIGGER = frozenset({Service.TRIGGER})

_KINDS = {
    "any": frozenset({"Null", "Boolean", "Integer", "Float", "String", "Array", "Object"}),
    "null": frozenset({"Null"}),
    "boolean": frozenset({"Boolean"}),
    "integer": frozenset({"Integer"}),
    "number": frozenset({"Integer", "Float"}),
    "string": frozenset({"String"}),
    "array": frozenset({"Array"}),
    "object": frozenset({"Object"}),
}
_SIGNATURE = re.compile(r"(\w+)\((.*)\)")
_PARAMETER = re.compile(r"(\w+)(\??): ([a-z|]+)")
NOT_EMULATED = frozenset(
    (
        *("decimal", "formatnumber", "xml", "xpath"),
        *("formdatamultivalues", "formdatavalue", "multipartbody"),
        *("triggerformdatamultivalues", "triggerformdatavalue", "triggermultipartbody"),
    )
)
"""Functions of the reference that are refused by name."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Parameter:
    """A declared parameter: its name, the kinds that it accepts, and whether it may be left out."""

    name: str
    kind: str
    accepts: frozenset[str]
    optional: bool


@dataclass(frozen=True)
class Function:
    """A declared function; ``call`` checks and runs it."""

    name: str
    parameters: tuple[Parameter, ...]
    repeats: bool
    services: frozenset[Service]
    lazy: bool
    with_context: bool
    body: Callable[..., Any]

    @cached_property
    def minimum(self) -> int:
        """The least number of arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    def count_problem(self, count: int) -> str | None:
        """Why that many arguments are not accepted, or None."""
        if count >= self.minimum and (self.repeats or count <= len(self.parameters)):
            return None
        return (
            f"The template language function '{self.name}' expects {self._expected()}. "
            f"The function was invoked with '{count}' parameter(s)."
        )

    def type_problem(self, position: int, value: Any) -> str | None:
        """Why the argument at that position (from 0) is not accepted, or None."""
        parameter = self.parameters[min(position, len(self.parameters) - 1)]
        found = type_name(value)
        if found in parameter.accepts:
            return None
        ordinal = _ORDINALS[position] if position < len(_ORDINALS) else f"{position + 1}th"
        return (
            f"The template language function '{self.name}' expects its {ordinal} parameter "
            f"'{parameter.name}' to be of type {parameter.kind.replace('|', ' or ')}. "
            f"The provided value is of type '{found}'."
        )

    def call(self, context: Any, arguments: list[Any]) -> Any:
        """Check the arguments and run the function.

        Raises:
            ExpressionError: for a wrong number, a wrong type, or a value the function can't use.
        """
        problem = self.count_problem(len(arguments))
        if problem is None and not self.lazy:
            for position, value in enumerate(arguments):
                problem = self.type_problem(position, value)
                if problem is not None:
                    break
        if problem is not None:
            raise ExpressionError(problem, self.name)
        try:
            return self.body(context, *arguments) if self.with_context else self.body(*arguments)
        except ArgumentProblem as why:
            raise self._error(str(why)) from why
        except ArithmeticError as why:
            raise self._error("was given a number that is too large for it.") from why
        except RecursionError as why:
            raise self._error("was given a value that is nested too deeply.") from why

    def _error(self, reason: str) -> ExpressionError:
        return ExpressionError(f"The template language function '{self.name}' {reason}", self.name)

    def _expected(self) -> str:
        if not self.parameters:
            return "no parameters"
        described = ", ".join(
            f"'{parameter.name}' ({parameter.kind.replace('|', ' or ')})"
            + (" optionally" if parameter.optional else "")
            for parameter in self.parameters
        )
        return f"{described}{' and more of the last' if self.repeats else ''}"


_FUNCTIONS: dict[str, list[Function]] = {}
_Body = TypeVar("_Body", bound=Callable[..., Any])


def function(
    *signatures: str,
    services: frozenset[Service] = BOTH,
    lazy: bool = False,
    with_context: bool = False,
) -> Callable[[_Body], _Body]:
    """Declare a function under one or more signatures (the second and further ones are aliases).

    Args:
        signatures: as the module's docstring tells.
        services: where the function may be used.
        lazy: the function gets each argument as a callable and evaluates what it needs.
        with_context: the function gets the evaluation's Context first.
    """

    def declare(body: _Body) -> _Body:
        for signature in signatures:
            name, parameters, repeats = _read(signature)
            declared = Function(name, parameters, repeats, services, lazy, with_context, body)
            _FUNCTIONS.setdefault(name.lower(), []).append(declared)
        return body

    return declare


def declare(
    table: Mapping[str, Callable[..., Any]], *, lazy: bool = False, with_context: bool = False
) -> None:
    """Declare functions of one expression each, by their signatures; see ``function``."""
    for signature, body in table.items():
        function(signature, lazy=lazy, with_context=with_context)(body)


@lru_cache(maxsize=1024)
def find(name: str, services: frozenset[Service]) -> Function:
    """The function of that name, whatever its case, in one of the services.

    Raises:
        ExpressionError: where there is none.
    """
    for declared in _FUNCTIONS.get(name.lower(), ()):
        if declared.services & services:
            return declared
    why = "not emulated" if name.lower() in NOT_EMULATED else "not defined or not valid"
    raise ExpressionError(f"The template function '{name}' is {why}.", name)


def functions() -> list[Function]:
    """Every declared function, by name."""
    return [declared for name in sorted(_FUNCTIONS) for declared in _FUNCTIONS[name]]


def _read(signature: str) -> tuple[str, tuple[Parameter, ...], bool]:
    match = _SIGNATURE.fullmatch(signature)
    if match is None:
        raise ValueError(f"A signature reads name(parameter: kind, ...); found {signature!r}.")
    name, inside = match.groups()
    parts = [part for part in inside.split(", ") if part]
    repeats = bool(parts) and parts[-1] == "..."
    return name, tuple(map(_parameter, parts[: len(parts) - repeats])), repeats


def _parameter(part: str) -> Parameter:
    match = _PARAMETER.fullmatch(part)
    if match is None:
        raise ValueError(f"A parameter reads name: kind; found {part!r}.")
    name, optional, kind = match.groups()
    accepts = frozenset[str]().union(*(_KINDS[each] for each in kind.split("|")))
    return Parameter(name, kind, accepts, bool(optional))

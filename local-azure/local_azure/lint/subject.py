"""The definition that the rules look at, in the forms that they need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from local_azure.control_plane import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.expressions.check import strings
from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.parser import is_expression, parse
from local_azure.expressions.syntax import Expression
from local_azure.services.logic.action import Action, read_actions
from local_azure.services.logic.check import sample
from local_azure.services.logic.secure import Hiding


@dataclass(frozen=True)
class Written:
    """An expression where it stands."""

    where: str
    text: str
    expression: Expression


@dataclass(frozen=True)
class Subject:
    """A definition whose structure can be read.

    Attributes:
        definition: the document.
    """

    definition: Mapping[str, Any]

    @cached_property
    def parameters(self) -> dict[str, Mapping[str, Any]]:
        """The declarations, by name."""
        return dict(self.definition.get("parameters", {}))

    @cached_property
    def secure(self) -> frozenset[str]:
        """Names of the secure parameters, in lower case."""
        return frozenset(n.lower() for n, each in self.parameters.items() if is_secure(each))

    @cached_property
    def trigger(self) -> Mapping[str, Any]:
        """The one trigger."""
        (trigger,) = self.definition["triggers"].values()
        found: Mapping[str, Any] = trigger
        return found

    @cached_property
    def outermost(self) -> tuple[Action, ...]:
        """The outermost actions, each behind those that it runs after."""
        return read_actions(self.definition["actions"])

    @cached_property
    def actions(self) -> list[Action]:
        """Every action."""
        return [each for action in self.outermost for each in action.descendants()]

    @cached_property
    def hiding(self) -> Hiding:
        """What the run history hides."""
        found = Hiding(self.actions, self.parameters, self.trigger)
        found.actions()
        return found

    @cached_property
    def expressions(self) -> list[Written]:
        """Every expression that can be read."""
        return [
            Written(where, text, expression)
            for where, value in self._places()
            for text in dict.fromkeys(strings(value))
            for expression in _parsed(text)
        ]

    def _places(self) -> Iterator[tuple[str, Any]]:
        yield "The trigger", self.trigger
        for action in self.actions:
            yield f"Action '{action.name}'", action.own
        yield "The outputs", self.definition.get("outputs", {})


def load(path: Path) -> tuple[Any, dict[str, Any]]:
    """The definition in a file, and values of its parameters.

    A file holds a definition, or ``{"definition": ..., "parameters": ...}`` as the portal's code
    view and an exported resource's properties have it.

    Raises:
        LocalAzureError: it can't be read, or holds something else.
    """
    try:
        document = strict_json.read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path}: {reason(error)}. A workflow definition is a JSON file."
        raise LocalAzureError(message) from None
    given: dict[str, Any] = {}
    if isinstance(document, dict) and "definition" in document:
        given, document = document.get("parameters") or {}, document["definition"]
    if not isinstance(document, dict) or not {"triggers", "actions"} & set(document):
        message = f"{path} holds no workflow definition: it has neither triggers nor actions."
        raise LocalAzureError(message)
    return document, given


def placeheld(definition: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, and one of the declared type for each parameter that has none."""
    declared = definition.get("parameters")
    names = declared if isinstance(declared, dict) else {}
    needed = {n: each for n, each in names.items() if isinstance(each, dict) and n not in given}
    return {
        **given,
        **{
            name: {"value": _placeholder(each)}
            for name, each in needed.items()
            if "defaultValue" not in each
        },
    }


def is_secure(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter's value is a secret."""
    return str(parameter.get("type", "")).lower().startswith("secure")


def _placeholder(parameter: Mapping[str, Any]) -> Any:
    if parameter.get("allowedValues"):
        return parameter["allowedValues"][0]
    return sample(str(parameter.get("type", "")))


def _parsed(text: str) -> Iterator[Expression]:
    if is_expression(text):
        try:
            yield parse(text)
        except ExpressionError:
            return


@dataclass(frozen=True)
class Finding:
    """One mistake.

    Attributes:
        rule: the rule's name.
        where: ``Action 'Invoke'``, ``The trigger``, ``Parameter 'x'``, ``The outputs`` ...
        message: what is wrong, and what to write instead.
        expression: the expression that it is about; empty where it is about something else.
    """

    rule: str
    where: str
    message: str
    expression: str = ""

    def __str__(self) -> str:
        """One line."""
        about = f" {self.expression}:" if self.expression else ""
        return f"{self.where}:{about} {self.message} [{self.rule}]"

"""A factory's documents in an ARM template: as Studio exports it, and as its gallery has them.

Expressions of the template (``[parameters('x')]``) are evaluated by the functions that workflows
have as well. A parameter without a default stands for its own name; functions that ask Azure are
refused by name. Source: D:data-factory/continuous-integration-delivery-resource-manager-custom-
parameters, D:azure-resource-manager/templates/template-expressions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from local_azure.errors import LocalAzureError
from local_azure.expressions import Context, ExpressionError, Service, named, parse
from local_azure.expressions.registry import LOGIC_APPS

_FOLDERS = ("pipelines", "datasets", "linkedservices", "credentials")
_FACTORY = "factoryname"

Documents = dict[str, dict[str, Any]]


def is_template(document: Any) -> bool:
    """Whether a JSON document is an ARM template."""
    return isinstance(document, dict) and isinstance(document.get("resources"), list)


@dataclass(frozen=True)
class Template:
    """What a template has of a factory.

    Attributes:
        factory: the factory's name.
        folders: the ``properties`` of its documents by folder, in small letters, and name.
    """

    factory: str
    folders: Mapping[str, Documents]


def read(path: Path, document: Mapping[str, Any]) -> Template:
    """The documents of a template.

    Raises:
        LocalAzureError: an expression of the template can't be evaluated here.
    """
    context = _Inside(document)
    folders: dict[str, Documents] = {folder: {} for folder in _FOLDERS}
    for resource in document["resources"]:
        kind = str(resource.get("type")) if isinstance(resource, dict) else ""
        folder = kind.rpartition("/")[2].lower()
        if folder in folders:
            try:
                name = str(_evaluated(resource.get("name"), context)).rpartition("/")[2]
                folders[folder][name] = _evaluated(resource.get("properties"), context)
            except ExpressionError as error:
                raise LocalAzureError(f"{path}: {kind} {resource.get('name')}: {error}") from None
    return Template(str(context.factory()), folders)


class _Inside(Context):
    """What a template's expressions see."""

    services: ClassVar[frozenset[Service]] = LOGIC_APPS

    def __init__(self, template: Mapping[str, Any]) -> None:
        declared = _object(template, "parameters")
        self._parameters = {
            name: each.get("defaultValue", name) if isinstance(each, dict) else each
            for name, each in declared.items()
        }
        self._variables = _object(template, "variables")

    def factory(self) -> Any:
        """The factory's name."""
        names = {name.lower(): value for name, value in self._parameters.items()}
        return names.get(_FACTORY, "factory")

    def parameter(self, name: str) -> Any:
        """A parameter's default, else its name."""
        return named(self._parameters, name, "parameters", "parameter")

    def variable(self, name: str) -> Any:
        """A variable's value."""
        return _evaluated(named(self._variables, name, "variables", "variable"), self)


def _object(template: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = template.get(key)
    return found if isinstance(found, dict) else {}


def _evaluated(value: Any, context: Context) -> Any:
    """The value without the template's own expressions; ``[[`` stands for ``[``."""
    if isinstance(value, dict):
        return {name: _evaluated(each, context) for name, each in value.items()}
    if isinstance(value, list):
        return [_evaluated(each, context) for each in value]
    if not isinstance(value, str) or not (value.startswith("[") and value.endswith("]")):
        return value
    return value[1:] if value.startswith("[[") else parse(f"@{value[1:-1]}").evaluate(context)

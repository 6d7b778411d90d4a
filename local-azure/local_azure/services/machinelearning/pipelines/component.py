"""A component that runs here: a command, or a pipeline of commands; and what each declares.

As it is registered it is read by ``component_spec.py``; nothing here knows its form.
"""

from dataclasses import dataclass, field
from typing import Any

LITERALS = ("string", "number", "integer", "boolean")
DATA = ("uri_file", "uri_folder", "custom_model", "mlflow_model", "triton_model")
"""Models are folders here."""
REGISTRY = "azureml://registries/"
"""How the id of something begins that Azure owns."""


class ComponentError(Exception):
    """A component that can't be read, or that does not run here.

    Attributes:
        path: where in the spec, such as ``jobs.prep.inputs``.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path


@dataclass(frozen=True)
class Declared:
    """An input or output that a component declares.

    Attributes:
        type: one of ``LITERALS`` or ``DATA``.
        optional: whether it may be left out without a default.
        default: a literal's value where none is given.
        enum: the values that a literal may have, if they are listed.
        least: of a number.
        most: of a number.
    """

    type: str
    optional: bool = False
    default: Any = None
    enum: tuple[Any, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Command:
    """A component that runs a command line.

    Attributes:
        code: id of the code asset whose folder it runs in, or "".
        environment: as it is named.
    """

    inputs: dict[str, Declared]
    outputs: dict[str, Declared]
    command: str
    code: str
    environment: str


@dataclass(frozen=True)
class Step:
    """A step of a pipeline.

    Attributes:
        component: id of the command component, or ``<name>:<version>``.
        inputs: a literal, or a binding to an input of the pipeline or an output of a step.
        outputs: bindings to outputs of the pipeline.
        variables: environment variables of its process.
        timeout: seconds, or None for as long as it takes.
    """

    name: str
    component: str
    inputs: dict[str, Any]
    outputs: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    timeout: float | None = None


@dataclass(frozen=True)
class Pipeline:
    """A component that consists of steps, in the order in which they are written."""

    inputs: dict[str, Declared]
    outputs: dict[str, Declared]
    steps: dict[str, Step]


def version_id(family: str, reference: str, workspace_id: str) -> str:
    """The resource id of a component or environment named by it, or as ``<name>:<version>``."""
    reference = reference.removeprefix("azureml:")
    if reference.startswith("/"):
        return reference
    name, _, version = reference.partition(":")
    return f"{workspace_id}/{family}/{name}/versions/{version}"

"""What the documents of a factory refer to: other documents of the same factory, by name."""

from collections.abc import Iterator
from typing import Any, NamedTuple

KINDS = {
    "PipelineReference": "pipelines",
    "LinkedServiceReference": "linkedservices",
    "DatasetReference": "datasets",
    "CredentialReference": "credentials",
    "IntegrationRuntimeReference": "integrationruntimes",
}
"""The folder of a factory that each type of reference points into."""

DEFAULT_RUNTIME = "AutoResolveIntegrationRuntime"
"""The integration runtime that every factory has."""


class Reference(NamedTuple):
    """One reference.

    Attributes:
        path: where it stands, such as ``activities[0].pipeline``.
        folder: what it points to: ``pipelines``, ``linkedservices``, ``datasets``, ``credentials``,
            ``integrationruntimes``, or the type itself where nothing of that type exists here.
        name: the name that it points to; not a string where it is not known yet.
        parameters: what it gives to what it points to.
    """

    path: str
    folder: str
    name: Any
    parameters: Any


def references(document: Any, path: str = "") -> Iterator[Reference]:
    """Every reference in a document, at any depth; the one to the default runtime says nothing."""
    if isinstance(document, dict):
        kind = document.get("type")
        if document.get("referenceName") == DEFAULT_RUNTIME:
            return
        if "referenceName" in document and isinstance(kind, str) and kind.endswith("Reference"):
            given = document.get("parameters", {})
            yield Reference(path, KINDS.get(kind, kind), document["referenceName"], given)
        for key, value in document.items():
            yield from references(value, f"{path}.{key}" if path else key)
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from references(value, f"{path}[{index}]")

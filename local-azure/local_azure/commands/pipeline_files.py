"""Exported documents of a factory, read from files as Data Factory's git layout has them.

Beside a pipeline lie the pipelines that it calls; datasets, linked services and credentials lie in
the folders ``dataset``, ``linkedService`` and ``credential`` beside its folder. An ARM template has
all of them in one file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.commands import factory_template
from local_azure.commands.factory_template import Documents, Template
from local_azure.control_plane import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.references import references

_FOLDERS = ("dataset", "linkedService", "credential")


@dataclass(frozen=True)
class Source:
    """Where a pipeline and those that it calls are read from.

    Attributes:
        file: an exported pipeline, its properties alone, or an ARM template.
        wanted: the pipeline's name, where a template has several.
        called: files of called pipelines, where the files beside it don't tell which is meant.
    """

    file: str
    wanted: str = ""
    called: Sequence[str] = ()


def load(file: str | Path, wanted: str = "") -> Pipeline:
    """The pipeline in a file; see ``Source``.

    Raises:
        LocalAzureError: the file can't be read, or the pipeline can't be run.
    """
    path = Path(file)
    document = _json(path)
    if factory_template.is_template(document):
        found = factory_template.read(path, document).folders["pipelines"]
        pipeline = Pipeline(*_wanted(path, found, wanted))
    elif isinstance(document, dict) and isinstance(document.get("activities"), list):
        pipeline = Pipeline(path.stem, document)
    else:
        pipeline = Pipeline(*_document(path, document))
    return _checked(path, pipeline)


def _wanted(path: Path, pipelines: Mapping[str, Any], name: str) -> tuple[str, Any]:
    if name in pipelines:
        return name, pipelines[name]
    if not name and len(pipelines) == 1:
        return next(iter(pipelines.items()))
    message = (
        f"{path} is an ARM template with the pipelines {', '.join(pipelines) or 'none'}. "
        "Say which is meant by --pipeline NAME."
    )
    raise LocalAzureError(message)


def _checked(file: Path, pipeline: Pipeline) -> Pipeline:
    if wrong := check_definition(pipeline.properties):
        raise LocalAzureError(f"{file} can't be run: {' '.join(wrong)}")
    return pipeline


def folder(source: Source, pipeline: Pipeline) -> Folder:
    """What a pipeline refers to, and what those pipelines refer to that it calls.

    Raises:
        LocalAzureError: a file can't be read, or nothing, or more than one file, has a name.
    """
    path = Path(source.file).resolve()
    beside = _beside(path)
    given = {name: Pipeline(name, each) for name, each in beside.folders["pipelines"].items()}
    given |= {each.name: each for each in map(load, source.called)}
    found: dict[str, Pipeline] = {}
    for name in _called(pipeline):
        _find(name, given, path, found)
    return Folder(
        pipelines={name: each.properties for name, each in found.items()},
        datasets=beside.folders["datasets"],
        linked_services=beside.folders["linkedservices"],
        credentials={
            name: str(properties.get("typeProperties", {}).get("resourceId"))
            for name, properties in beside.folders["credentials"].items()
        },
        name=beside.factory,
    )


def factory_documents(path: Path) -> tuple[Mapping[str, Documents], Mapping[str, Documents]] | None:
    """The pipelines and datasets in a file, and all that lies beside them, by folder and name.

    None where the file holds something else, such as a workflow definition.

    Raises:
        LocalAzureError: the file, or one beside it, can't be read.
    """
    document = _json(path)
    if factory_template.is_template(document):
        folders = factory_template.read(path, document).folders
        return folders, folders
    if not isinstance(document, dict):
        return None
    properties = document.get("properties", document)
    if not isinstance(properties, dict) or not {"activities", "linkedServiceName"} & set(
        properties
    ):
        return None
    folder = "pipelines" if "activities" in properties else "datasets"
    beside = {**_beside(path).folders}
    if path.parent.name == "pipeline":
        beside["pipelines"] = {}
        for name, each in _documents(path.parent):
            # Which of several is meant is not known: it may be given what any of them takes.
            taken = beside["pipelines"].get(name, {}).get("parameters", {})
            declared = {**taken, **each.get("parameters", {})}
            beside["pipelines"][name] = {**each, "parameters": declared}
    return {folder: {path.stem: properties}}, beside


def _beside(path: Path) -> Template:
    """What lies beside a pipeline: in its template, or in the folders of the git layout."""
    if factory_template.is_template(document := _json(path)):
        return factory_template.read(path, document)
    place = path.absolute().parent.parent
    folders = {each.lower() + "s": dict(_documents(place / each)) for each in _FOLDERS}
    factories = [name for name, _ in _documents(place / "factory")]
    return Template(
        factories[0] if len(factories) == 1 else "factory", {"pipelines": {}, **folders}
    )


def _find(name: str, given: dict[str, Pipeline], path: Path, found: dict[str, Pipeline]) -> None:
    """Put a pipeline, and those that it calls, to those that were found."""
    if name in found:
        return
    found[name] = (
        _checked(path, given[name]) if name in given else load(_file_of(name, path.parent))
    )
    for each in _called(found[name]):
        _find(each, given, path, found)


def _called(pipeline: Pipeline) -> Iterator[str]:
    for each in references(pipeline.properties):
        if each.folder == "pipelines":
            yield str(each.name)


def _file_of(name: str, place: Path) -> Path:
    files = [path for path in sorted(place.glob("*.json")) if _name(path) == name]
    if len(files) == 1:
        return files[0]
    names = ", ".join(path.name for path in files) or "none"
    message = (
        f"The pipeline {name!r} is called; files in {place} with that name: {names}. "
        "Say which is meant by --with FILE."
    )
    raise LocalAzureError(message)


def _name(path: Path) -> str:
    """The name of the document in a file; empty where there is none."""
    try:
        return _document(path, _json(path))[0]
    except LocalAzureError:
        return ""


def _documents(place: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(place.glob("*.json")):
        yield _document(path, _json(path))


def _json(path: Path) -> Any:
    try:
        return strict_json.read(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _no_document(path, reason(error)) from None


def _document(path: Path, document: Any) -> tuple[str, dict[str, Any]]:
    try:
        return str(document["name"]), dict(document["properties"])
    except (ValueError, KeyError, TypeError) as error:
        raise _no_document(path, reason(error)) from None


def _no_document(path: Path, why: str) -> LocalAzureError:
    return LocalAzureError(
        f'{path} is no exported document {{"name", "properties"}}, nor an ARM template: {why}'
    )

"""Exported documents of a factory, read from files as Data Factory's git layout has them.

Beside a pipeline lie the pipelines that it calls; datasets, linked services and credentials lie in
the folders ``dataset``, ``linkedService`` and ``credential`` beside its folder. Declined: a whole
factory's ARM template.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from local_azure.control_plane import strict_json
from local_azure.errors import LocalAzureError, reason
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.factory import Pipeline
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.references import references

_FOLDERS = ("dataset", "linkedService", "credential")
Documents = dict[str, dict[str, Any]]


def load(file: str | Path) -> Pipeline:
    """The pipeline in a file: as it is exported, or its properties alone.

    Raises:
        LocalAzureError: the file can't be read, or the pipeline can't be run.
    """
    path = Path(file)
    document = _json(path)
    if isinstance(document, dict) and isinstance(document.get("activities"), list):
        pipeline = Pipeline(path.stem, document)
    else:
        pipeline = Pipeline(*_document(path, document))
    if wrong := check_definition(pipeline.properties):
        raise LocalAzureError(f"{path} can't be run: {' '.join(wrong)}")
    return pipeline


def folder(file: str, called: Sequence[str], pipeline: Pipeline) -> Folder:
    """What a pipeline refers to, and what those pipelines refer to that it calls.

    Args:
        file: the pipeline's.
        called: files of called pipelines, where the files beside it don't tell which is meant.
        pipeline: the pipeline.

    Raises:
        LocalAzureError: a file can't be read, or nothing, or more than one file, has a name.
    """
    path = Path(file).resolve()
    factories = [name for name, _ in _documents(path.parent.parent / "factory")]
    given = {each.name: each for each in map(load, called)}
    found: dict[str, Pipeline] = {}
    for name in _called(pipeline):
        _find(name, given, path, found)
    return Folder(
        {name: each.properties for name, each in found.items()},
        _beside(path),
        name=factories[0] if len(factories) == 1 else "factory",
    )


def factory_documents(path: Path) -> tuple[Mapping[str, Documents], Mapping[str, Documents]] | None:
    """The pipelines and datasets in a file, and all that lies beside them, by folder and name.

    None where the file holds something else, such as a workflow definition.

    Raises:
        LocalAzureError: the file, or one beside it, can't be read.
    """
    document = _json(path)
    if not isinstance(document, dict):
        return None
    properties = document.get("properties", document)
    if not isinstance(properties, dict) or not {"activities", "linkedServiceName"} & set(
        properties
    ):
        return None
    folder = "pipelines" if "activities" in properties else "datasets"
    beside = {"pipelines": {}, **_beside(path)}
    if path.parent.name == "pipeline":
        for name, each in _documents(path.parent):
            # Which of several is meant is not known: it may be given what any of them takes.
            taken = beside["pipelines"].get(name, {}).get("parameters", {})
            declared = {**taken, **each.get("parameters", {})}
            beside["pipelines"][name] = {**each, "parameters": declared}
    return {folder: {path.stem: properties}}, beside


def _beside(path: Path) -> dict[str, Documents]:
    """What lies in the folders beside a pipeline's."""
    place = path.absolute().parent.parent
    return {each.lower() + "s": dict(_documents(place / each)) for each in _FOLDERS}


def _find(name: str, given: dict[str, Pipeline], path: Path, found: dict[str, Pipeline]) -> None:
    """Put a pipeline, and those that it calls, to those that were found."""
    if name in found:
        return
    found[name] = given[name] if name in given else load(_file_of(name, path.parent))
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
        raise LocalAzureError(f"{path} can't be read as JSON: {reason(error)}") from None


def _document(path: Path, document: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(document, dict) and "resources" in document:
        why = "it is an ARM template; put a pipeline of it into a file of its own, as Git mode does"
        raise _no_document(path, why)
    try:
        return str(document["name"]), dict(document["properties"])
    except (ValueError, KeyError, TypeError) as error:
        raise _no_document(path, reason(error)) from None


def _no_document(path: Path, why: str) -> LocalAzureError:
    return LocalAzureError(f'{path} is no exported document {{"name", "properties"}}: {why}')

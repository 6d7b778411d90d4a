"""Exported documents of a factory, read from files as Data Factory's git layout has them.

Beside a pipeline lie the pipelines that it calls; datasets, linked services and credentials lie in
the folders ``dataset``, ``linkedService`` and ``credential`` beside its folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_azure.datafactory.check import check_definition
from local_azure.datafactory.factory import Folder, Pipeline
from local_azure.datafactory.references import references
from local_azure.errors import LocalAzureError, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def load(file: str | Path) -> Pipeline:
    """The pipeline in a file.

    Raises:
        LocalAzureError: the file can't be read, or the pipeline can't be run.
    """
    pipeline = Pipeline(*_document(Path(file)))
    if wrong := check_definition(pipeline.properties):
        message = f"{file} can't be run: {' '.join(wrong)}"
        raise LocalAzureError(message)
    return pipeline


def folder(file: str, pipeline: Pipeline, chosen: Sequence[str]) -> Folder:
    """What a pipeline refers to, and what those pipelines refer to that it calls.

    Args:
        file: where the pipeline lies.
        pipeline: what lies there.
        chosen: files of called pipelines, where the files beside it don't tell which is meant.

    Raises:
        LocalAzureError: a file can't be read, or nothing, or more than one file, has a name.
    """
    place = Path(file).resolve().parent
    given = {each.name: each for each in map(load, chosen)}
    found: dict[str, Pipeline] = {}
    for name in _called(pipeline):
        _find(name, given, place, found)
    credentials = dict(_documents(place.parent / "credential"))
    return Folder(
        pipelines={name: each.properties for name, each in found.items()},
        datasets=dict(_documents(place.parent / "dataset")),
        linked_services=dict(_documents(place.parent / "linkedService")),
        credentials={
            name: str(properties.get("typeProperties", {}).get("resourceId"))
            for name, properties in credentials.items()
        },
    )


def _find(name: str, given: dict[str, Pipeline], place: Path, found: dict[str, Pipeline]) -> None:
    """Put a pipeline, and those that it calls, to those that were found."""
    if name in found:
        return
    found[name] = given.get(name) or load(_file_of(name, place))
    for each in _called(found[name]):
        _find(each, given, place, found)


def _called(pipeline: Pipeline) -> Iterator[str]:
    for each in references(pipeline.properties):
        if each.folder == "pipelines":
            yield str(each.name)


def _file_of(name: str, place: Path) -> Path:
    files = [path for path in sorted(place.glob("*.json")) if _document(path)[0] == name]
    if len(files) == 1:
        return files[0]
    names = ", ".join(path.name for path in files) or "none"
    message = (
        f"The pipeline {name!r} is called; files in {place} with that name: {names}. "
        "Say which is meant by --with FILE."
    )
    raise LocalAzureError(message)


def _documents(place: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(place.glob("*.json")):
        yield _document(path)


def _document(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        document = json.loads(path.read_text("utf-8"))
        return str(document["name"]), dict(document["properties"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f'{path} is no exported document {{"name", "properties"}}: {reason(error)}'
        raise LocalAzureError(message) from None

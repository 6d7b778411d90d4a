"""Packs each pipeline of `adf_templates/` as a .zip that Data Factory Studio imports.

``python -m tools.adf_templates`` writes them to `build/`. A .zip holds what the public gallery's
templates hold: a Resource Manager template with the pipeline, the pipelines that it calls and the
datasets that it uses, and `manifest.json`, which names the linked services that the importer is
asked for. That Studio takes them is UNVERIFIED: the form was read off the gallery's repository
(Azure/Azure-DataFactory), whose manifests also have a picture.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from components.data_factory.pipelines import DATASETS, PIPELINES

Json = dict[str, Any]

BUILD = Path(__file__).resolve().parent.parent / "build"
_SCHEMA = "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#"
_API_VERSION = "2018-06-01"
_BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)
"""The same files make the same .zip."""


def names() -> list[str]:
    """The files of `adf_templates/pipeline/`, without `.json`."""
    return sorted(path.stem for path in PIPELINES.glob("*.json"))


def archive(name: str) -> bytes:
    """The .zip of one pipeline.

    Args:
        name: its file, without `.json`.
    """
    content = {f"{name}.json": template(name), "manifest.json": manifest(name)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path, document in content.items():
            entry = zipfile.ZipInfo(path, _BEGINNING_OF_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, json.dumps(document, indent=4, ensure_ascii=False))
    return packed.getvalue()


def template(name: str) -> Json:
    """The Resource Manager template: the pipeline after all that it refers to."""
    datasets, pipelines = _datasets(name), _pipelines(name)
    strings = {"factoryName": {"type": "string", "metadata": "Data Factory name"}}
    strings |= {service: {"type": "string"} for service in _linked_services(datasets)}
    return {
        "$schema": _SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": strings,
        "variables": {
            "factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"
        },
        "resources": [
            *(_resource("datasets", each) for each in datasets),
            *(_resource("pipelines", each) for each in pipelines),
        ],
    }


def manifest(name: str) -> Json:
    """What the importer shows and asks for."""
    pipeline = _load(PIPELINES, name)
    activities = {each["type"] for each in _inside(pipeline) if "typeProperties" in each}
    return {
        "name": name,
        "description": pipeline["properties"]["description"],
        "icons": sorted(activities),
        "requires": {
            "linkedservices": {
                service: {"supportTypes": ["AzureBlobStorage"]}
                for service in _linked_services(_datasets(name))
            }
        },
        "annotations": [],
        "services": ["Azure Machine Learning"],
        "categories": ["AI Machine Learning"],
    }


def _resource(folder: str, document: Json) -> Json:
    properties = _escaped(document["properties"])
    if folder == "datasets":
        service = properties["linkedServiceName"]
        service["referenceName"] = f"[parameters('{service['referenceName']}')]"
    return {
        "name": f"[concat(parameters('factoryName'), '/{document['name']}')]",
        "type": f"Microsoft.DataFactory/factories/{folder}",
        "apiVersion": _API_VERSION,
        "properties": properties,
        "dependsOn": [
            f"[concat(variables('factoryId'), '/{there}/{referred}')]"
            for there, referred in _references(document)
        ],
    }


def _references(document: Json) -> list[tuple[str, str]]:
    """What a document needs in the factory: folder and name."""
    folders = {"PipelineReference": "pipelines", "DatasetReference": "datasets"}
    found = {
        (folders[each["type"]], each["referenceName"])
        for each in _inside(document)
        if each.get("type") in folders and "referenceName" in each
    }
    return sorted(found)


def _pipelines(name: str) -> list[Json]:
    """A pipeline after those that it calls."""
    pipeline = _load(PIPELINES, name)
    called = [_file_of(each, name) for there, each in _references(pipeline) if there == "pipelines"]
    return [*(inner for each in called for inner in _pipelines(each)), pipeline]


def _datasets(name: str) -> list[Json]:
    used = {
        each
        for pipeline in _pipelines(name)
        for there, each in _references(pipeline)
        if there == "datasets"
    }
    return [_load(DATASETS, each) for each in sorted(used)]


def _linked_services(datasets: list[Json]) -> list[str]:
    return sorted({each["properties"]["linkedServiceName"]["referenceName"] for each in datasets})


def _file_of(pipeline: str, caller: str) -> str:
    """The file of a pipeline that another one calls: of two variants the caller's own."""
    variant = caller.endswith("-SP")
    files = [each for each in names() if _load(PIPELINES, each)["name"] == pipeline]
    return next(each for each in files if each.endswith("-SP") == variant)


def _load(folder: Path, name: str) -> Json:
    document: Json = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return document


def _inside(value: Any) -> Iterator[Json]:
    """Every object in a document, the document itself first."""
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _inside(each)


def _escaped(value: Any) -> Any:
    """The value with texts as they are: one that begins with a bracket is no expression."""
    if isinstance(value, dict):
        return {key: _escaped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    return f"[{value}" if isinstance(value, str) and value.startswith("[") else value


def main() -> None:
    """Write all of them."""
    BUILD.mkdir(exist_ok=True)
    for name in names():
        path = BUILD / f"{name}.zip"
        path.write_bytes(archive(name))
        print(path.relative_to(BUILD.parent))


if __name__ == "__main__":
    main()

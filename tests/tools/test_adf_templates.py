"""The .zip files for Data Factory Studio."""

import io
import json
import zipfile
from typing import Any

import pytest

from components.data_factory.pipelines import PIPELINES
from tools.adf_templates import archive, manifest, names, template

NAMES = pytest.mark.parametrize("name", names())


def resources(name: str) -> dict[str, dict[str, Any]]:
    """What a template makes, by folder and name."""
    return {
        f"{each['type'].rsplit('/', 1)[1]}/{each['name'].split('/')[1].split(chr(39))[0]}": each
        for each in template(name)["resources"]
    }


@NAMES
def test_an_archive_holds_the_template_and_the_manifest(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(name))) as packed:
        assert packed.namelist() == [f"{name}.json", "manifest.json"]
        assert json.loads(packed.read(f"{name}.json")) == template(name)
        assert json.loads(packed.read("manifest.json")) == manifest(name)


@NAMES
def test_the_same_files_make_the_same_archive(name: str) -> None:
    assert archive(name) == archive(name)


@NAMES
def test_a_pipeline_is_packed_as_it_lies(name: str) -> None:
    document = json.loads((PIPELINES / f"{name}.json").read_text("utf-8"))
    packed = resources(name)[f"pipelines/{document['name']}"]
    assert packed["properties"] == document["properties"]


@NAMES
def test_all_that_a_pipeline_needs_is_in_its_archive_before_it(name: str) -> None:
    made: set[str] = set()
    for key, each in resources(name).items():
        needed = {text.split("'")[3].removeprefix("/") for text in each["dependsOn"]}
        assert needed <= made, key
        made.add(key)


def test_each_variant_brings_the_pipeline_that_it_calls() -> None:
    signing_in = resources("Score-Folder-SP")["pipelines/Run-BatchEndpoint"]["properties"]
    itself = resources("Score-Folder")["pipelines/Run-BatchEndpoint"]["properties"]
    assert "client_secret" in signing_in["parameters"]
    assert "client_secret" not in itself["parameters"]


def test_the_importer_is_asked_for_each_account() -> None:
    asked = manifest("Copy-Score-Copy")["requires"]["linkedservices"]
    assert list(asked) == ["DestinationStorage", "InputStorage", "OutputStorage", "SourceStorage"]
    assert set(asked) < set(template("Copy-Score-Copy")["parameters"])
    source = resources("Copy-Score-Copy")["datasets/SourceFiles"]["properties"]
    assert source["linkedServiceName"]["referenceName"] == "[parameters('SourceStorage')]"


def test_a_pipeline_without_data_asks_for_nothing() -> None:
    assert manifest("Run-BatchEndpoint-MI")["requires"] == {"linkedservices": {}}
    assert manifest("Run-BatchEndpoint-MI")["icons"] == [
        "Fail",
        "IfCondition",
        "SetVariable",
        "Until",
        "Wait",
        "WebActivity",
    ]

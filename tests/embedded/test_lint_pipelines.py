"""``lint`` for a data factory's documents: pipelines, datasets, and what they refer to."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from tests import PROJECT

TEMPLATES = PROJECT / "adf_templates"
COPY = json.loads((TEMPLATES / "pipeline" / "Copy-Then-Score.json").read_text())
INPUTS = json.loads((TEMPLATES / "dataset" / "InputFiles.json").read_text())

Json = dict[str, Any]


def changed(document: Json, path: str, value: Any) -> Json:
    """The document with another value at a path, or without what is there."""
    found = copy.deepcopy(document)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place: Any = found["properties"]
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return found


def linted(folder: Path, kind: str, document: Json) -> int:
    """The exit code for a document in the place of the template of its name."""
    for path in TEMPLATES.glob("*/*.json"):
        place = folder / path.parent.name
        place.mkdir(exist_ok=True)
        (place / path.name).write_text(path.read_text())
    file = folder / kind / f"{document['name']}.json"
    file.write_text(json.dumps(document))
    return cli.main(["lint", str(file), "--json"])


STRING = {"type": "string"}
COPIES = "activities/0/inputs/0"
CALLS = "activities/1/typeProperties"
FOLDER = "typeProperties/location/folderPath/value"
FODLER = "no parameter 'fodler' is declared"
IN_COPY: list[tuple[str, Any, str, str]] = [
    ("activities/0/type", "Databricks", "refused", "Activity 'Copy inputs'"),
    (f"{COPIES}/parameters/folder", "@pipeline().parameters.fodler", "refused", FODLER),
    (
        f"{CALLS}/pipeline/referenceName",
        "Score",
        "missing-document",
        "there is no 'Score' among Copy-Score-Copy",
    ),
    (
        f"{COPIES}/referenceName",
        "Sources",
        "missing-document",
        "there is no 'Sources' among DestinationFiles",
    ),
    (
        f"{COPIES}/parameters/folder",
        ...,
        "missing-parameter",
        "it is not given 'folder', which has no default",
    ),
    (
        f"{CALLS}/parameters/endpoint",
        "x",
        "undeclared-parameter",
        "it is given 'endpoint', and takes endpoint_uri",
    ),
    ("parameters/more", STRING, "unused-parameter", "Parameter 'more'"),
    ("variables", {"v": {"type": "String"}}, "unused-variable", "Variable 'v'"),
]
IN_INPUTS: list[tuple[str, Any, str, str]] = [
    ("parameters/more", STRING, "unused-parameter", "'more'"),
    (FOLDER, "@dataset().fodler", "refused", FODLER),
    (FOLDER, "@concatt('a')", "refused", "concatt"),
]
CASES = [
    *(("pipeline", changed(COPY, path, value), *told) for path, value, *told in IN_COPY),
    *(("dataset", changed(INPUTS, path, value), *told) for path, value, *told in IN_INPUTS),
]


@pytest.mark.parametrize(("kind", "document", "rule", "said"), CASES)
def test_a_mistake_in_a_pipeline_or_a_dataset_is_found(
    tmp_path: Path,
    kind: str,
    document: Json,
    rule: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert linted(tmp_path, kind, document) == 1

    found = json.loads(capsys.readouterr().out)
    assert [each for each in found if each["rule"] == rule and said in json.dumps(each)], found


def test_every_template_is_free_of_findings(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in sorted(TEMPLATES.glob("*/*.json"))]

    assert cli.main(["lint", *files]) == 0
    assert capsys.readouterr().out == f"Nothing found in {len(files)} file(s).\n"

"""Component files: what is read from them, and what is registered."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.machine_learning.pipeline_components.files import (
    ComponentFileError,
    command_spec,
    pipeline_spec,
    read_pipeline,
)

DATA = "${{parent.inputs.data}}"
OUT = "${{parent.outputs.out}}"
DATE = date(2026, 6, 1)
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "diamonds" / "pipeline.yml"


PREPARE = {
    "inputs": {
        "data": {"type": "uri_folder"},
        "coding": {"type": "string", "optional": True, "default": "ordinal"},
        "share": {"type": "number", "default": 0.3, "min": 0, "max": 1},
        "keep": {"type": "boolean", "default": True},
        "top": {"type": "integer", "optional": True, "enum": [1, 2]},
        "model": {"type": "mlflow_model", "optional": True},
    },
    "outputs": {"ready": {"type": "uri_folder", "mode": "upload"}, "extra": {"type": "uri_file"}},
    "command": "run ${{inputs.data}} $[[--top ${{inputs.top}}]] ${{outputs.ready.path}}",
}
"""What the step of the tests declares; public examples have each of these."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pipeline of one step."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "run.py").touch()
    _write(tmp_path / "pipeline.yml", _pipeline())
    _write(tmp_path / "step.yml", _step())
    return tmp_path


def _pipeline(**job: Any) -> dict[str, Any]:
    one = {"component": "./step.yml", "inputs": {"data": DATA}, **job}
    return {
        "type": "pipeline",
        "inputs": {"data": {"type": "uri_folder"}},
        "outputs": {},
        "jobs": {"one": one},
    }


def _with(side: str, port: Any) -> dict[str, Any]:
    """A pipeline with a further input or output."""
    told = _pipeline()
    return {**told, side: {**told[side], "x": port}}


def _inputs(**more: Any) -> dict[str, Any]:
    return _pipeline(inputs={"data": DATA, **more})


def _step(**changes: Any) -> dict[str, Any]:
    told = {"type": "command", **PREPARE, "code": "./code", "environment": {"image": "i:1"}}
    return {**told, **changes}


def _command(line: str) -> dict[str, Any]:
    return _step(command=line)


def _write(path: Path, told: Any) -> None:
    path.write_text(yaml.safe_dump(told), encoding="utf-8")


def _registered(folder: Path, pipeline: Any) -> dict[str, Any]:
    _write(folder / "pipeline.yml", pipeline)
    return pipeline_spec(read_pipeline(folder / "pipeline.yml"), {"one": "/one"})


def test_a_steps_code_and_image_are_named_beside_its_file() -> None:
    step = read_pipeline(SAMPLE).steps["price"]
    assert step.code == SAMPLE.parent / "code"
    assert step.image == "mcr.microsoft.com/azureml/curated/sklearn-1.5:49"


def test_a_step_is_registered_by_the_ids_of_its_code_and_environment() -> None:
    spec = command_spec(read_pipeline(SAMPLE).steps["price"], "/environments/1", "/codes/1")
    assert (spec["code"], spec["environment"]) == ("azureml:/codes/1", "azureml:/environments/1")
    assert spec["command"] == "python price.py ${{inputs.clean}} ${{outputs.predictions}}"


def test_a_steps_conda_file_is_read_beside_its_file(folder: Path) -> None:
    (folder / "conda.yml").write_text("dependencies: [pip]")
    _write(folder / "step.yml", _step(environment={"image": "i:1", "conda_file": "conda.yml"}))

    step = read_pipeline(folder / "pipeline.yml").steps["one"]

    assert (step.image, step.conda_file) == ("i:1", "dependencies: [pip]")


def test_a_pipeline_is_registered_by_the_ids_of_its_steps() -> None:
    spec = pipeline_spec(read_pipeline(SAMPLE), {"clean": "/clean", "price": "/price"})
    assert spec["jobs"]["price"] == {
        "type": "command",
        "componentId": "/price",
        "inputs": {
            "clean": {
                "job_input_type": "literal",
                "value": "${{parent.jobs.clean.outputs.clean}}",
            }
        },
        "outputs": {"predictions": {"type": "literal", "value": "${{parent.outputs.predictions}}"}},
    }


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        ("text", {"value": "text", "job_input_type": "literal"}),
        (5, {"value": "5", "job_input_type": "literal"}),
        (DATA, {"value": DATA, "job_input_type": "literal"}),
        ({"path": DATA}, {"value": DATA, "job_input_type": "literal"}),
        (
            {"type": "uri_folder", "mode": "ro_mount", "path": DATA},
            {"value": DATA, "job_input_type": "literal", "mode": "ReadOnlyMount"},
        ),
        (
            {"mode": "download", "path": DATA},
            {"value": DATA, "job_input_type": "literal", "mode": "Download"},
        ),
    ],
    ids=str,
)
def test_a_steps_input_is_registered_as_azure_ai_ml_does(
    folder: Path, told: Any, registered: dict[str, Any]
) -> None:
    """The forms were made by azure-ai-ml 1.35.2, as those of the next two tests."""
    name = "data" if "value" in registered and registered["value"] == DATA else "coding"
    job = _registered(folder, _inputs(**{name: told}))["jobs"]["one"]
    assert job["inputs"][name] == registered


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        (OUT, {"value": OUT, "type": "literal"}),
        (
            {"mode": "upload", "path": OUT},
            {"value": OUT, "type": "literal", "mode": "Upload"},
        ),
        (
            {"type": "uri_folder", "mode": "rw_mount", "path": OUT},
            {"value": OUT, "type": "literal", "mode": "ReadWriteMount"},
        ),
    ],
    ids=str,
)
def test_a_steps_output_is_registered_as_azure_ai_ml_does(
    folder: Path, told: Any, registered: dict[str, Any]
) -> None:
    pipeline = {**_pipeline(outputs={"ready": told, "extra": None})}
    pipeline["outputs"] = {"out": {"type": "uri_folder", "mode": "upload"}}
    spec = _registered(folder, pipeline)
    assert spec["jobs"]["one"]["outputs"] == {"ready": registered}
    assert spec["outputs"] == pipeline["outputs"]


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        (
            {"outputs": {"ready": {"mode": "upload"}}},
            {"outputs": {"ready": {"mode": "Upload", "job_output_type": "uri_folder"}}},
        ),
        (
            {"limits": {"timeout": 300}},
            {"limits": {"timeout": "PT300S", "job_limits_type": "Command"}},
        ),
        ({"environment_variables": {"A": "b"}}, {"environment_variables": {"A": "b"}}),
        ({"resources": {"instance_count": 2}}, {"resources": {"instance_count": 2}}),
        ({"comment": "c", "type": "command"}, {"comment": "c", "type": "command"}),
    ],
    ids=str,
)
def test_what_else_a_step_says_is_registered_as_azure_ai_ml_does(
    folder: Path, told: dict[str, Any], registered: dict[str, Any]
) -> None:
    job = _registered(folder, _pipeline(**told))["jobs"]["one"]
    assert {key: job[key] for key in registered} == registered


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        ({"type": "integer", "default": 1, "min": 0}, {"default": "1", "min": "0"}),
        ({"type": "boolean", "default": True}, {"default": "True"}),
        ({"type": "string", "enum": ["a"], "default": "a", "optional": True}, {"enum": ["a"]}),
        ({"type": "string", "default": 5}, {"default": "5"}),
        ({"type": "uri_folder", "mode": "download", "optional": True}, {"mode": "download"}),
        ({"type": "custom_model"}, {"type": "custom_model"}),
    ],
    ids=str,
)
def test_what_is_declared_is_registered_with_texts(
    folder: Path, told: dict[str, Any], registered: dict[str, Any]
) -> None:
    port = _registered(folder, _with("inputs", told))["inputs"]["x"]
    assert port == {**told, **registered}


@pytest.mark.parametrize("name", ["step.yml", "./step.yml", "../tmp/step.yml"])
def test_a_steps_file_lies_anywhere_in_the_project(folder: Path, name: str) -> None:
    (folder / "Pulumi.yaml").touch()
    (folder / "deployed").mkdir()
    (folder / "tmp").mkdir()
    (folder / "code").rename(folder / "shared")
    _write(folder / "deployed" / "pipeline.yml", _pipeline(component=name))
    for place in ("deployed", "tmp"):
        _write(folder / place / "step.yml", _step(code="../shared"))

    steps = read_pipeline(folder / "deployed" / "pipeline.yml").steps

    assert steps["one"].code == folder / "shared"


BROKEN: dict[str, list[tuple[Any, str]]] = {
    "pipeline.yml": [
        ({"type": "command"}, "pipeline.yml: type: accepted: pipeline"),
        (["x"], "pipeline.yml: type: accepted: pipeline"),
        ({"type": "pipeline"}, "pipeline.yml: jobs: accepted"),
        ({"type": "pipeline", "jobs": ["one"]}, "jobs: accepted: an object"),
        ({**_pipeline(), "settings": {}}, "settings: accepted: only $schema"),
        ({**_pipeline(), "inputs": ["data"]}, "inputs: accepted: an object"),
        ({**_pipeline(), "tags": {"at": DATE}}, "dates in quotes"),
        ({**_pipeline(), "tags": {"at": float("nan")}}, "accepted: texts, numbers"),
        *[
            (_with("inputs", port), f"inputs.x{key}: accepted: {said}")
            for port, key, said in (
                ("append", "", "an object such as {type: uri_folder} whose type is one of"),
                (42, "", "an object"),
                (None, "", "an object"),
                (["a"], "", "an object"),
                ({}, "", "an object"),
                ({"type": "mltable"}, "", "an object"),
                ({"type": "uri_folder", "path": "./data"}, ".path", "only type"),
                ({"type": "uri_folder", "default": "x"}, ".default", "only type"),
                ({"type": "uri_folder", "mode": "upload"}, ".mode", "one of ro_mount"),
                ({"type": "string", "mode": "direct"}, ".mode", "only type"),
                ({"type": "integer", "default": 0.5}, ".default", "a value of type integer"),
                ({"type": "integer", "default": 9, "max": 5}, ".default", "5 or less"),
                ({"type": "number", "default": "much"}, ".default", "a value of type number"),
                ({"type": "boolean", "default": "perhaps"}, ".default", "a value of type boolean"),
                ({"type": "string", "enum": "ab"}, ".enum", "a list"),
                ({"type": "string", "enum": ["a"], "default": "b"}, ".default", "one of a"),
                ({"type": "string", "min": 1}, ".min", "nothing"),
                ({"type": "string", "optional": "yes"}, ".optional", "true or false"),
            )
        ],
        (_with("inputs", {"type": "string"} | {"x y": 1}), "inputs.x.x y"),
        (_with("outputs", {"type": "string"}), "outputs.x: accepted: an object"),
        (_with("outputs", {"type": "uri_file"}), "exactly one step that writes it"),
        (_pipeline(component="azureml:x:1"), "jobs.one.component: accepted"),
        (_pipeline(component={"type": "command"}), "jobs.one.component: accepted"),
        (_pipeline(component="./../step.yml"), "this project's own folder"),
        (_pipeline(component="./gone.yml"), "gone.yml: accepted: a file with YAML"),
        (_pipeline(type="parallel"), "jobs.one.type: accepted: command"),
        (_pipeline(compute="azureml:cpu"), "jobs.one.compute: accepted: only type"),
        (_pipeline(limits={"timeout": "5m"}), "limits.timeout: accepted: seconds"),
        (_pipeline(environment_variables={"A": 1}), "variables.A: accepted: a text"),
        (_pipeline(inputs=["data"]), "jobs.one.inputs: accepted: an object"),
        (_pipeline(inputs={}), "inputs.data: accepted: a value or a binding"),
        (_inputs(other="x"), "inputs.other: accepted: other: it is not declared"),
        *[
            (_inputs(**{name: value}), f"jobs.one.inputs.{key}: accepted: {said}")
            for name, value, key, said in (
                ("coding", None, "coding", "a value, ${{parent.inputs"),
                ("coding", ["a"], "coding", "a value, ${{parent.inputs"),
                ("coding", "a ${{parent.inputs.data}}", "coding", "${{parent.inputs"),
                ("coding", DATA, "coding", "a string; it is bound to a uri_folder"),
                ("data", "${{inputs.data}}", "data", "${{parent.inputs"),
                ("data", "${{parent.inputs.none}}", "data", "none: it is not declared"),
                ("data", "${{parent.jobs.two.outputs.x}}", "data", "an output of a step"),
                ("data", "azureml:heart:1", "data", "a binding, because it is a uri_folder"),
                (
                    "model",
                    {"type": "mlflow_model", "path": "azureml:m@latest"},
                    "model.path",
                    "${{",
                ),
                ("data", {"type": "uri_folder", "path": "./data"}, "data.path", "${{parent"),
                ("data", {"path": DATA, "mode": "upload"}, "data.mode", "one of ro_mount"),
                ("data", {"type": "string", "path": DATA}, "data.type", "one of uri_file"),
                ("coding", {"value": "x"}, "coding.value", "only type, mode, path"),
                ("share", 2, "share", "1 or less"),
                ("share", "much", "share", "a value of type number"),
                ("top", 3, "top", "one of 1, 2"),
                ("keep", "perhaps", "keep", "a value of type boolean"),
            )
        ],
        (_pipeline(outputs={"ready": "x"}), "outputs.ready: accepted: ${{parent.out"),
        (_pipeline(outputs={"none": None}), "outputs.none: accepted: none: it is"),
        (_pipeline(outputs={"ready": OUT}), "outputs.ready: accepted: out: it is"),
        (
            _pipeline(outputs={"ready": {"path": "azureml://datastores/d/paths/x"}}),
            "outputs.ready.path: accepted: ${{parent.outputs",
        ),
        (
            _inputs(data="${{parent.jobs.one.outputs.ready}}"),
            "jobs: accepted: steps that don't wait for each other",
        ),
    ],
    "step.yml": [
        (_step(type="parallel"), "step.yml: type: accepted: command"),
        (_step(distribution={"type": "pytorch"}), "step.yml: distribution: accepted"),
        (_step(environment=None), "step.yml: environment: accepted"),
        (_step(environment="azureml:e@latest"), "step.yml: environment: accepted"),
        (
            _step(environment={"image": "i:1", "conda_file": "gone.yml"}),
            "such as ./conda.yml; it can't be read",
        ),
        (
            _step(environment={"image": "i:1", "conda_file": "../c.yml"}),
            "step.yml: environment.conda_file: accepted: something in this project's own folder",
        ),
        (
            _step(environment={"image": "i:1", "build": "."}),
            "step.yml: environment.build: accepted: only image, conda_file",
        ),
        (_step(code="./gone"), "step.yml: code: accepted: a folder with files"),
        (_step(code="./../.."), "step.yml: code: accepted"),
        (_step(code="git+https://example.com"), "step.yml: code: accepted"),
        (_step(command=None), "step.yml: command: accepted: the command line"),
        (_command("run ${{inputs.none}}"), "command: accepted: inputs.none: it names"),
        (_command("run ${{parent.x}}"), "command: accepted: parent.x: it names only"),
        (_command("run ${{inputs.top}}"), "command: accepted: $[[…]] around inputs.top"),
        (_step(inputs={"data": "uri_folder"}), "step.yml: inputs.data: accepted"),
    ],
}


@pytest.mark.parametrize(
    ("file", "told", "said"),
    [(file, told, said) for file, cases in BROKEN.items() for told, said in cases],
)
def test_a_file_that_can_not_be_registered_is_told_by_name_and_key(
    folder: Path, file: str, told: Any, said: str
) -> None:
    _write(folder / file, told)

    with pytest.raises(ComponentFileError) as error:
        read_pipeline(folder / "pipeline.yml")

    assert said in str(error.value)


def test_code_that_can_not_be_uploaded_is_told(folder: Path) -> None:
    (folder / "code" / "link").symlink_to(folder / "step.yml")

    with pytest.raises(ComponentFileError, match=r"step.yml: code: .*link is a symbolic link"):
        read_pipeline(folder / "pipeline.yml")


def test_an_optional_input_is_bound_to_optional_ones_alone(folder: Path) -> None:
    pipeline = {**_pipeline(), "inputs": {"data": {"type": "uri_folder", "optional": True}}}

    with pytest.raises(ComponentFileError, match=r"jobs.one.inputs.data: accepted: an input that"):
        _registered(folder, pipeline)


@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe\x00", b"a: b: c", b"a: 2026-99-99", b"[" * 1000]
)
def test_what_is_no_yaml_is_told(folder: Path, content: bytes) -> None:
    (folder / "step.yml").write_bytes(content)

    with pytest.raises(ComponentFileError, match=r"step.yml: accepted: "):
        read_pipeline(folder / "pipeline.yml")

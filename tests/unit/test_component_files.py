"""Component files: what is read from them, and what is registered."""

import re
from collections.abc import Callable
from functools import partial
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
from tests.cases import cases_beside

DATA = "${{parent.inputs.data}}"
OUT = "${{parent.outputs.out}}"
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
            "clean": {"job_input_type": "literal", "value": "${{parent.jobs.clean.outputs.clean}}"}
        },
        "outputs": {"predictions": {"type": "literal", "value": "${{parent.outputs.predictions}}"}},
    }


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        ("text", {"value": "text"}),
        (5, {"value": "5"}),
        (DATA, {"value": DATA}),
        ({"path": DATA}, {"value": DATA}),
        (
            {"type": "uri_folder", "mode": "ro_mount", "path": DATA},
            {"value": DATA, "mode": "ReadOnlyMount"},
        ),
        ({"mode": "download", "path": DATA}, {"value": DATA, "mode": "Download"}),
    ],
    ids=str,
)
def test_a_steps_input_is_registered_as_azure_ai_ml_does(
    folder: Path, told: Any, registered: dict[str, Any]
) -> None:
    """The forms were made by azure-ai-ml 1.35.2, as those of the next two tests."""
    name = "data" if registered["value"] == DATA else "coding"
    job = _registered(folder, _inputs(**{name: told}))["jobs"]["one"]
    assert job["inputs"][name] == {"job_input_type": "literal", **registered}


@pytest.mark.parametrize(
    ("told", "registered"),
    [
        (OUT, {}),
        ({"mode": "upload", "path": OUT}, {"mode": "Upload"}),
        ({"type": "uri_folder", "mode": "rw_mount", "path": OUT}, {"mode": "ReadWriteMount"}),
    ],
    ids=str,
)
def test_a_steps_output_is_registered_as_azure_ai_ml_does(
    folder: Path, told: Any, registered: dict[str, Any]
) -> None:
    pipeline = {**_pipeline(outputs={"ready": told, "extra": None})}
    pipeline["outputs"] = {"out": {"type": "uri_folder", "mode": "upload"}}
    spec = _registered(folder, pipeline)
    bound = {"value": OUT, "type": "literal", **registered}
    assert spec["jobs"]["one"]["outputs"] == {"ready": bound}
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


BROKEN = cases_beside(__file__, "component_files")
MADE: dict[str, Callable[[Any], Any]] = {
    "file": lambda told: told,
    "pipeline": lambda told: _pipeline() | told,
    "job": lambda told: _pipeline(**told),
    "job_inputs": lambda told: _inputs(**told),
    "inputs": partial(_with, "inputs"),
    "outputs": partial(_with, "outputs"),
    "step": lambda told: _step(**told),
}


@pytest.mark.parametrize(
    ("part", "said"), [(part, said) for part, told in BROKEN.items() for said in told]
)
def test_a_file_that_can_not_be_registered_is_told_by_name_and_key(
    folder: Path, part: str, said: str
) -> None:
    file = "step.yml" if part == "step" else "pipeline.yml"
    for told in BROKEN[part][said]:
        _write(folder / file, MADE[part](told))
        with pytest.raises(ComponentFileError, match=re.escape(said)):
            read_pipeline(folder / "pipeline.yml")


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


def test_aliases_of_aliases_that_stand_for_more_than_anybody_writes_are_told(folder: Path) -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 7)]
    text = "\n".join(["type: command", "l0: &l0 [a]", *levels])
    (folder / "step.yml").write_text(text)

    with pytest.raises(ComponentFileError, match=r"step.yml: .* has more than 100000 parts"):
        read_pipeline(folder / "pipeline.yml")

"""Component files: what is read from them, and what is registered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.component_files import (
    ComponentFileError,
    command_spec,
    pipeline_spec,
    read_pipeline,
)

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "diamonds" / "pipeline.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pipeline of one step."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "run.py").touch()
    _write(tmp_path / "pipeline.yml", _pipeline())
    _write(tmp_path / "step.yml", _step())
    return tmp_path


def _pipeline(**job: Any) -> dict[str, Any]:
    return {"type": "pipeline", "jobs": {"one": {"component": "./step.yml", **job}}}


def _step(**changes: Any) -> dict[str, Any]:
    told = {"type": "command", "command": "true", "code": "./code", "environment": {"image": "i:1"}}
    return {**told, **changes}


def _write(path: Path, told: Any) -> None:
    path.write_text(yaml.safe_dump(told), encoding="utf-8")


def test_a_steps_code_and_image_are_named_beside_its_file() -> None:
    step = read_pipeline(SAMPLE).steps["price"]
    assert step.code == SAMPLE.parent / "code"
    assert step.image == "mcr.microsoft.com/azureml/curated/sklearn-1.5:latest"


def test_a_step_is_registered_by_the_ids_of_its_code_and_environment() -> None:
    spec = command_spec(read_pipeline(SAMPLE).steps["price"], "/environments/1", "/codes/1")
    assert (spec["code"], spec["environment"]) == ("azureml:/codes/1", "azureml:/environments/1")
    assert spec["command"] == "python price.py ${{inputs.clean}} ${{outputs.predictions}}"


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


def test_a_number_is_registered_as_a_text(folder: Path) -> None:
    _write(folder / "pipeline.yml", _pipeline(inputs={"rate": 0.5}))
    spec = pipeline_spec(read_pipeline(folder / "pipeline.yml"), {"one": "/one"})
    assert spec["jobs"]["one"]["inputs"]["rate"]["value"] == "0.5"


@pytest.mark.parametrize(
    ("file", "told", "said"),
    [
        ("pipeline.yml", {"type": "command"}, "pipeline.yml: type: accepted: pipeline"),
        ("pipeline.yml", ["x"], "pipeline.yml: type: accepted: pipeline"),
        ("pipeline.yml", {"type": "pipeline"}, "pipeline.yml: jobs: accepted"),
        ("pipeline.yml", _pipeline(component="azureml:x:1"), "jobs.one.component: accepted"),
        ("pipeline.yml", _pipeline(component="./../step.yml"), "this file's own folder"),
        ("pipeline.yml", _pipeline(component="./gone.yml"), "gone.yml: accepted: a file with YAML"),
        ("step.yml", _step(type="parallel"), "step.yml: type: accepted: command"),
        ("step.yml", _step(environment=None), "step.yml: environment: accepted"),
        ("step.yml", _step(code="./gone"), "step.yml: code: accepted: a folder with files"),
        ("step.yml", _step(code="./../.."), "step.yml: code: accepted"),
    ],
)
def test_a_file_that_is_no_component_is_told_by_name_and_key(
    folder: Path, file: str, told: Any, said: str
) -> None:
    _write(folder / file, told)

    with pytest.raises(ComponentFileError) as error:
        read_pipeline(folder / "pipeline.yml")

    assert said in str(error.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"a: b: c"])
def test_what_is_no_yaml_is_told(folder: Path, content: bytes) -> None:
    (folder / "step.yml").write_bytes(content)

    with pytest.raises(ComponentFileError, match=r"step.yml: accepted: "):
        read_pipeline(folder / "pipeline.yml")

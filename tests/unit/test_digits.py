"""The sample model: its scoring script keeps the batch contract, its images are told right."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

DIGITS = Path(__file__).resolve().parents[2] / "samples" / "digits"


@pytest.fixture
def score(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script as the service loads it: from its file, with the model's folder in a variable."""
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(DIGITS / "model"))
    spec = importlib.util.spec_from_file_location("score", DIGITS / "code" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.init()
    return script


def test_every_sample_image_is_told_right(score: Any) -> None:
    images = sorted((DIGITS / "inputs").glob("*.pgm"))
    rows = [json.loads(row) for row in score.run([str(image) for image in images])]
    assert [(row["file"], row["digit"]) for row in rows] == [
        (f"digit-{digit}.pgm", digit) for digit in range(10)
    ]


def test_a_name_with_quotes_and_commas_stays_whole(score: Any, tmp_path: Path) -> None:
    image = tmp_path / 'a "5", né #1%.pgm'
    image.write_bytes((DIGITS / "inputs" / "digit-5.pgm").read_bytes())
    [row] = score.run([str(image)])
    assert json.loads(row) == {"file": 'a "5", né #1%.pgm', "digit": 5, "confidence": 0.9941}


def test_a_marker_in_the_folder_is_no_image(score: Any, tmp_path: Path) -> None:
    marker = tmp_path / "_SUCCESS"
    marker.touch()
    assert score.run([str(marker)]) == []


@pytest.mark.parametrize("content", [b"", b"P5 8 8 255 x", b"P2 8 8 255 1 2 3", b"\xff\x00"])
def test_what_is_no_image_of_the_models_size_is_an_error(
    score: Any, tmp_path: Path, content: bytes
) -> None:
    image = tmp_path / "x.pgm"
    image.write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.pgm is no plain PGM image of 8 by 8 pixels"):
        score.run([str(image)])


def test_a_model_folder_without_the_model_is_an_error(
    score: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"There is no digits\.json"):
        score.init()


def test_the_model_tells_nine_of_ten_images_that_it_has_not_seen() -> None:
    model = json.loads((DIGITS / "model" / "digits.json").read_text(encoding="utf-8"))
    assert model["held_out_accuracy"] > 0.9

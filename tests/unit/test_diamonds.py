"""The second sample: lists of diamonds in, the same lists with prices out."""

import csv
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DIAMONDS = Path(__file__).resolve().parents[2] / "samples" / "diamonds"
HEADER = "carat,cut,color,clarity"


@pytest.fixture
def score(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The script as the service loads it, with an empty folder for its outputs."""
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(DIAMONDS / "code" / "model"))
    monkeypatch.setenv("AZUREML_BI_OUTPUT_PATH", str(tmp_path))
    spec = importlib.util.spec_from_file_location("score", DIAMONDS / "code" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.init()
    return script


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_list_becomes_a_list_with_prices(score: Any, tmp_path: Path) -> None:
    rows = score.run([str(path) for path in sorted((DIAMONDS / "inputs").glob("*.csv"))])

    assert [json.loads(row)["priced"] for row in rows] == [6, 6]
    first = _rows(tmp_path / "diamonds-1_predictions.csv")[0]
    assert first == {
        "carat": "1.03",
        "cut": "Fair",
        "color": "H",
        "clarity": "VVS2",
        "price": "7440",
    }


def test_a_better_stone_costs_more(score: Any) -> None:
    worst = {"carat": "0.5", "cut": "Fair", "color": "J", "clarity": "I1"}
    better = [{"carat": "1"}, {"cut": "Ideal"}, {"color": "D"}, {"clarity": "IF"}]
    assert all(score.price(worst | change) > score.price(worst) for change in better)


@pytest.mark.parametrize(
    "row", ["1,Fair,H", "x,Fair,H,VVS2", "0,Fair,H,VVS2", "1,Shiny,H,VVS2", ",,,"]
)
def test_a_row_that_is_no_diamond_is_told_with_its_line(
    score: Any, tmp_path: Path, row: str
) -> None:
    path = tmp_path / "it's.csv"
    path.write_text(f"{HEADER}\n1,Fair,H,VVS2\n{row}\n")

    with pytest.raises(ValueError, match=r"^it's\.csv, line 3: no diamond"):
        score.run([str(path)])


def test_an_empty_list_stays_empty(score: Any, tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text(f"{HEADER}\n")
    assert [json.loads(row)["priced"] for row in score.run([str(tmp_path / "none.csv")])] == [0]


def test_the_two_steps_of_the_pipeline_leave_out_what_is_incomplete(tmp_path: Path) -> None:
    data, clean, priced = (tmp_path / name for name in ("data", "clean", "priced"))
    for folder in (data, clean, priced):
        folder.mkdir()
    (data / "list.csv").write_text(f"{HEADER}\n1,Fair,H,VVS2\n1,,H,VVS2\n")
    (data / "_SUCCESS").touch()

    for script, source, target in (("clean", data, clean), ("price", clean, priced)):
        command = [sys.executable, f"{script}.py", str(source), str(target)]
        subprocess.run(command, cwd=DIAMONDS / "code", check=True, capture_output=True)

    assert [row["cut"] for row in _rows(priced / "list_predictions.csv")] == ["Fair"]

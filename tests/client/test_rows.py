"""Predictions of MLflow models and of scripts, told row by row."""

from pathlib import Path
from typing import Any

import pytest

from batch_client.rows import read, shown
from tests.cases import cases_beside

CASES = cases_beside(__file__, "predictions")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_form_of_predictions_is_read(tmp_path: Path, case: dict[str, Any]) -> None:
    file = tmp_path / "predictions.csv"
    file.write_text(case["text"])

    assert read(file) == [
        row if isinstance(row, dict) else {"columns": row} for row in case["rows"]
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [({"row": 0, "prediction": "1"}, "0\t1"), ({"columns": ["a.csv", "0.9"]}, "a.csv\t0.9")],
)
def test_a_row_is_shown_with_tabs(row: dict[str, Any], line: str) -> None:
    assert shown(row) == line

"""Predictions of MLflow models and of scripts, told row by row."""

from pathlib import Path
from typing import Any

import pytest

from batch_client.rows import read, shown


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            '0,1,a.csv\n1,"p, q",b.csv\n',
            [
                {"row": 0, "prediction": "1", "file": "a.csv"},
                {"row": 1, "prediction": "p, q", "file": "b.csv"},
            ],
        ),
        ('"[0.1, 0.9]",a.PNG\n', [{"prediction": "[0.1, 0.9]", "file": "a.PNG"}]),
        (
            'a.csv 0 0.9\n"my file.csv" 1 0.1\n',
            [["a.csv", "0", "0.9"], ["my file.csv", "1", "0.1"]],
        ),
        ('{"file": "3.pgm", "digit": 3}\n', [{"file": "3.pgm", "digit": 3}]),
        ("a.csv,b,c\n", [["a.csv,b,c"]]),
        ("7\n", [["7"]]),
        ("", []),
    ],
    ids=["table", "image", "script", "JSON", "commas", "number", "nothing"],
)
def test_each_form_of_predictions_is_read(tmp_path: Path, text: str, rows: list[Any]) -> None:
    file = tmp_path / "predictions.csv"
    file.write_text(text)

    assert read(file) == [row if isinstance(row, dict) else {"columns": row} for row in rows]


@pytest.mark.parametrize(
    ("row", "line"),
    [({"row": 0, "prediction": "1"}, "0\t1"), ({"columns": ["a.csv", "0.9"]}, "a.csv\t0.9")],
)
def test_a_row_is_shown_with_tabs(row: dict[str, Any], line: str) -> None:
    assert shown(row) == line

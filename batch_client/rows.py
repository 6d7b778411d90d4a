"""Predictions, read: of MLflow models with commas, of scripts with spaces or as JSON.

Azure's own script writes ``row,prediction,file``, of images ``prediction,file``; what a scoring
script returns is written with spaces between the columns (azureml-examples, both). Any script may
write something else: its lines are told as they are.
"""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

_OF_TABLES, _OF_IMAGES = ("row", "prediction", "file"), ("prediction", "file")
_IMAGES = (".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif")


def read(path: Path) -> list[dict[str, Any]]:
    """One document a row of a file."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return of_text(file.read())


def of_text(text: str) -> list[dict[str, Any]]:
    """One document a row: by name where the form tells names, else its ``columns``."""
    table = list(csv.reader(StringIO(text, newline="")))
    if table and all(len(row) == len(_OF_TABLES) and row[0].isdecimal() for row in table):
        return [{**dict(zip(_OF_TABLES, row, strict=True)), "row": int(row[0])} for row in table]
    if table and all(len(row) == len(_OF_IMAGES) and _is_image(row[1]) for row in table):
        return [dict(zip(_OF_IMAGES, row, strict=True)) for row in table]
    return [_of_script(line) for line in text.splitlines()]


def shown(row: dict[str, Any]) -> str:
    """A row for people, its values apart by tabs."""
    return "\t".join(map(str, row.get("columns", row.values())))


def _is_image(name: str) -> bool:
    return name.lower().endswith(_IMAGES)


def _of_script(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"columns": next(csv.reader([line], delimiter=" "))}

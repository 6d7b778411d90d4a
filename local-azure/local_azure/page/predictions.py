"""Predictions as a table, where the text is one: a JSON object a line, or CSV; else as text."""

import csv
import json
from dataclasses import dataclass
from typing import Any

_MOST = 200
"""Rows that are shown."""


@dataclass(frozen=True)
class Predictions:
    """What a job wrote.

    Attributes:
        url: where it lies.
        text: as it is, the first of it.
        columns: names of the table's columns; none where the text is no table.
        rows: the table.
    """

    url: str
    text: str
    columns: list[str]
    rows: list[list[str]]


def read(span: dict[str, Any]) -> Predictions:
    """The predictions that a span of a trace tells of."""
    url, text = span["attributes"].get("url", ""), span["attributes"].get("text", "")
    lines = text.splitlines()[:_MOST]
    return Predictions(url, text, *(_objects(lines) or _values(lines) or ([], [])))


def _objects(lines: list[str]) -> tuple[list[str], list[list[str]]] | None:
    try:
        told = [json.loads(each) for each in lines]
    except ValueError:
        return None
    if not told or not all(isinstance(each, dict) for each in told):
        return None
    columns = list(dict.fromkeys(key for each in told for key in each))
    return columns, [[str(each.get(key, "")) for key in columns] for each in told]


def _values(lines: list[str]) -> tuple[list[str], list[list[str]]] | None:
    rows = list(csv.reader(lines))
    if not rows or len(rows[0]) < 2 or {len(each) for each in rows} != {len(rows[0])}:  # noqa: PLR2004 a table
        return None
    return [str(number) for number in range(1, len(rows[0]) + 1)], rows

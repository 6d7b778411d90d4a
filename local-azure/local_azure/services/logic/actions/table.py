"""Create CSV table and Create HTML table (type ``Table``): an array of objects as rows."""

import csv
import html
import io
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import text
from local_azure.expressions.template import evaluate
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, succeeded
from local_azure.services.logic.step import Step

_FORMATS = ("CSV", "HTML")


class Table(ActionType):
    """Makes a table."""

    type = "Table"
    input_keys = frozenset({"from", "format", "columns"})
    required_inputs = frozenset({"from", "format"})

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with format and columns."""
        inputs = spec["inputs"]
        if str(inputs["format"]).upper() not in _FORMATS:
            yield f"format is one of {', '.join(_FORMATS)}; found {inputs['format']!r}"
        for column in inputs.get("columns", []):
            if not isinstance(column, dict) or set(column) != {"header", "value"}:
                yield f"a column has 'header' and 'value'; found {column!r}"

    def inputs(self, step: Step) -> Any:
        """The array and the format."""
        given = step.action.spec["inputs"]
        return {"from": step.items(), "format": str(given["format"]).upper()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Write the header row and a row for each item."""
        rows = list(_rows(step, inputs["from"]))
        return succeeded({"body": _csv(rows) if inputs["format"] == "CSV" else _html(rows)})


def _rows(step: Step, items: list[Any]) -> Iterator[list[str]]:
    if not all(isinstance(item, dict) for item in items):
        raise ExpressionError("The 'from' of a 'Table' action must be an array of objects.")
    columns = step.action.spec["inputs"].get("columns")
    if columns is None:
        headers = list(dict.fromkeys(key for item in items for key in item))
        yield headers
        yield from ([text(item.get(header)) for header in headers] for item in items)
        return
    yield [text(step.evaluate(column["header"])) for column in columns]
    for item in items:
        frame = Frame(step.run, step.frame, item=item)
        yield [text(evaluate(column["value"], frame)) for column in columns]


def _csv(rows: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def _html(rows: list[list[str]]) -> str:
    header, *body = rows
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in body)
    inner = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{inner}</tbody></table>"

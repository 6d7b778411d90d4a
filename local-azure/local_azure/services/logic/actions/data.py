"""The data operations: Compose, Parse JSON, and those that work on the items of an array."""

import csv
import html
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from local_azure.expressions.errors import ExpressionError
from local_azure.expressions.json_types import text
from local_azure.expressions.template import evaluate
from local_azure.services.logic.actions.base import ActionType
from local_azure.services.logic.conditions import holds, problems
from local_azure.services.logic.frame import Frame
from local_azure.services.logic.records import Outcome, failed, succeeded
from local_azure.services.logic.schema import mismatches, schema_problems
from local_azure.services.logic.step import Step

_FORMATS = ("CSV", "HTML")


class Compose(ActionType):
    """Makes a value: its evaluated inputs are its outputs."""

    type = "Compose"

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Hand the inputs on."""
        return succeeded(inputs)


class ParseJson(ActionType):
    """Parses a text (or takes a value), when it fits a schema."""

    type = "ParseJson"
    input_keys = frozenset({"content", "schema"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What of the schema can't be enforced here."""
        yield from schema_problems(spec["inputs"]["schema"])

    def inputs(self, step: Step) -> Any:
        """The content; a schema has no expressions in it."""
        inputs = step.action.spec["inputs"]
        return {"content": step.evaluate(inputs["content"]), "schema": inputs["schema"]}

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Parse, then compare with the schema."""
        content = inputs["content"]
        if isinstance(content, str):
            try:
                content = json.loads(content)
            except ValueError as error:
                message = f"The 'content' of a 'ParseJson' action must be valid JSON. {error}"
                return failed("InvalidTemplate", message, status="BadRequest")
        if why := list(mismatches(content, inputs["schema"])):
            outputs = {"errors": why}
            return failed("ValidationFailed", "The schema validation failed.", outputs)
        return succeeded({"body": content})


class Join(ActionType):
    """Makes one text of the items of an array."""

    type = "Join"
    input_keys = frozenset({"from", "joinWith"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array and what stands between its items."""
        between = step.evaluate(step.action.spec["inputs"]["joinWith"])
        return {"from": step.items(), "joinWith": between}

    async def run(self, _step: Step, inputs: Any) -> Outcome:
        """Join the items' texts."""
        return succeeded({"body": str(inputs["joinWith"]).join(map(text, inputs["from"]))})


class Select(ActionType):
    """Makes another array, item by item."""

    type = "Select"
    input_keys = frozenset({"from", "select"})
    required_inputs = input_keys

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Evaluate ``select`` for each item."""
        template = step.action.spec["inputs"]["select"]
        made = [
            evaluate(template, Frame(step.run, step.frame, item=item)) for item in inputs["from"]
        ]
        return succeeded({"body": made})


class Query(ActionType):
    """Filter array: keeps the items for which a condition holds."""

    type = "Query"
    input_keys = frozenset({"from", "where"})
    required_inputs = input_keys

    def problems(self, spec: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with the condition."""
        yield from problems(spec["inputs"]["where"])

    def inputs(self, step: Step) -> Any:
        """The array."""
        return {"from": step.items()}

    async def run(self, step: Step, inputs: Any) -> Outcome:
        """Look at each item."""
        where = step.action.spec["inputs"]["where"]
        kept = [
            item for item in inputs["from"] if holds(where, Frame(step.run, step.frame, item=item))
        ]
        return succeeded({"body": kept})


class Table(ActionType):
    """Create CSV table and Create HTML table: an array of objects as rows."""

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

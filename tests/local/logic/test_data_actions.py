"""Parse JSON, Select, Filter array, Join, and the tables."""

from __future__ import annotations

from typing import Any

import pytest

from local_azure.logic.records import Status
from tests.local.logic.definitions import error, execute, outputs

PEOPLE = [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 5}]


def body_of(kind: str, inputs: dict[str, Any], body: Any = PEOPLE) -> Any:
    action = {"type": kind, "inputs": {"from": "@triggerBody()", **inputs}}
    return outputs(execute({"A": action}, body=body), "A")["body"]


def test_select_maps_each_item() -> None:
    assert body_of("Select", {"select": {"n": "@item()['name']", "@{item()['name']}": 1}}) == [
        {"n": "Ada", "Ada": 1},
        {"n": "Bob", "Bob": 1},
    ]


def test_filter_array_keeps_the_items_for_which_the_condition_holds() -> None:
    assert body_of("Query", {"where": "@greater(item()['age'], 10)"}) == [PEOPLE[0]]


def test_join_joins_texts_and_numbers() -> None:
    assert body_of("Join", {"joinWith": "; "}, body=["a", 1, True]) == "a; 1; True"


def test_a_csv_table_has_a_header_and_quotes_what_needs_it() -> None:
    rows = [{"a": "x,y", "b": 1}, {"a": 'q"', "b": None}]

    assert body_of("Table", {"format": "CSV"}, rows) == 'a,b\r\n"x,y",1\r\n"q""",\r\n'


def test_a_table_can_have_columns_of_its_own() -> None:
    columns = [{"header": "Who", "value": "@toUpper(item()['name'])"}]

    assert body_of("Table", {"format": "CSV", "columns": columns}) == "Who\r\nADA\r\nBOB\r\n"


def test_an_html_table_escapes_its_cells() -> None:
    assert body_of("Table", {"format": "HTML"}, [{"<a>": "&"}]) == (
        "<table><thead><tr><th>&lt;a&gt;</th></tr></thead>"
        "<tbody><tr><td>&amp;</td></tr></tbody></table>"
    )


@pytest.mark.parametrize("kind", ["Select", "Query", "Join", "Table"])
def test_what_is_no_array_is_refused(kind: str) -> None:
    given: dict[str, dict[str, Any]] = {
        "Select": {"select": 1},
        "Query": {"where": "@equals(1, 1)"},
        "Join": {"joinWith": ","},
        "Table": {"format": "CSV"},
    }
    inputs = given[kind]
    result = execute({"A": {"type": kind, "inputs": {"from": "@triggerBody()", **inputs}}}, "text")

    assert result.action("A").status is Status.FAILED
    assert "must be an array" in error(result, "A")["message"]


SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 1}, "t": {"type": ["string", "null"]}},
    "required": ["n"],
}


def parse(content: Any) -> Any:
    action = {"type": "ParseJson", "inputs": {"content": "@triggerBody()", "schema": SCHEMA}}
    return execute({"A": action}, body=content).action("A")


def test_parse_json_reads_a_text() -> None:
    assert parse('{"n": 2, "t": null}').outcome.outputs == {"body": {"n": 2, "t": None}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"n": "2"}, "Invalid type at #/n. Expected integer but got string."),
        ({"n": True}, "Invalid type at #/n. Expected integer but got boolean."),
        ({"n": 0}, "The value at #/n does not fit minimum 1."),
        ({}, "The value at # does not fit required ['n']."),
        ([], "Invalid type at #. Expected object but got array."),
    ],
)
def test_parse_json_refuses_what_does_not_fit_and_says_where(content: Any, why: str) -> None:
    record = parse(content)

    assert record.status is Status.FAILED
    assert record.outcome.outputs == {"errors": [why]}


def test_parse_json_refuses_what_is_no_json() -> None:
    assert parse("{").outcome.error["code"] == "InvalidTemplate"

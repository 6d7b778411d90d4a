"""Parse JSON, Select, Filter array and Join."""

import json
from typing import Any

import pytest

from local_azure.services.logic.records import Status
from local_azure.services.logic.schema import schema_problems
from local_azure_tests.logic.definitions import error, execute, outputs

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


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("Select", {"select": 1}),
        ("Query", {"where": "@equals(1, 1)"}),
        ("Join", {"joinWith": ","}),
    ],
)
def test_what_is_no_array_is_refused(kind: str, inputs: dict[str, Any]) -> None:
    result = execute({"A": {"type": kind, "inputs": {"from": "@triggerBody()", **inputs}}}, "text")

    assert result.action("A").status is Status.FAILED
    assert "must be an array" in error(result, "A")["message"]


DRAFT_4 = "http://json-schema.org/draft-04/schema#"
SCHEMA = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 1}, "t": {"type": ["string", "null"]}},
    "required": ["n"],
}


def parse(content: Any, schema: Any = SCHEMA) -> Any:
    action = {"type": "ParseJson", "inputs": {"content": "@triggerBody()", "schema": schema}}
    return execute({"A": action}, body=content).action("A")


@pytest.mark.parametrize(
    ("schema", "fits", "does_not"),
    [
        ({"enum": [1]}, 1, True),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"type": "string"}}}, "x", 1),
        ({"not": {"type": "string"}}, 1, "x"),
        ({"uniqueItems": True}, [1, 2], [1, 1]),
        ({"const": "x"}, "x", "y"),
        ({"exclusiveMinimum": True, "minimum": 1, "$schema": DRAFT_4}, 2, 1),
    ],
)
def test_every_keyword_of_a_schema_is_enforced(schema: Any, fits: Any, does_not: Any) -> None:
    found = [parse(json.dumps(each), schema).status for each in (fits, does_not)]
    assert found == [Status.SUCCEEDED, Status.FAILED]


def test_a_schema_without_an_end_fails_the_action() -> None:
    assert parse(1, {"$ref": "#"}).status is Status.FAILED


@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": DRAFT_4, "patternProperties": {"(": {}}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicRef": "#nope"},
        {"properties": {"n": {"multipleOf": 1e-308}}},
    ],
    ids=str,
)
def test_a_schema_that_can_not_be_applied_fails_the_action(schema: Any) -> None:
    assert parse({"n": 10**400}, schema).status is Status.FAILED


@pytest.mark.parametrize("draft", [5, ["x"], "http://[x", "http://json-schema.org/schema"])
def test_a_draft_that_is_not_known_is_told(draft: Any) -> None:
    (told,) = schema_problems({"$schema": draft})
    assert told.startswith(f"the schema's draft: found {draft!r}, accepted: such as http://")


def test_data_of_a_schema_is_no_reference() -> None:
    assert parse({"$ref": "#/no"}, {"enum": [{"$ref": "#/no"}]}).status is Status.SUCCEEDED


def test_parse_json_reads_a_text() -> None:
    assert parse('{"n": 2, "t": null}').outcome.outputs == {"body": {"n": 2, "t": None}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"n": "2"}, ("Invalid type. Expected Integer but got String.", "n", "#/properties/n")),
        ({"n": True}, ("Invalid type. Expected Integer but got Boolean.", "n", "#/properties/n")),
        ({"n": 0}, ("0 is less than the minimum of 1.", "n", "#/properties/n")),
        ({}, ("Required properties are missing from object: n.", "", "#")),
        ([], ("Invalid type. Expected Object but got Array.", "", "#")),
    ],
)
def test_parse_json_refuses_what_does_not_fit_and_says_where(
    content: Any, why: tuple[str, ...]
) -> None:
    record = parse(content)

    assert record.status is Status.FAILED
    [told] = record.outcome.outputs["errors"]
    assert (told["message"], told["path"], told["schemaId"]) == why


def test_parse_json_refuses_what_is_no_json() -> None:
    assert parse("{").outcome.error["code"] == "InvalidTemplate"

"""The 19 operators of advanced filters: matching, not matching, missing, arrays, case."""

from __future__ import annotations

from typing import Any

import pytest

from local_azure.eventgrid.errors import FilterError
from local_azure.eventgrid.filters import OPERATORS, parse
from local_azure.eventgrid.resources.subscription_rules import problems

EVENT = {
    "id": "1",
    "topic": "/subscriptions/s/Topic",
    "subject": "/blobs/Data/a.csv",
    "eventType": "Microsoft.Storage.BlobCreated",
    "dataVersion": "",
    "data": {
        "number": 5,
        "float": 5.5,
        "text": "Pipeline",
        "yes": True,
        "no": False,
        "null": None,
        "numbers": [1, 5, 9],
        "texts": ["Alpha", "Beta"],
        "mixed": ["Alpha", 5],
        "none": [],
        "bools": [True, False],
        "deep": {"er": {"text": "Bottom", "number": 0}},
        "dotted.key": "never found",
        "list": [{"text": "in a list"}],
    },
}

MATCHES: list[tuple[str, str, Any]] = [
    ("NumberIn", "data.number", [4, 5]),
    ("NumberIn", "data.number", [5.0]),
    ("NumberIn", "data.float", [5.5]),
    ("NumberIn", "data.deep.er.number", [0]),
    ("NumberNotIn", "data.number", [4, 6]),
    ("NumberNotIn", "data.missing", [4]),
    ("NumberNotIn", "data.null", [4]),
    ("NumberLessThan", "data.number", 5.1),
    ("NumberLessThan", "data.number", 6),
    ("NumberGreaterThan", "data.number", 4),
    ("NumberGreaterThan", "data.deep.er.number", -1),
    ("NumberLessThanOrEquals", "data.number", 5),
    ("NumberGreaterThanOrEquals", "data.number", 5),
    ("NumberInRange", "data.number", [[5, 6]]),
    ("NumberInRange", "data.number", [[1, 2], [4, 5]]),
    ("NumberNotInRange", "data.number", [[1, 4], [6, 9]]),
    ("BoolEquals", "data.yes", True),
    ("BoolEquals", "data.no", False),
    ("StringIn", "data.text", ["other", "pipeline"]),
    ("StringIn", "data.deep.er.text", ["BOTTOM"]),
    ("StringIn", "eventType", ["microsoft.storage.blobcreated"]),
    ("StringIn", "id", ["1"]),
    ("StringIn", "dataVersion", [""]),
    ("StringNotIn", "data.text", ["pipe", "line"]),
    ("StringNotIn", "data.missing", ["pipe"]),
    ("StringNotIn", "data.text.deeper", ["pipe"]),
    ("StringNotIn", "data.list.text", ["in a list"]),
    ("StringBeginsWith", "data.text", ["x", "PIPE"]),
    ("StringBeginsWith", "subject", ["/blobs/data/"]),
    ("StringBeginsWith", "Subject", ["/BLOBS/"]),
    ("StringNotBeginsWith", "data.text", ["x", "line"]),
    ("StringEndsWith", "data.text", ["LINE"]),
    ("StringEndsWith", "subject", [".txt", ".CSV"]),
    ("StringNotEndsWith", "data.text", ["pipe"]),
    ("StringContains", "data.text", ["ELI"]),
    ("StringContains", "topic", ["topic"]),
    ("StringContains", "Data.text", ["pipe"]),
    ("StringNotContains", "data.text", ["x", "y"]),
    ("IsNullOrUndefined", "data.missing", None),
    ("IsNullOrUndefined", "data.null", None),
    ("IsNullOrUndefined", "data.deep.missing.er", None),
    ("IsNullOrUndefined", "data.dotted.key", None),
    ("IsNotNull", "data.number", None),
    ("IsNotNull", "data.no", None),
    ("IsNotNull", "data.none", None),
    ("IsNotNull", "data.deep", None),
]

REFUSALS: list[tuple[str, str, Any]] = [
    ("NumberIn", "data.number", [4]),
    ("NumberIn", "data.missing", [4]),
    ("NumberIn", "data.text", [4]),
    ("NumberIn", "data.yes", [1]),
    ("NumberIn", "data.numbers", [5]),
    ("NumberNotIn", "data.number", [4, 5]),
    ("NumberNotIn", "data.numbers", [4]),
    ("NumberLessThan", "data.number", 5),
    ("NumberLessThan", "data.missing", 9),
    ("NumberGreaterThan", "data.number", 5),
    ("NumberGreaterThan", "data.null", 0),
    ("NumberLessThanOrEquals", "data.number", 4.9),
    ("NumberLessThanOrEquals", "data.missing", 4.9),
    ("NumberGreaterThanOrEquals", "data.number", 5.1),
    ("NumberGreaterThanOrEquals", "data.missing", 5.1),
    ("NumberInRange", "data.number", [[1, 4], [6, 9]]),
    ("NumberInRange", "data.missing", [[1, 9]]),
    ("NumberNotInRange", "data.number", [[1, 2], [5, 9]]),
    ("NumberNotInRange", "data.missing", [[1, 2]]),
    ("BoolEquals", "data.yes", False),
    ("BoolEquals", "data.number", True),
    ("BoolEquals", "data.missing", False),
    ("BoolEquals", "data.text", True),
    ("StringIn", "data.text", ["pipe"]),
    ("StringIn", "data.number", ["5"]),
    ("StringIn", "data.missing", [""]),
    ("StringIn", "data.null", ["null"]),
    ("StringIn", "data.Text", ["pipeline"]),
    ("StringNotIn", "data.text", ["PIPELINE"]),
    ("StringNotIn", "data.number", ["x"]),
    ("StringBeginsWith", "data.text", ["line"]),
    ("StringBeginsWith", "data.missing", [""]),
    ("StringNotBeginsWith", "data.text", ["pipe"]),
    ("StringNotBeginsWith", "data.missing", ["pipe"]),
    ("StringEndsWith", "data.text", ["pipe"]),
    ("StringEndsWith", "data.missing", ["pipe"]),
    ("StringNotEndsWith", "data.text", ["x", "LINE"]),
    ("StringNotEndsWith", "data.missing", ["x"]),
    ("StringContains", "data.text", ["x", "y"]),
    ("StringContains", "data.missing", ["x"]),
    ("StringContains", "data.texts", ["alpha"]),
    ("StringNotContains", "data.text", ["x", "eli"]),
    ("StringNotContains", "data.missing", ["x"]),
    ("IsNullOrUndefined", "data.number", None),
    ("IsNullOrUndefined", "data.no", None),
    ("IsNullOrUndefined", "data.none", None),
    ("IsNotNull", "data.missing", None),
    ("IsNotNull", "data.null", None),
]

IN_ARRAYS: list[tuple[str, str, Any, bool]] = [
    ("NumberIn", "data.numbers", [5], True),
    ("NumberIn", "data.numbers", [4], False),
    ("NumberIn", "data.number", [5], True),
    ("NumberIn", "data.none", [5], False),
    ("NumberNotIn", "data.numbers", [4, 6], True),
    ("NumberNotIn", "data.numbers", [4, 9], False),
    ("NumberNotIn", "data.none", [4], True),
    ("NumberLessThan", "data.numbers", 2, True),
    ("NumberLessThan", "data.numbers", 1, False),
    ("NumberGreaterThan", "data.numbers", 8, True),
    ("NumberGreaterThan", "data.numbers", 9, False),
    ("NumberLessThanOrEquals", "data.numbers", 1, True),
    ("NumberGreaterThanOrEquals", "data.numbers", 9, True),
    ("NumberInRange", "data.numbers", [[2, 6]], True),
    ("NumberInRange", "data.numbers", [[2, 4]], False),
    ("NumberNotInRange", "data.numbers", [[2, 4]], True),
    ("NumberNotInRange", "data.numbers", [[9, 10]], False),
    ("BoolEquals", "data.bools", False, True),
    ("BoolEquals", "data.none", False, False),
    ("StringIn", "data.texts", ["BETA"], True),
    ("StringIn", "data.texts", ["bet"], False),
    ("StringIn", "data.mixed", ["alpha"], True),
    ("StringNotIn", "data.texts", ["gamma"], True),
    ("StringNotIn", "data.texts", ["gamma", "alpha"], False),
    ("StringBeginsWith", "data.texts", ["be"], True),
    ("StringNotBeginsWith", "data.texts", ["be"], False),
    ("StringNotBeginsWith", "data.texts", ["ga"], True),
    ("StringEndsWith", "data.texts", ["TA"], True),
    ("StringNotEndsWith", "data.texts", ["ta"], False),
    ("StringContains", "data.texts", ["lph"], True),
    ("StringContains", "data.mixed", ["5"], False),
    ("StringNotContains", "data.texts", ["lph"], False),
    ("StringNotContains", "data.texts", ["x"], True),
    ("StringIn", "data.numbers", ["5"], False),
]


def _body(operator: str, key: str, value: Any) -> dict[str, Any]:
    single = operator == "BoolEquals" or ("Than" in operator)
    return {"operatorType": operator, "key": key, "value" if single else "values": value}


@pytest.mark.parametrize(("operator", "key", "value"), MATCHES)
def test_an_event_that_fits_passes(operator: str, key: str, value: Any) -> None:
    assert parse(_body(operator, key, value)).matches(EVENT)


@pytest.mark.parametrize(("operator", "key", "value"), REFUSALS)
def test_an_event_that_does_not_fit_is_held_back(operator: str, key: str, value: Any) -> None:
    assert not parse(_body(operator, key, value)).matches(EVENT)


@pytest.mark.parametrize(("operator", "key", "value", "passes"), IN_ARRAYS)
def test_elements_count_where_the_subscription_says_so(
    operator: str, key: str, value: Any, *, passes: bool
) -> None:
    assert parse(_body(operator, key, value), arrays=True).matches(EVENT) == passes


def test_every_operator_is_in_the_tables() -> None:
    assert len(OPERATORS) == 19
    assert {case[0] for case in MATCHES} == set(OPERATORS)
    assert {case[0] for case in REFUSALS} == set(OPERATORS)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"operatorType": "StringLike", "key": "id", "values": ["a"]}, "found 'StringLike'"),
        ({"operatorType": "StringIn", "key": "name", "values": ["a"]}, "found 'name'"),
        ({"operatorType": "StringIn", "key": "data", "values": ["a"]}, "found 'data'"),
        ({"operatorType": "StringIn", "key": "subject.a", "values": ["a"]}, "found 'subject.a'"),
        ({"operatorType": "StringIn", "values": ["a"]}, "key of StringIn: found None"),
        ({"operatorType": "StringIn", "key": "id", "values": [1]}, "a list of strings"),
        ({"operatorType": "StringIn", "key": "id"}, "values of StringIn: found None"),
        ({"operatorType": "StringIn", "key": "id", "values": []}, "found \\[\\]"),
        ({"operatorType": "NumberIn", "key": "data.a", "values": [True]}, "a list of numbers"),
        ({"operatorType": "NumberLessThan", "key": "data.a", "value": "1"}, "a number"),
        ({"operatorType": "NumberLessThan", "key": "data.a", "values": [1]}, "value of Number"),
        ({"operatorType": "BoolEquals", "key": "data.a", "value": 1}, "true or false"),
        ({"operatorType": "NumberInRange", "key": "data.a", "values": [1, 2]}, "pairs of numbers"),
        ({"operatorType": "NumberInRange", "key": "data.a", "values": [[1]]}, "pairs of numbers"),
    ],
)
def test_a_filter_that_event_grid_would_refuse_is_refused(body: dict[str, Any], told: str) -> None:
    with pytest.raises(FilterError, match=told):
        parse(body)


def test_a_subscription_with_a_wrong_filter_is_refused_by_its_path() -> None:
    inputs = {
        "destination": {"endpointType": "WebHook", "endpointUrl": "https://hook.example.test/"},
        "filter": {
            "advancedFilters": [
                {"operatorType": "StringIn", "key": "id", "values": ["a"]},
                {"operatorType": "Nothing", "key": "id", "values": ["a"]},
            ]
        },
    }
    [problem] = problems(inputs)
    assert problem.path == "filter.advancedFilters[1]"
    assert "found 'Nothing'" in problem.reason

"""The 19 operators of advanced filters, by the cases of ``filter_cases``: a file for each.

A case has a name, the filter's ``key`` and what is ``wanted`` there, the event's ``data``, other
fields of the event where they matter, ``arrays`` where elements are looked into, and whether it
``matches``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.services.eventgrid.errors import FilterError
from local_azure.services.eventgrid.explanation import explain
from local_azure.services.eventgrid.filters import EventFilter, parse
from local_azure.services.eventgrid.operators import OPERATORS
from local_azure.services.eventgrid.resources.subscription_rules import filter_problems, problems
from local_azure_tests.storage.world import webhook

EVENT = {
    "id": "831e1650",
    "topic": "/subscriptions/s/Topic",
    "subject": "/blobServices/default/containers/test-container/blobs/new-file.txt",
    "eventType": "Microsoft.Storage.BlobCreated",
    "dataVersion": "",
}
_OWN = {"case", "key", "wanted", "arrays", "matches"}
FILES = {path.stem: path for path in Path(__file__).with_name("filter_cases").glob("*.json")}
CASES = [
    pytest.param(operator, case, id=f"{operator}: {case['case']}")
    for operator, path in sorted(FILES.items())
    for case in json.loads(path.read_text("utf-8"))
]


def _filter(operator: str, case: dict[str, Any]) -> dict[str, Any]:
    single = operator == "BoolEquals" or "Than" in operator
    wanted = {"value" if single else "values": case["wanted"]} if "wanted" in case else {}
    return {"operatorType": operator, "key": case["key"], **wanted}


def _event(case: dict[str, Any]) -> dict[str, Any]:
    return {**EVENT, **{key: value for key, value in case.items() if key not in _OWN}}


@pytest.mark.parametrize(("operator", "case"), CASES)
def test_an_event_passes_or_is_held_back_for_a_reason(operator: str, case: dict[str, Any]) -> None:
    wanted, event, arrays = _filter(operator, case), _event(case), case.get("arrays", False)
    body = {"advancedFilters": [wanted], "enableAdvancedFilteringOnArrays": arrays}

    matches = parse(wanted, arrays=arrays).matches(event)
    refusals = explain(EventFilter.of(body), event)

    named = [(each.part, each.operator) for each in refusals]
    refused = [] if case["matches"] else [("advancedFilters[0]", operator)]
    assert (matches, named) == (case["matches"], refused)


def test_every_operator_has_cases_that_match_and_cases_that_do_not() -> None:
    decided = {(case.values[0], case.values[1]["matches"]) for case in CASES}  # type: ignore[index]

    assert len(OPERATORS) == 19
    assert decided == {(operator, matches) for operator in OPERATORS for matches in (True, False)}


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_tried_without_its_field_on_an_array_and_in_another_case(
    operator: str,
) -> None:
    cases = json.loads(FILES[operator].read_text("utf-8"))
    in_another_case = [each for each in cases if "in another case" in each["case"]]
    on_an_array = [each for each in cases if each.get("arrays")]
    absent = [
        each
        for each in cases
        if each["key"].removeprefix("data.").partition(".")[0] not in each.get("data", {})
        and each not in in_another_case
    ]

    assert [bool(kind) for kind in (absent, on_an_array, in_another_case)] == [True] * 3


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"operatorType": "StringLike", "key": "id", "values": ["a"]}, "found 'StringLike'"),
        ({"operatorType": ["StringIn"], "key": "id", "values": ["a"]}, "operatorType: found"),
        ({"operatorType": "StringIn", "key": "name", "values": ["a"]}, "found 'name'"),
        ({"operatorType": "StringIn", "key": "data", "values": ["a"]}, "found 'data'"),
        ({"operatorType": "StringIn", "key": "subject.a", "values": ["a"]}, "found 'subject.a'"),
        ({"operatorType": "StringIn", "key": "data.", "values": ["a"]}, "found 'data.'"),
        ({"operatorType": "StringIn", "key": "data..a", "values": ["a"]}, "found 'data..a'"),
        ({"operatorType": "StringIn", "key": "data.a.", "values": ["a"]}, "found 'data.a.'"),
        ({"operatorType": "StringIn", "key": "", "values": ["a"]}, "found ''"),
        ({"operatorType": "NumberInRange", "key": "data.a", "values": [[2, 1]]}, "from, to"),
        ({"operatorType": "StringIn", "values": ["a"]}, "key of StringIn: found None"),
        ({"operatorType": "StringIn", "key": "id", "values": [1]}, "a list of texts"),
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
    filters = [
        {"operatorType": kind, "key": "id", "values": ["a"]} for kind in ("StringIn", "Nothing")
    ]
    inputs = {"destination": webhook(), "filter": {"advancedFilters": filters}}
    [problem] = problems(inputs)
    assert problem.path == "filter.advancedFilters[1]"
    assert "found 'Nothing'" in problem.reason


def _texts(count: int, values: int = 1, length: int = 1) -> list[dict[str, Any]]:
    texts = ["a" * length] * values
    return [{"operatorType": "StringIn", "key": "data.a", "values": texts}] * count


@pytest.mark.parametrize(
    "filters",
    [
        _texts(25),
        _texts(1, values=25),
        _texts(5, values=5),
        _texts(1, length=512),
        [{"operatorType": "NumberInRange", "key": "data.a", "values": [[1, 2]] * 25}],
        [{"operatorType": "IsNotNull", "key": "data.a.b.c.d.e.f"}] * 25,
    ],
)
def test_what_is_within_event_grids_limits_is_accepted(filters: list[dict[str, Any]]) -> None:
    assert list(filter_problems({"advancedFilters": filters})) == []


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (_texts(26), "found 26 filters with 26 values, accepted: 25 of each"),
        (_texts(1, values=26), "found 1 filters with 26 values, accepted: 25 of each"),
        (_texts(2, values=13), "found 2 filters with 26 values, accepted: 25 of each"),
        (
            [{"operatorType": "IsNotNull", "key": "id"}] * 26,
            "found 26 filters with 0 values, accepted: 25 of each",
        ),
    ],
)
def test_what_is_beyond_them_is_refused(filters: list[dict[str, Any]], told: str) -> None:
    found = list(filter_problems({"advancedFilters": filters}))
    assert found == [Problem("filter.advancedFilters", told)]

"""The public documentation's own events, a file for each, with rules that get it and that do not.

A file says where the event is from, which filters let it pass, and of others which parts refuse it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.services.eventgrid.filters import EventFilter
from local_azure.services.eventgrid.trial import Rule, events, try_event

DOCUMENTED = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).with_name("events").glob("*.json"))
}
GETS = [(name, rule) for name, told in DOCUMENTED.items() for rule in told["gets"]]
REFUSES = [(name, rule) for name, told in DOCUMENTED.items() for rule in told["refuses"]]


def _refusing(event: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """The parts of a filter that refuse an event."""
    [tried] = events(event)
    [verdict] = try_event(tried, [Rule("rule", EventFilter.of(wanted))])["subscriptions"]
    return [each["part"] for each in verdict["refusals"]]


@pytest.mark.parametrize(("name", "rule"), GETS)
def test_a_documented_event_passes(name: str, rule: str) -> None:
    assert _refusing(DOCUMENTED[name]["event"], DOCUMENTED[name]["gets"][rule]) == []


@pytest.mark.parametrize(("name", "rule"), REFUSES)
def test_a_documented_event_is_held_back_where_it_must_not_match(name: str, rule: str) -> None:
    told = DOCUMENTED[name]["refuses"][rule]

    assert _refusing(DOCUMENTED[name]["event"], told["filter"]) == told["because"]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_each_event_has_rules_of_both_kinds(name: str) -> None:
    assert DOCUMENTED[name]["gets"]
    assert DOCUMENTED[name]["refuses"]

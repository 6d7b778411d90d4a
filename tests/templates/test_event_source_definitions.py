"""What holds for each of ours that takes the events of a workspace or a domain's topic.

It takes one event at a time of its source and of its types, and every path
ends in one response.
"""

from typing import Any

import pytest

from local_azure.services.logic.records import Status
from local_azure_tests.world import World, answer
from tests.templates.handled_events import (
    OF_A_SOURCE,
    STARTED,
    TARGETS,
    TOKEN,
    WORKSPACE,
    deliver,
    event,
    world,
)
from tests.templates.test_account_definitions import HANDSHAKE, REFUSALS, definition, shown
from tests.templates.test_definitions_one_by_one import no_identity

pytestmark = pytest.mark.parametrize("template", OF_A_SOURCE)


def test_it_declares_whose_events_it_takes_and_where_it_claims_them(template: str) -> None:
    wanted = {"event_source_id", "event_types", "claims_uri"}
    assert wanted <= set(definition(template)["parameters"])


def test_a_handshake_is_answered_before_anybody_is_asked(template: str) -> None:
    around = world(template)

    response, _ = deliver(template, around, [event(**HANDSHAKE)])

    assert (response.status, around.requests) == (200, [])


STRANGE = {
    "another type": [event(eventType="Microsoft.MachineLearningServices.RunCompleted")],
    "another workspace": [event(topic=f"{WORKSPACE}2")],
    "two events": [event(), event(id="event-2")],
    "no id": [event(id="")],
    "no event": [],
    "one object": event(),
    "a text": "hello",
    "a number": 7,
}


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_event_of_the_source_is_refused_for_good(template: str, body: Any) -> None:
    around = World({})

    response, _ = deliver(template, around, body)

    assert (response.status, around.requests) == (400, [])


def test_an_event_is_handled_once(template: str) -> None:
    around = world(template)

    response, result = deliver(template, around)

    assert (response.status, result.status) == (200, Status.SUCCEEDED)
    assert len(around.to(TARGETS[template])) == 1


DOMAIN_TOPIC = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/domains/d/topics/t-1"
)


@pytest.mark.parametrize(
    ("source", "topic", "status"),
    [
        pytest.param(WORKSPACE, WORKSPACE.upper(), 200, id="a workspace in any case"),
        pytest.param(DOMAIN_TOPIC, DOMAIN_TOPIC.upper(), 200, id="a domain's topic by its id"),
        pytest.param(DOMAIN_TOPIC, "T-1", 200, id="a domain's topic by its name"),
        pytest.param(DOMAIN_TOPIC, "t-2", 400, id="another topic of the domain"),
        pytest.param(WORKSPACE, WORKSPACE.rpartition("/")[2], 400, id="a workspace by its name"),
    ],
)
def test_a_source_is_told_by_its_id_and_a_domains_topic_by_its_name_too(
    template: str, source: str, topic: str, status: int
) -> None:
    told = [event(topic=topic)]
    response, _ = deliver(template, world(template), told, event_source_id=source)

    assert response.status == status


ODD_DATA = {
    "null": (None, 200),
    "nothing": ({}, 200),
    "other types": ({"runId": 7, "RunStatus": ["x"], "ModelTags": "no object"}, 200),
    "another case": ({"RUNID": "r", "modelname": "m"}, 200),
    "a text": ("text", 400),
    "a list": ([1], 400),
    "a number": (7, 400),
}


@pytest.mark.parametrize(("data", "reply"), ODD_DATA.values(), ids=ODD_DATA.keys())
def test_only_data_that_is_no_object_is_refused_and_answered_nevertheless(
    template: str, data: Any, reply: int
) -> None:
    response, _ = deliver(template, world(template), [event(data=data)])

    assert response.status == reply


@pytest.mark.parametrize(("reaction", "reply"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_was_not_done_is_answered_so_that_event_grid_does_the_right_thing(
    template: str, reaction: Any, reply: int
) -> None:
    around = world(template, reaction)

    response, _ = deliver(template, around)

    assert response.status == reply
    assert response.body["event_id"] == "event-1"
    assert len(around.to(TARGETS[template])) == 1, "a retry of the POST could do it twice"


def test_no_token_means_another_delivery(template: str) -> None:
    around = world(template)
    around.identity_token = no_identity

    response, _ = deliver(template, around)

    assert (response.status, around.requests) == (503, [])


@pytest.mark.parametrize("reaction", [STARTED, answer(401, {"message": "Bad credentials"})])
def test_the_run_history_shows_no_secret(template: str, reaction: Any) -> None:
    response, result = deliver(template, world(template, reaction))

    history = shown(template, result)
    assert "event-1" in history
    assert TOKEN not in history + str(response.body)

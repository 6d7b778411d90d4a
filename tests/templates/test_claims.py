"""How an event is claimed, so that it is handled once however often it is delivered.

A delivery that is acknowledged never comes again: so 200 is said only of what is known to be done.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from local_azure.runs.transport import ConnectionFailedError, HttpRequest
from local_azure_tests.world import START, answer
from tests.templates import claim_store
from tests.templates.claim_store import ClaimStore
from tests.templates.handled_events import OF_A_SOURCE, TARGETS, deliver, event, world
from tests.templates.test_account_definitions import definition

pytestmark = pytest.mark.parametrize("template", OF_A_SOURCE)
EVENT_1 = f"{claim_store.URI}/event-1.json"
DOWN = answer(503)


def claimed(state: str, minutes_ago: int) -> ClaimStore:
    """The event is claimed since then."""
    since = (START - timedelta(minutes=minutes_ago)).isoformat()
    return ClaimStore({EVENT_1: {"state": state, "since": since, "run": "another"}})


def test_a_handled_event_is_marked_as_done(template: str) -> None:
    claims = ClaimStore()

    deliver(template, world(template, claims=claims))

    assert claims.blobs[EVENT_1]["state"] == "done"
    assert claims.log == [("PUT", 201), ("PUT", 201)]


def test_a_claim_is_made_as_the_workflows_identity_and_only_if_there_is_none(template: str) -> None:
    around = world(template)

    deliver(template, around)

    first = around.to(claim_store.HOST)[0]
    assert first.headers["Authorization"] == "Bearer token-of-the-identity"
    assert first.headers["If-None-Match"] == "*"
    assert first.headers["x-ms-blob-type"] == "BlockBlob"


def test_a_duplicate_of_what_was_done_is_acknowledged_and_does_nothing(template: str) -> None:
    around = world(template)
    deliver(template, around)

    response, _ = deliver(template, around)

    assert (response.status, len(around.to(TARGETS[template]))) == (200, 1)


NOT_NOW = {
    "another run does it": lambda: claimed("started", minutes_ago=9),
    "nothing can be claimed": lambda: ClaimStore(fails=frozenset({"PUT", "GET"})),
}


@pytest.mark.parametrize("claims", NOT_NOW.values(), ids=NOT_NOW.keys())
def test_what_can_not_be_claimed_comes_again_later(
    template: str, claims: Callable[[], ClaimStore]
) -> None:
    around = world(template, claims=claims())

    response, _ = deliver(template, around)

    assert (response.status, around.to(TARGETS[template])) == (503, [])


def test_a_claim_that_a_broken_run_left_is_taken_over(template: str) -> None:
    claims = claimed("started", minutes_ago=11)
    around = world(template, claims=claims)

    response, _ = deliver(template, around)

    assert (response.status, claims.states) == (200, ["done"])
    assert len(around.to(TARGETS[template])) == 1


def test_an_abandoned_claim_is_taken_over_by_one_delivery_alone(template: str) -> None:
    claims = claimed("started", minutes_ago=11)

    def taken_meanwhile(request: HttpRequest) -> Any:
        found = claims(request)
        if request.method == "GET":
            claims.blobs[EVENT_1]["run"] = "a third one"
        return found

    around = world(template)
    around.hosts = {**around.hosts, claim_store.HOST: taken_meanwhile}
    response, _ = deliver(template, around)

    assert (response.status, around.to(TARGETS[template])) == (503, [])


@pytest.mark.parametrize("reaction", [DOWN, answer(400), None, ConnectionFailedError("reset")])
def test_what_failed_is_released_for_the_next_delivery(template: str, reaction: Any) -> None:
    claims = ClaimStore()
    first, _ = deliver(template, world(template, reaction, claims))

    again, _ = deliver(template, world(template, claims=claims))

    assert first.status in {400, 503}
    assert (again.status, claims.states) == (200, ["done"])


def test_a_failure_whose_claim_stays_is_told_as_a_failure(template: str) -> None:
    claims = ClaimStore(fails=frozenset({"DELETE"}))

    response, _ = deliver(template, world(template, DOWN, claims))

    assert response.status == 503
    assert response.body["reason"]


@pytest.mark.parametrize(
    "blob", [{}, {"state": "done?"}, {"state": "started"}, {"state": "started", "since": "long"}]
)
def test_a_blob_that_is_no_claim_is_never_taken_for_done(
    template: str, blob: dict[str, Any]
) -> None:
    response, _ = deliver(template, world(template, claims=ClaimStore({EVENT_1: blob})))

    assert response.status == 503


def test_a_missing_mark_does_not_undo_what_was_done(template: str) -> None:
    claims = ClaimStore()
    around = world(template)

    def marks_get_lost(request: HttpRequest) -> Any:
        is_mark = request.method == "PUT" and json.loads(request.body)["state"] == "done"
        return DOWN if is_mark else claims(request)

    around.hosts = {**around.hosts, claim_store.HOST: marks_get_lost}
    response, _ = deliver(template, around)

    assert response.status == 200


@pytest.mark.parametrize("identifier", ["a/b", "../x", "a b?c#d", "é%2F", "x" * 200])
def test_a_hostile_id_stays_in_its_folder(template: str, identifier: str) -> None:
    claims = ClaimStore()

    response, _ = deliver(template, world(template, claims=claims), [event(id=identifier)])

    (uri,) = claims.blobs
    assert response.status == 200
    assert "/" not in uri.removeprefix(f"{claim_store.URI}/")
    assert not {"?", "#", " "} & set(uri)


def test_all_definitions_claim_in_the_same_way(template: str) -> None:
    def claim_of(name: str) -> Any:
        actions = definition(name)["actions"]["Is_handshake"]["else"]["actions"]
        inside = actions["Is_one_expected_event"]["actions"]
        inside = inside.get("Is_wanted", {"actions": inside})["actions"]
        handled = inside["Is_claimed"].pop("actions")
        last = next(iter(handled["Mark_as_done"].pop("runAfter")))
        handled["Release"].pop("runAfter")
        return inside, handled["Mark_as_done"], handled["Release"], bool(last)

    assert claim_of(template) == claim_of(OF_A_SOURCE[0])

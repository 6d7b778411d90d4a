"""Rules through their life: nothing to do, one changed, one more, one gone; and their secrets."""

import copy
import re
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
import requests
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.stack.workspace_events.conftest import KEY, RULES
from tests.stack.workspace_events.told import Told, to_hook

pytestmark = pytest.mark.long

LATE = "late.example.test"


def subscription(told: Told, name: str) -> dict[str, Any]:
    """A rule's subscription, as the embedded Azure has it."""
    return told.resource(told.outputs["workspace_event_subscription_ids"][name]).properties


def test_neither_another_up_nor_a_refresh_changes_anything(told: Told) -> None:
    told.changes_nothing("up", "refresh")


def test_a_changed_rule_is_updated_in_place_and_a_new_one_leaves_the_others_alone(
    told: Told,
) -> None:
    rules = copy.deepcopy(RULES)
    rules[1]["advanced_filters"][0]["values"].append("canceled")
    rules[1]["delivery_attempts"] = 5
    told.apply({"workspace_events": {"rules": [*rules, to_hook("all-runs", "RunStatusChanged")]}})

    now = subscription(told, "failed")
    assert re.findall(r"\d+ (?:created|updated|deleted)", told.printed) == [
        "1 created",
        "1 updated",
    ]
    assert now["filter"]["advancedFilters"][0]["values"] == ["failed", "canceled"]
    assert now["retryPolicy"]["maxDeliveryAttempts"] == 5


def test_a_removed_rule_is_gone_and_its_neighbours_stay(told: Told) -> None:
    gone = told.outputs["workspace_event_subscription_ids"]["all-runs"]
    told.apply({"workspace_events": {"rules": RULES}})

    assert "1 deleted" in told.printed
    assert told.running.call(told.running.azure.resources.find, gone) is None
    assert set(told.outputs["workspace_event_subscription_ids"]) == {r["name"] for r in RULES}


def test_another_schema_of_a_rule_is_refused_by_the_preview(told: Told) -> None:
    rules = copy.deepcopy(RULES)
    rules[1]["schema"] = "cloud_events"
    told.configure({"workspace_events": {"rules": rules}})

    refused = told.refused("preview")

    told.configure({"workspace_events": {"rules": RULES}})
    assert "The schema of the rule 'failed' can't become CloudEventSchemaV1_0" in refused


def test_an_up_tells_which_webhook_it_waits_for(told: Told) -> None:
    told.running.call(told.running.azure.hosts.register, [LATE], _consents_later(told))
    hook = {"kind": "webhook", "url": f"https://{LATE}/events"}
    late = to_hook("late", "RunCompleted", destination=hook)
    told.apply({"workspace_events": {"rules": [*RULES, late]}})
    while_it_waited = told.printed
    told.apply({"workspace_events": {"rules": RULES}})

    assert f"https://{LATE}/events accepted the validation handshake without" in while_it_waited
    assert "accepted the validation handshake" not in told.printed


def _consents_later(told: Told) -> Starlette:
    """A webhook that accepts the handshake, and calls the validation URL afterwards."""
    through = {"https": told.variables["HTTPS_PROXY"]}
    authority = told.variables["REQUESTS_CA_BUNDLE"]

    async def take(request: Request) -> Response:
        url = (await request.json())[0]["data"].get("validationUrl")
        call = partial(requests.get, url, proxies=through, verify=authority, timeout=5)
        return Response(background=BackgroundTask(call) if url else None)

    return Starlette(routes=[Route("/events", take, methods=["POST"])])


def test_a_functions_key_is_nowhere_in_clear(told: Told) -> None:
    state = told.succeeds("stack", "export")
    preview = told.succeeds("preview", "--diff", "--show-sames")

    for form in (KEY, quote(KEY, safe="")):
        assert form not in state
        assert form not in preview + told.printed


def test_a_rule_that_is_wrong_stops_everything_before_anything_is_made(told: Told) -> None:
    told.configure({"workspace_events": {"rules": [to_hook("bad", "ModelRegistred")]}})
    refused = told.refused("preview")
    told.configure({"workspace_events": {"rules": RULES}})

    assert "workspace_events.rules[0].event_types" in refused
    assert 'found:    ["ModelRegistred"]' in refused
    assert "one or more of RunCompleted, RunStatusChanged" in refused

"""What a webhook is asked before it gets events, and after."""

from datetime import timedelta

import pytest

from local_azure.services.eventgrid.destinations.webhook import WebHook
from local_azure.services.eventgrid.errors import HandshakeError
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world

EVENT_GRID, CLOUD_EVENTS = "EventGridSchema", "CloudEventSchemaV1_0"


def _consents(grid: Grid, schema: str = EVENT_GRID) -> bool:
    return world.consents(grid, world.hook_url("to-hook"), schema)


def test_a_webhook_that_answers_with_the_code_consents(grid: Grid) -> None:
    grid.hook.body = "echo"
    assert _consents(grid)
    [(_, headers, [event])] = grid.hook.got
    code = event["data"].get("validationCode")
    asked = {key: event[key] for key in ("eventType", "topic", "data")}
    assert asked == {
        "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
        "topic": world.ACCOUNT,
        "data": {"validationCode": code, "validationUrl": world.VALIDATION},
    }
    said = (headers["aeg-event-type"], headers["aeg-subscription-name"])
    assert said == ("SubscriptionValidation", "TO-HOOK")


@pytest.mark.parametrize("body", ["", "fine", '["a"]', "{}"])
def test_a_webhook_that_only_accepts_the_question_has_not_consented(grid: Grid, body: str) -> None:
    grid.hook.body = body
    assert not _consents(grid)


@pytest.mark.parametrize(
    ("schema", "status", "body", "told"),
    [
        (EVENT_GRID, 200, '{"validationResponse": "another"}', "status 200 with .*another"),
        (EVENT_GRID, 200, '{"validationResponse": "\u00e4"}', "status 200 with"),
        (EVENT_GRID, 200, '{"validationResponse": 5}', "status 200 with"),
        (EVENT_GRID, 202, "echo", "status 202 with"),
        (EVENT_GRID, 401, "no", "status 401 with 'no'"),
        (CLOUD_EVENTS, 405, "*", "status 405"),
        (CLOUD_EVENTS, 200, "other.example", "status 200"),
        (CLOUD_EVENTS, 204, "*", "status 204"),
    ],
)
def test_every_other_answer_is_refused_and_told(
    grid: Grid, schema: str, status: int, body: str, told: str
) -> None:
    grid.hook.answers, grid.hook.body = [status], body
    with pytest.raises(HandshakeError, match=told) as refusal:
        _consents(grid, schema)
    assert "https://hook.example.test/to-hook." in str(refusal.value)
    assert "sig=" not in str(refusal.value)


def test_a_webhook_that_keeps_silent_is_refused(grid: Grid) -> None:
    grid.call(grid.hook.hold.clear)

    async def silence() -> None:
        await grid.hook.arrived(1)
        grid.azure.clock.advance(timedelta(seconds=30))

    silent = grid.begin(silence())
    with pytest.raises(HandshakeError, match=r"nothing came back \(TimedOut\)"):
        _consents(grid)
    silent.result()


def test_a_host_that_nobody_answers_for_is_refused(grid: Grid) -> None:
    with pytest.raises(HandshakeError, match=r"nothing came back \(ResolutionError\)"):
        world.consents(grid, "https://nowhere.example.test/")


@pytest.mark.parametrize("allowed", ["*", "eventgrid.azure.net"])
def test_a_receiver_of_cloud_events_allows_the_origin(grid: Grid, allowed: str) -> None:
    grid.hook.body = allowed
    assert _consents(grid, schema=CLOUD_EVENTS)
    [(path, headers, events)] = grid.hook.got
    asked = {name: value for name, value in headers.items() if name.startswith("webhook-")}
    assert (path, events, asked) == (
        "/to-hook",
        [],
        {
            "webhook-request-origin": "eventgrid.azure.net",
            "webhook-request-callback": world.VALIDATION,
        },
    )


def test_a_deleted_subscription_is_announced(grid: Grid) -> None:
    identifier = grid.subscribe()
    grid.hook.answers = [500]
    grid.run(grid.azure.eventgrid.leave(identifier))
    [(_, headers, [event])] = grid.hook.got
    assert (headers["aeg-event-type"], event["eventType"], event["data"]) == (
        "SubscriptionDeletion",
        "Microsoft.EventGrid.SubscriptionDeletedEvent",
        {"eventSubscriptionId": identifier},
    )


def test_a_receiver_of_cloud_events_is_told_of_the_deletion_in_its_own_form(grid: Grid) -> None:
    identifier = grid.subscribe(eventDeliverySchema=CLOUD_EVENTS)
    grid.run(grid.azure.eventgrid.leave(identifier))
    [(_, headers, event)] = grid.hook.got
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert isinstance(event, dict)
    assert event["type"] == "Microsoft.EventGrid.SubscriptionDeletedEvent"


@pytest.mark.parametrize(
    "url",
    [
        "https://",
        "https:///path",
        "https://[h/",
        "https://h:port/",
        "https://h:99999/",
        "https://user:s3cret@h/",
        "https://h/a\r\nb",
    ],
)
def test_an_address_that_no_request_can_go_to_is_refused_and_not_shown(url: str) -> None:
    [problem] = WebHook().problems({"endpointType": "WebHook", "endpointUrl": url})

    assert problem.path == "destination.endpointUrl"
    assert "s3cret" not in problem.reason

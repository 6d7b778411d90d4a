"""`act receive`: a function or a webhook outside answers as one chooses, and what came to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.command_line import cli
from local_azure.services.eventgrid.errors import HandshakeError
from local_azure.services.receivers.service import Handlers
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world

FUNCTION = "https://my-function-app.azurewebsites.net/api/myeventhandler"
HOOK = "https://hooks.example.org/events"
CLOUD_EVENTS = "CloudEventSchemaV1_0"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _commands_ask_this_one(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    grid.answer(monkeypatch)


def received(url: str, capsys: Capture) -> list[dict[str, Any]]:
    """What `messages` shows of a receiver."""
    capsys.readouterr()
    assert cli.main(["show", "messages", url, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["messages"]
    return found


def test_a_function_is_called_with_its_key_alone(
    grid: Grid, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "key").write_text("a/key+of=it==\n")
    assert cli.main(["act", "receive", FUNCTION, "--key-file", str(tmp_path / "key")]) == 0

    for query in ("", "?code=another"):
        with pytest.raises(HandshakeError, match="status 401"):
            world.consents(grid, FUNCTION + query)
    consents = world.consents(grid, f"{FUNCTION}?code=a%2Fkey%2Bof%3Dit%3D%3D")
    (asked,) = received(FUNCTION, capsys)
    event_type = asked["user_properties"]["aeg-event-type"]
    assert (consents, event_type) == (True, "SubscriptionValidation")
    assert "of=it" not in json.dumps(asked)


def test_a_function_without_a_key_of_its_own_takes_any_but_none(grid: Grid) -> None:
    url = FUNCTION.replace("my-", "your-")
    assert cli.main(["act", "receive", url]) == 0

    assert world.consents(grid, f"{url}?code=x")
    with pytest.raises(HandshakeError, match="status 401"):
        world.consents(grid, url)


@pytest.mark.parametrize(
    ("schema", "callback"),
    [("EventGridSchema", "validationUrl"), (CLOUD_EVENTS, "webhook-request-callback")],
)
def test_a_silent_webhook_consents_by_the_url_that_messages_show(
    grid: Grid, schema: str, callback: str, capsys: Capture
) -> None:
    url = f"{HOOK}/{callback}"
    cli.main(["act", "receive", url, "--silent"])
    in_silence = world.consents(grid, url, schema)
    (asked,) = received(url, capsys)
    cli.main(["act", "receive", url])

    assert (in_silence, world.consents(grid, url, schema)) == (False, True)
    told = asked["body"] + json.dumps(asked["user_properties"])
    assert f'"{callback}": "{world.VALIDATION}"' in told


def test_what_a_webhook_refuses_comes_again_until_it_takes_it(grid: Grid, capsys: Capture) -> None:
    cli.main(["act", "receive", HOOK, "--status", "503"])
    grid.subscribe(destination=world.webhook(endpointUrl=HOOK))

    world.publish(grid, world.event())
    cli.main(["act", "receive", HOOK])
    world.advance(grid, seconds=60)

    told = [message["user_properties"] for message in received(HOOK, capsys)]
    answers = [(each["answered"], each["aeg-delivery-count"]) for each in told]
    assert answers == [(503, "0"), (200, "1")]
    assert world.deliveries(grid)[0]["state"] == "delivered"


def test_receivers_are_listed_and_survive_a_restart(grid: Grid, capsys: Capture) -> None:
    cli.main(["act", "receive", f"{HOOK}/kept", "--silent", "--status", "429"])
    capsys.readouterr()
    assert cli.main(["show", "receivers"]) == 0
    assert f"{HOOK}/kept: 429, handshake in silence\n" in capsys.readouterr().out

    again = grid.call(Handlers, grid.azure)
    assert f"{HOOK}/kept" in [each.url for each in grid.call(again.all)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["http://hooks.example.org/a"], "accepted: https://<host in small letters>/<path>"),
        (["https://hooks.example.org:8443/a"], "accepted: https://<host"),
        (["https://hooks.example.org/a?code=x"], "accepted: https://<host"),
        (["https://management.azure.com/a"], "a host that the embedded Azure does not emulate"),
        ([HOOK, "--status", "99"], "status 99: accepted: 200 to 599"),
    ],
)
def test_what_can_be_no_receiver_is_refused(
    arguments: list[str], told: str, capsys: Capture
) -> None:
    assert cli.main(["act", "receive", *arguments]) == 1
    assert told in capsys.readouterr().err


def test_a_path_without_a_receiver_says_how_to_have_one(grid: Grid) -> None:
    cli.main(["act", "receive", HOOK])
    with pytest.raises(HandshakeError, match=r"status 404 .*local-azure act receive"):
        world.consents(grid, f"{HOOK}/another")

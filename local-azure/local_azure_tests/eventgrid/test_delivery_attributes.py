"""Headers that a subscription adds to its deliveries to a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.services.eventgrid.destinations import delivery_attributes
from local_azure.services.eventgrid.destinations.messaging import QUEUE_DESTINATION
from local_azure.services.eventgrid.destinations.webhook import WebHook
from local_azure_tests.storage import world

if TYPE_CHECKING:
    from local_azure_tests.conftest import Running

KEY = delivery_attributes.KEY


def _subscribe(grid: Running, *mappings: dict[str, Any]) -> None:
    destination = {
        "endpointType": "WebHook",
        "endpointUrl": world.hook_url("to-hook"),
        KEY: list(mappings),
    }
    grid.call(world.subscribe, grid.azure, destination=destination)


def _problems(*mappings: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    given = {"endpointUrl": "https://hook.example.test/", KEY: list(mappings), **more}
    return [(problem.path, problem.reason) for problem in WebHook().problems(given)]


def test_fixed_and_taken_values_are_headers(grid: Running, hook: world.Hook) -> None:
    _subscribe(
        grid,
        {"type": "Static", "name": "x-functions-key", "value": "k'e\"y%", "isSecret": True},
        {"type": "Dynamic", "name": "Channel", "sourceField": "data.system"},
        {"type": "Dynamic", "name": "Absent", "sourceField": "data.absent"},
    )

    world.publish(grid, world.event(system="blue"))

    [(_, headers, _)] = hook.got
    assert headers["x-functions-key"] == "k'e\"y%"
    assert headers["channel"] == "blue"
    assert "absent" not in headers


@pytest.mark.parametrize("value", ["a\r\nInjected: yes", "ünd", "x" * 4097, "\x00"])
def test_a_value_that_can_be_no_header_is_left_out(
    grid: Running, hook: world.Hook, value: str
) -> None:
    _subscribe(grid, {"type": "Dynamic", "name": "Channel", "sourceField": "data.system"})

    world.publish(grid, world.event(system=value))

    [(_, headers, _)] = hook.got
    assert "channel" not in headers
    assert "injected" not in headers


def test_a_secret_value_is_in_no_answer_and_in_no_history(grid: Running, hook: world.Hook) -> None:
    secret = {"type": "Static", "name": "Key", "value": "s3cret", "isSecret": True}
    open_value = {"type": "Static", "name": "Team", "value": "ml", "isSecret": False}
    told = WebHook().told({"endpointUrl": "https://h.example.test/", KEY: [secret, open_value]})
    assert told[KEY] == [{"type": "Static", "name": "Key", "isSecret": True}, open_value]

    _subscribe(grid, secret)
    hook.answers = [500]
    world.publish(grid)

    assert "s3cret" not in str(world.deliveries(grid))
    database = grid.home.database.read_bytes()
    assert b"s3cret" not in database


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


@pytest.mark.parametrize(
    ("mapping", "path"),
    [
        ({"type": "Static", "name": "aeg-event-type", "value": "x"}, "name"),
        ({"type": "Static", "name": "Host", "value": "x"}, "name"),
        ({"type": "Static", "name": "a b", "value": "x"}, "name"),
        ({"type": "Static", "name": "a\n", "value": "x"}, "name"),
        ({"type": "Static", "value": "x"}, "name"),
        ({"type": "Static", "name": "a", "value": "s3cret\r\nb: c"}, "value"),
        ({"type": "Static", "name": "a", "value": "s3cret" * 1000}, "value"),
        ({"type": "Static", "name": "a"}, "value"),
        ({"type": "Dynamic", "name": "a", "sourceField": "data.items[0]"}, "sourceField"),
        ({"type": "Dynamic", "name": "a", "sourceField": "data..x"}, "sourceField"),
        ({"type": "Dynamic", "name": "a"}, "sourceField"),
    ],
)
def test_an_attribute_that_can_be_no_header_is_refused_and_its_value_not_shown(
    mapping: dict[str, Any], path: str
) -> None:
    found = _problems(mapping)

    assert [where for where, _ in found] == [f"destination.{KEY}[0].{path}"]
    assert "s3cret" not in str(found)


def test_eleven_attributes_or_one_name_twice_are_refused() -> None:
    many = [{"type": "Static", "name": f"a{number}", "value": "x"} for number in range(11)]
    twice = [{"type": "Static", "name": name, "value": "x"} for name in ("Team", "TEAM")]

    assert _problems(*many) == [(f"destination.{KEY}", "found 11, accepted: 10 or fewer")]
    assert [path for path, _ in _problems(*twice)] == [f"destination.{KEY}"]


def test_values_that_a_preview_does_not_know_yet_pass() -> None:
    mapping = {"type": "Static", "name": UNKNOWN, "value": UNKNOWN}

    assert _problems(mapping, mapping) == []
    for given in (UNKNOWN, [UNKNOWN]):
        unknown = {"endpointUrl": UNKNOWN, "resourceId": UNKNOWN, KEY: given}
        assert [*WebHook().problems(unknown), *QUEUE_DESTINATION.problems(unknown)] == []


def test_values_taken_from_the_event_are_refused_with_batches() -> None:
    mapping = {"type": "Dynamic", "name": "a", "sourceField": "data.a"}

    assert [path for path, _ in _problems(mapping, maxEventsPerBatch=2)] == [f"destination.{KEY}"]

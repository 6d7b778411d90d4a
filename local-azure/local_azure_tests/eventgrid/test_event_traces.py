"""What a trace tells of an event: each attempt at each delivery, and who did not want it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from local_azure.commands.console_client import Console
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.storage import world

NAME = "/blobServices/default/containers/input/blobs/"


@pytest.fixture
def console(grid: Grid) -> Console:
    return Console.at(grid.home, {"ports": grid.azure.ports.now})


def spans(console: Console, name: str, kind: str) -> list[dict[str, Any]]:
    told = console.get(f"/trace?{urlencode({'id': f'id of {NAME}{name}'})}")
    return [each for each in told["spans"] if each["kind"] == kind]


def test_each_attempt_has_what_was_answered_and_when_it_was_due(
    grid: Grid, console: Console
) -> None:
    grid.subscribe()
    grid.hook.answers = [503, 503]
    start = grid.azure.clock.now()
    world.publish(grid, world.event(f"{NAME}twice"))
    for _ in range(2):
        world.advance(grid, seconds=60)

    tried = spans(console, "twice", "attempt")

    refused = ("ServiceUnavailable", "ServiceUnavailable")
    assert [(each["state"], each["reason"]) for each in tried] == [refused, refused, ("OK", "")]
    # The second was due after ten seconds; the clock went on by sixty each time.
    assert [each["end"][:19] for each in tried] == [
        (start + timedelta(seconds=passed)).isoformat()[:19] for passed in (0, 60, 120)
    ]
    assert tried[1]["start"] > tried[0]["end"]


def test_a_dead_letter_that_can_t_be_written_is_an_attempt_of_its_own(
    grid: Grid, console: Console
) -> None:
    nowhere = {**world.DEAD_LETTERS["deadLetterDestination"], "resourceId": "/none"}
    letters = {**world.DEAD_LETTERS, "deadLetterDestination": nowhere}
    grid.subscribe(deadLetterWithResourceIdentity=letters)
    grid.hook.answers = [400]
    world.publish(grid, world.event(f"{NAME}dead"))
    world.advance(grid, minutes=5)

    [written] = spans(console, "dead", "dead letter")
    [delivery] = spans(console, "dead", "delivery")

    assert written["reason"].startswith("The storage account /none")
    assert delivery["reason"].startswith("MaxDeliveryAttemptsExceeded: The storage account")


def test_who_did_not_want_an_event_is_told_with_what_refused_it(
    grid: Grid, console: Console
) -> None:
    grid.subscribe("all")
    grid.subscribe("csv", filter={"subjectEndsWith": ".csv"})
    world.publish(grid, world.event(f"{NAME}a.txt"))
    grid.subscribe("late")

    verdicts = {each["name"]: each["reason"] for each in spans(console, "a.txt", "verdict")}

    assert verdicts == {
        "csv": (
            f'subject is "{NAME}a.txt"; wanted is one that ends with ".csv", compared without case'
        ),
        "late": "it came, or got the filter that would take the event, after the event",
    }


def test_a_list_that_would_be_the_same_is_not_told_again(grid: Grid, console: Console) -> None:
    world.publish(grid, world.event(f"{NAME}new"))
    told = console.get("/traces?containing=blobs/new")
    assert [each["state"] for each in told["traces"]] == ["unwanted"]

    again = console.get(f"/traces?unless={told['changes']}")
    assert again == {"changes": told["changes"], "traces": None}

    world.publish(grid, world.event(f"{NAME}newer"))
    assert console.get(f"/traces?unless={told['changes']}")["traces"]


def test_a_name_in_another_alphabet_is_found_by_a_part_of_it(grid: Grid, console: Console) -> None:
    world.publish(grid, world.event(f'{NAME}größe "7"', url="https://d/gr%C3%B6%C3%9Fe"))

    asked = urlencode({"containing": 'GRößE "7"'})
    found = console.get(f"/traces?{asked}")["traces"]

    assert [each["file"] for each in found] == ["https://d/gr%C3%B6%C3%9Fe"]


def test_pages_leave_no_event_out_though_hundreds_came_at_one_moment(
    grid: Grid, console: Console
) -> None:
    names = [f"many/{number}" for number in range(250)]
    grid.call(grid.azure.clock.advance, timedelta(microseconds=123456))
    world.publish(grid, *(world.event(f"{NAME}{name}") for name in names[:240]))
    world.advance(grid, seconds=1)
    world.publish(grid, *(world.event(f"{NAME}{name}") for name in names[240:]))

    found = console.get("/traces?containing=blobs/many/&limit=500")["traces"]

    assert sorted(each["id"] for each in found) == sorted(f"id of {NAME}{each}" for each in names)


def test_an_event_that_is_sent_again_is_one_trace(grid: Grid, console: Console) -> None:
    grid.subscribe()
    for _ in range(2):
        world.publish(grid, world.event(f"{NAME}again"))

    traces = console.get("/traces?containing=blobs/again")["traces"]
    assert (len(spans(console, "again", "delivery")), len(traces)) == (2, 1)

"""Several events in one delivery, where a subscription asks for that."""

import json
from typing import Any

from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing
from local_azure_tests.storage import world


def _subscribe(grid: Grid, most: int, kilobytes: int = 64, **inputs: Any) -> None:
    publishing.topic(grid)
    destination = world.webhook(maxEventsPerBatch=most, preferredBatchSizeInKilobytes=kilobytes)
    publishing.subscribe(grid, publishing.TOPIC, destination=destination, **inputs)


def _publish(grid: Grid, *sizes: int) -> None:
    sent = [publishing.event(id=str(n), data="x" * size) for n, size in enumerate(sizes)]
    publishing.by_key(grid).send(sent)


def _batches(grid: Grid) -> list[list[str]]:
    """The ids of the events of each delivery, sorted."""
    return sorted([event["id"] for event in body] for _, body in publishing.got(grid))


def test_a_delivery_has_as_many_events_as_are_asked_for(grid: Grid) -> None:
    _subscribe(grid, 2)
    _publish(grid, 1, 1, 1, 1, 1)
    assert _batches(grid) == [["0", "1"], ["2", "3"], ["4"]]


def test_a_delivery_keeps_to_its_size_and_a_bigger_event_goes_alone(grid: Grid) -> None:
    _subscribe(grid, 10, 1)
    _publish(grid, 200, 200, 3000, 200)
    assert _batches(grid) == [["0", "1"], ["2"], ["3"]]


def test_a_refused_batch_comes_again_as_a_whole(grid: Grid) -> None:
    _subscribe(grid, 10)
    grid.hook.answers = [500]
    _publish(grid, 1, 1)
    grid.run(grid.azure.eventgrid.settled())
    world.advance(grid, seconds=10)
    counts = [headers["aeg-delivery-count"] for _, headers, _ in grid.hook.got[-2:]]
    assert (_batches(grid), counts) == ([["0", "1"], ["0", "1"]], ["0", "1"])


def test_events_that_were_tried_more_often_go_apart(grid: Grid) -> None:
    _subscribe(grid, 10)
    grid.hook.answers = [500, 500, 500]
    _publish(grid, 1)
    world.advance(grid, seconds=0)
    world.advance(grid, seconds=10)
    world.advance(grid, seconds=30 - 10)
    _publish(grid, 2)
    world.advance(grid, seconds=0)
    world.advance(grid, seconds=10)
    counts = [headers["aeg-delivery-count"] for _, headers, _ in grid.hook.got[-2:]]
    assert _batches(grid) == [["0"]] * 5
    assert sorted(counts) == ["1", "2"]


def test_each_event_of_a_batch_has_a_history_of_its_own(grid: Grid) -> None:
    _subscribe(grid, 10)
    grid.hook.answers = [400]
    _publish(grid, 1, 1)
    grid.run(grid.azure.eventgrid.settled())
    found = [world.find(grid, identifier)["deliveries"] for identifier in ("0", "1")]
    assert [(each["state"], each["attempts"]) for [each] in found] == [("dropped", 1)] * 2


def test_a_batch_of_cloud_events_is_an_array_that_says_so(grid: Grid) -> None:
    _subscribe(grid, 10, eventDeliverySchema="CloudEventSchemaV1_0")
    _publish(grid, 1, 1)
    assert _batches(grid) == [["0", "1"]]
    media_type = grid.hook.got[-1][1]["content-type"]
    assert media_type == "application/cloudevents-batch+json; charset=utf-8"
    assert json.dumps(grid.hook.got[-1][2]).count('"specversion": "1.0"') == 2

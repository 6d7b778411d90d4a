"""Filters where events come in as CloudEvents: their attributes have the names of that schema."""

from typing import Any

import pytest
from azure.core.messaging import CloudEvent

from local_azure.control_plane.resource_manager.errors import InvalidPropertyError
from local_azure_tests.conftest import NOON
from local_azure_tests.eventgrid.conftest import Grid
from local_azure_tests.eventgrid.publishers import publishing


def _subscribe(grid: Grid, name: str, key: str, *values: str, schema: str) -> None:
    wanted = {"operatorType": "StringIn", "key": key, "values": list(values)}
    filters = {"advancedFilters": [wanted]}
    publishing.subscribe(grid, publishing.TOPIC, name, eventDeliverySchema=schema, filter=filters)


def _cloud(grid: Grid, name: str, key: str, *values: str) -> None:
    _subscribe(grid, name, key, *values, schema="CloudEventSchemaV1_0")


def test_the_attributes_of_a_cloud_event_are_filtered_by_their_own_names(cloud_topic: Grid) -> None:
    _cloud(cloud_topic, "source", "source", "/ORDERS")
    _cloud(cloud_topic, "type", "Type", "Order.Placed", "Order.Paid")
    _cloud(cloud_topic, "version", "specversion", "1.0")
    _cloud(cloud_topic, "extension", "shop", "north")
    _cloud(cloud_topic, "data", "data.price.currency", "eur")
    _cloud(cloud_topic, "other-source", "source", "/returns")
    _cloud(cloud_topic, "other-extension", "shop", "south")
    _cloud(cloud_topic, "no-extension", "till", "north")
    cloud_topic.hook.reset()

    data: Any = {"price": {"currency": "EUR"}}
    event = CloudEvent(
        "/orders", "Order.Placed", data=data, id="1", time=NOON, extensions={"shop": "north"}
    )
    publishing.by_key(cloud_topic).send([event])
    cloud_topic.run(cloud_topic.azure.eventgrid.settled())

    paths = sorted(path for path, _, _ in cloud_topic.hook.got)
    assert paths == ["/data", "/extension", "/source", "/type", "/version"]


@pytest.mark.parametrize("key", ["eventType", "dataVersion", "Shop", "data", "shop.name", "a-b"])
def test_a_name_that_cloud_events_do_not_have_is_refused(cloud_topic: Grid, key: str) -> None:
    with pytest.raises(InvalidPropertyError, match=f"found '{key}', accepted: id, "):
        _cloud(cloud_topic, "wrong", key, "x")


@pytest.mark.parametrize("key", ["source", "type", "specversion", "shop"])
def test_a_name_that_only_cloud_events_have_is_refused_elsewhere(topic: Grid, key: str) -> None:
    with pytest.raises(InvalidPropertyError, match=f"found '{key}', accepted: id, topic"):
        _subscribe(topic, "wrong", key, "x", schema="EventGridSchema")

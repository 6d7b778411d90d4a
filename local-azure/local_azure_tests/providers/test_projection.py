"""Between inputs and outputs: refreshes, previews, and what counts as a difference."""

from typing import Any

import pytest

from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.pulumi import difference, projection, wire


@pytest.mark.parametrize(
    ("inputs", "before", "after", "refreshed"),
    [
        # Untouched, though the cloud writes it otherwise.
        ({"a": "West"}, {"a": "west"}, {"a": "west"}, {"a": "West"}),
        # Write-only values stay.
        ({"a": 1, "secret": 2}, {"a": 1}, {"a": 3}, {"a": 3, "secret": 2}),
        # Taken away in the cloud.
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, {"a": 1}, {"a": 1}),
        # Added in the cloud.
        ({"a": {}}, {"a": {}}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        # A default that the program never gave, changed in the cloud.
        ({}, {"a": "off"}, {"a": "on"}, {"a": "on"}),
        ({"a": [1, 2]}, {"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
    ],
)
def test_a_refresh_takes_over_what_changed_in_the_cloud_alone(
    inputs: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    refreshed: dict[str, Any],
) -> None:
    assert projection.refreshed(inputs, before, after) == refreshed


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, ["a.b", "a.c"]),
        ({"a": [1, 2]}, {"a": [1]}, ["a[1]"]),
        ({"a": 1}, {"a": UNKNOWN}, ["a"]),
        ({"tags": {"x.y": 1}}, {"tags": {"x.y": 2}}, ['tags["x.y"]']),
        ({"__createBeforeDelete": True}, {}, []),
    ],
)
def test_a_difference_names_the_innermost_property(
    old: dict[str, Any], new: dict[str, Any], paths: list[str]
) -> None:
    assert [path for path, _ in difference.changed(old, new)] == paths


def test_values_come_back_from_the_wire_as_they_were() -> None:
    values = {"a": [1, 2.5, True, "x", {"b": UNKNOWN}], "c": {"d": "hidden"}}
    found = wire.decode(wire.encode(values, {"c.d"}))
    assert found == (values, frozenset({"c.d"}))


def test_an_update_in_preview_keeps_what_the_service_made_up() -> None:
    shown = {"name": UNKNOWN, "kind": "new", "sku": {"name": "x", "tier": UNKNOWN}, "new": UNKNOWN}
    before = {"name": "thing", "kind": "old", "sku": {"name": "w", "tier": "t"}}
    kept = projection.filled(shown, before)
    assert kept == {"name": "thing", "kind": "new", "sku": {"name": "x", "tier": "t"}}

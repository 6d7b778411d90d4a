"""Registered data: made on Resource Manager's host, scored by its id."""

from collections.abc import Iterator
from typing import Any

import pytest

from local_azure_tests.core.rest_client import code, refusal
from local_azure_tests.machinelearning.world import GROUP, ML, WORKSPACE, World

HEART = f"{WORKSPACE}/data/heart"
FOLDER = "azureml://datastores/batch_inputs/paths/heart/"


@pytest.fixture
def registering(world: World) -> Iterator[World]:
    """Somebody who may register data, and a folder that is to be."""
    world.put(GROUP, {"location": "westeurope"})
    world.allow_further(f"{ML}/data/*")
    world.blob("inputs", "inputs", "heart/a.txt", b"one")
    yield world
    for each in [GROUP, *world.running.call(world.azure.resources.below, f"{WORKSPACE}/data")]:
        world.running.call(world.azure.resources.delete, each)


def put(world: World, version: str = "1", **properties: Any) -> tuple[int, Any]:
    given = {"dataType": "uri_folder", "dataUri": FOLDER, **properties}
    return manage(world, "PUT", f"{HEART}/versions/{version}", {"properties": given})


def manage(world: World, method: str, place: str, body: Any = None) -> tuple[int, Any]:
    return world.manage(method, f"{place}?api-version=2025-12-01", body)


def test_a_job_reads_the_folder_of_an_asset(registering: World) -> None:
    put(registering)

    job = registering.score(f"{HEART}/versions/1", "UriFolder")

    assert registering.predictions(job) == "a.txt one\n"


def test_the_container_tells_the_version_that_was_made_last(registering: World) -> None:
    for version in ("1", "3", "2"):
        put(registering, version)
    made = manage(registering, "GET", HEART)[1]["properties"]

    manage(registering, "DELETE", f"{HEART}/versions/2")

    left = manage(registering, "GET", HEART)[1]["properties"]
    told = [(each["latestVersion"], each["nextVersion"], each["dataType"]) for each in (made, left)]
    assert told == [("2", "3", "uri_folder"), ("3", "4", "uri_folder")]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a table": ({"dataType": "mltable"}, "tables (mltable) are not emulated"),
    "no type": ({"dataType": None}, "properties.dataType"),
    "no place": ({"dataUri": ""}, "properties.dataUri"),
    "no such datastore": (
        {"dataUri": "azureml://datastores/nowhere/paths/x"},
        "has no datastore 'nowhere'",
    ),
    "an asset of an asset": ({"dataUri": f"{HEART}/versions/1"}, "There is no data asset"),
}


@pytest.mark.parametrize(("properties", "why"), REFUSED.values(), ids=REFUSED)
def test_what_no_job_could_read_is_refused(
    registering: World, properties: dict[str, Any], why: str
) -> None:
    assert why in refusal(put(registering, **properties), 400, 501)


def test_a_version_s_place_never_changes(registering: World) -> None:
    put(registering)

    told = put(registering, dataUri="azureml://datastores/batch_inputs/paths/other/")

    assert code(told) == (409, "Conflict")
    assert "a version's content never changes" in refusal(told, 409)


UNREAD = {
    "another type": ("UriFile", f"{HEART}/versions/1", "is of type 'uri_folder', not of UriFile"),
    "no such version": ("UriFolder", f"{HEART}/versions/9", "There is no data asset"),
    "another workspace": ("UriFolder", f"{HEART}/versions/1".replace("/ws/", "/other/"), "another"),
}


@pytest.mark.parametrize(("kind", "uri", "why"), UNREAD.values(), ids=UNREAD)
def test_what_is_no_such_asset_starts_no_job(
    registering: World, kind: str, uri: str, why: str
) -> None:
    put(registering)

    assert why in refusal(registering.invoke(uri, kind), 400, 501)


def test_nothing_is_written_to_an_asset(registering: World) -> None:
    put(registering, dataType="uri_file", dataUri=f"{FOLDER}a.txt")

    told = registering.invoke(output=f"{HEART}/versions/1")

    assert "No other store can be written to" in refusal(told, 400)

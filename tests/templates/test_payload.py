"""What a job is asked to do: one file, the folder of a marker file, further inputs and outputs.

It is what the client would send for the same.
"""

import json
from typing import Any

import pytest

from batch_client.invocation import FILE, FOLDER, LITERAL, Invocation, Port
from tests.templates.test_account_definitions import (
    ENDPOINT,
    INVOKING,
    SEQUENCER,
    deliver,
    event,
    hosts,
)

CONTAINER = "https://inputs.blob.core.windows.net/images"
URL = f"{CONTAINER}/in/seven.pgm"
MARKER = {"marker_name": "_SUCCESS"}
TAGS = {"event_id": "event-1", "event_sequencer": SEQUENCER}
PIPELINE = {
    "input_name": "data",
    "job_inputs": {"mode": {"JobInputType": "Literal", "Value": 'a "quoted" {event_id}'}},
    "job_outputs": {
        "scores": {
            "JobOutputType": "UriFolder",
            "Uri": "azureml://datastores/workspaceblobstore/paths/scores/{event_id}/",
        }
    },
}

pytestmark = pytest.mark.parametrize("template", INVOKING)


def asked(template: str, given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The properties of the one job that is started for an event."""
    world = hosts()
    response, _ = deliver(template, world, [given], **changes)
    assert response.status == 200, response.body
    [invoke] = world.to(ENDPOINT)
    properties: dict[str, Any] = json.loads(invoke.body)["properties"]
    return properties


def test_the_job_has_the_id_of_its_event(template: str) -> None:
    world = hosts()

    deliver(template, world)

    [invoke] = world.to(ENDPOINT)
    assert invoke.uri == f"https://{ENDPOINT}/jobs"
    assert json.loads(invoke.body)["properties"]["tags"]["event_id"] == "event-1"
    assert invoke.headers["repeatability_request-id"] == "event-1"


def test_jobs_for_events_that_overtake_each_other_tell_which_was_the_later_one(
    template: str,
) -> None:
    later, earlier = (
        event(id=name, url=URL, data={"url": URL, "sequencer": sequencer})
        for name, sequencer in (("later", f"{16:032X}"), ("earlier", f"{15:032X}"))
    )

    jobs = [asked(template, given)["tags"] for given in (later, earlier)]

    in_order = sorted(jobs, key=lambda tags: tags["event_sequencer"])
    assert [tags["event_id"] for tags in in_order] == ["earlier", "later"]


def test_an_event_without_a_sequencer_starts_its_job(template: str) -> None:
    tags = asked(template, event(data={"url": URL}))["tags"]

    assert tags == {"event_id": "event-1", "event_sequencer": ""}


def test_a_file_starts_a_job_for_itself(template: str) -> None:
    by_hand = Invocation({"mnistinput": Port(FILE, URL)}, tags=TAGS)
    assert asked(template, event(url=URL)) == by_hand.body()["properties"]


@pytest.mark.parametrize("folder", ["in/2026-06-01", "in/_SUCCESS", "in/a%20b%23/c"])
def test_a_marker_starts_one_job_for_its_folder(template: str, folder: str) -> None:
    given = event(url=f"{CONTAINER}/{folder}/_SUCCESS")
    by_hand = Invocation({"mnistinput": Port(FOLDER, f"{CONTAINER}/{folder}/")}, tags=TAGS)
    assert asked(template, given, **MARKER) == by_hand.body()["properties"]


@pytest.mark.parametrize("name", ["seven.pgm", "_success", "x_SUCCESS", "_SUCCESS/seven.pgm"])
def test_another_file_than_the_marker_starts_no_job(template: str, name: str) -> None:
    world = hosts()

    response, _ = deliver(template, world, [event(url=f"{CONTAINER}/in/{name}")], **MARKER)

    assert response.status == 400
    assert "of a file named _SUCCESS" in response.body["reason"]
    assert world.requests == []


def test_further_inputs_and_outputs_reach_the_endpoint_as_json(template: str) -> None:
    scores = "azureml://datastores/workspaceblobstore/paths/scores/event-1/"
    by_hand = Invocation(
        {"mode": Port(LITERAL, 'a "quoted" {event_id}'), "data": Port(FILE, URL)},
        {"scores": Port(FOLDER, scores)},
        tags=TAGS,
    )
    assert asked(template, event(url=URL), **PIPELINE) == by_hand.body()["properties"]


def test_no_id_of_an_event_breaks_out_of_the_path_of_an_output(template: str) -> None:
    given = event(id='1"},"x":{"/../\\')
    output = asked(template, given, **PIPELINE)["OutputData"]["scores"]["Uri"]
    assert output.endswith("/scores/1%22%7D%2C%22x%22%3A%7B%22%2F..%2F%5C/")


BESIDE = {
    "job_outputs": {
        "score": {
            "JobOutputType": "UriFile",
            "Uri": "azureml://datastores/batch_inputs/paths/{input}_predictions.csv",
        }
    }
}


@pytest.mark.parametrize(
    ("blob", "marker", "written"),
    [
        ("in/seven.pgm", "", "in/seven.pgm_predictions.csv"),
        ("in/a%20b%23/%E6%95%B0.pgm", "", "in/a b#/数.pgm_predictions.csv"),
        ('in/"}\\{event_id}.pgm', "", 'in/"}\\{event_id}.pgm_predictions.csv'),
        ("in/monday/_SUCCESS", "_SUCCESS", "in/monday_predictions.csv"),
        ("_SUCCESS", "_SUCCESS", "_predictions.csv"),
    ],
)
def test_predictions_can_lie_beside_the_input(
    template: str, blob: str, marker: str, written: str
) -> None:
    given = event(url=f"{CONTAINER}/{blob}")
    asked_for = asked(template, given, marker_name=marker, watched_url=f"{CONTAINER}/", **BESIDE)
    assert asked_for["OutputData"]["score"]["Uri"] == (
        f"azureml://datastores/batch_inputs/paths/{written}"
    )


def test_a_plain_payload_is_the_input_and_nothing_else(template: str) -> None:
    given = event(url=URL)
    plain = asked(template, given, plain_payload=True, **PIPELINE | {"job_inputs": {}})
    assert plain == Invocation({"data": Port(FILE, URL)}).body()["properties"]

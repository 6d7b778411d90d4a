"""An event at every kind of destination: by the topic's identity, or by a workflow's."""

import base64
import json
from typing import Any

import pytest

from local_azure_tests.datafactory.cloud import contributor
from local_azure_tests.messaging import world as bus
from local_azure_tests.storage import world as drops
from tests.stack.event_path.deployed import until
from tests.stack.workspace_events.told import Told


@pytest.fixture(scope="module")
def subject(told: Told, digit: bytes) -> str:
    """Of the event of a job that has completed; where it got is looked at by each test."""
    job = told.job_of("incoming/destinations.pgm", digit)
    return str(told.await_event("/completed", job["name"])["subject"])


def queued(told: Told) -> list[dict[str, Any]]:
    """The events in the storage queue, by the real client."""
    with told.shell():
        queue = drops.queues().get_queue_client("events")
        return [json.loads(base64.b64decode(each.content)) for each in queue.peek_messages(32)]


def test_a_storage_queue_gets_it(told: Told, subject: str) -> None:
    def came() -> list[dict[str, Any]]:
        return [event for event in queued(told) if event["subject"] == subject]

    (event,) = until(came, "a message in the queue")
    assert event["eventType"] == "Microsoft.MachineLearningServices.RunCompleted"


@pytest.mark.parametrize("entity", [bus.HUB, bus.QUEUE, bus.TOPIC])
def test_an_event_hub_and_service_bus_get_it(told: Told, subject: str, entity: str) -> None:
    def came() -> list[dict[str, Any]]:
        bodies = [json.loads(each["body"]) for each in bus.messages(told.running, entity)]
        return [body for body in bodies if subject in str(body)]

    assert len(until(came, f"a message at {entity}")) == 1


def test_a_webhook_gets_it_as_a_cloud_event(told: Told, subject: str) -> None:
    event = told.await_event("/cloud", subject)

    assert {key: event[key] for key in ("specversion", "type", "source")} == {
        "specversion": "1.0",
        "type": "Microsoft.MachineLearningServices.RunCompleted",
        "source": told.outputs["workspace_id"],
    }


def test_the_topics_identity_has_one_role_for_each_place(told: Told) -> None:
    topics = told.resources("Microsoft.EventGrid/systemTopics")
    workspace = told.outputs["workspace_id"].lower()
    (topic,) = [each for each in topics if each.body["source"].lower() == workspace]
    rows = told.running.call(
        told.running.azure.state.rows,
        "SELECT scope FROM role_assignments WHERE principal = ?",
        topic.properties["identity"]["principalId"],
    )

    dead_letters = f"{told.account_id.rpartition('/')[0]}/{told.outputs['dead_letter_account']}"
    places = (bus.HUB, bus.QUEUE, bus.TOPIC, drops.ACCOUNT, dead_letters)
    assert sorted(row["scope"] for row in rows) == sorted(place.lower() for place in places)


def test_drift_starts_the_pipeline_with_the_event(told: Told) -> None:
    workspace = told.outputs["workspace_id"]
    told.running.call(told.running.azure.machinelearning.news.raise_drift, workspace, "data", 0.625)

    with told.shell(), contributor(told.running) as caller:

        def came() -> Any:
            runs = caller.query().value
            return [each for each in runs if "0.625" in each.parameters["event"]]

        (started,) = until(came, "a run of the pipeline")
        run = caller.ended(started.run_id)

    assert (run.status, run.parameters["epochs"]) == ("Succeeded", "3")

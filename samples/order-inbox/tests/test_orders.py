"""A file that lands becomes a message: tried with Azure's own client, on the program as it is."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from azure.identity import EnvironmentCredential
from azure.storage.blob import ContainerClient

PROGRAM = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def inbox(local_azure):
    stack = local_azure.stack(PROGRAM)
    yield stack.up()
    stack.destroy()


@pytest.fixture
def upload(local_azure, inbox):
    with local_azure.environment("Storage Blob Data Contributor"):
        container = ContainerClient.from_container_url(
            inbox["container_url"], EnvironmentCredential()
        )
        with container:
            yield container.upload_blob


def subjects(local_azure, inbox):
    events = [json.loads(each["body"]) for each in local_azure.messages(inbox["queue"])]
    return [event["subject"].rpartition("/")[2] for event in events]


def test_an_order_becomes_a_message(local_azure, inbox, upload):
    upload("seven.json", b"{}")

    assert local_azure.wait_for(lambda: subjects(local_azure, inbox)) == ["seven.json"]


def test_another_file_becomes_none(local_azure, upload):
    upload("seven.txt", b"")

    newest = local_azure.wait_for(local_azure.events)[0]
    assert newest["event"]["subject"].endswith("/seven.txt")
    assert newest["deliveries"] == []


def test_a_queue_that_is_away_gets_the_message_later(local_azure, inbox, upload):
    local_azure.fault("*.queue.core.windows.net", status=503)
    upload("eight.json", b"{}")
    local_azure.wait_for(lambda: local_azure.events()[0]["deliveries"][0]["attempts"] == 1)

    local_azure.advance(timedelta(minutes=1))

    assert local_azure.wait_for(lambda: "eight.json" in subjects(local_azure, inbox))

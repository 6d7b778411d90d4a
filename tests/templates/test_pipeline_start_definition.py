"""What the definition that starts a pipeline's run asks of Resource Manager."""

import json

import pytest

from local_azure_tests.world import IDENTITY_TOKEN
from tests.templates.test_every_definition import (
    CONTAINER,
    FACTORY,
    RESOURCE_MANAGER,
    definition,
    deliver,
    event,
    hosts,
)

TEMPLATE = "start_pipeline_run.json"


def test_a_marker_starts_one_run_for_its_folder() -> None:
    world = hosts()

    deliver(TEMPLATE, world, [event(url=f"{CONTAINER}/in/a%20b/_SUCCESS")])

    [asked] = world.requests
    assert asked.uri == (
        f"https://{RESOURCE_MANAGER}{FACTORY}/pipelines/Score-Folder"
        "/createRun?api-version=2018-06-01"
    )
    assert json.loads(asked.body) == {
        "endpoint_input_uri": f"{CONTAINER}/in/a%20b/",
        "endpoint_input_type": "UriFolder",
    }


def test_a_pipelines_name_is_encoded() -> None:
    world = hosts()

    deliver(TEMPLATE, world, pipeline_name="Score it/all?")

    assert "/pipelines/Score%20it%2Fall%3F/createRun?" in world.requests[0].uri


@pytest.mark.parametrize("name", ["seven.pgm", "_success", "x_SUCCESS", "_SUCCESS/seven.pgm"])
def test_another_file_than_the_marker_starts_no_run(name: str) -> None:
    world = hosts()

    response, _ = deliver(TEMPLATE, world, [event(url=f"{CONTAINER}/in/{name}")])

    assert (response.status, world.requests) == (400, [])
    assert "of a file named _SUCCESS" in response.body["reason"]


def test_the_token_is_asked_for_the_clouds_resource_manager() -> None:
    world, asked = hosts(), []

    def token(identity: str | None, audience: str) -> str:
        asked.append((identity, audience))
        return IDENTITY_TOKEN

    world.identity_token = token
    deliver(TEMPLATE, world, audience="https://management.chinacloudapi.cn")

    assert asked == [(None, "https://management.chinacloudapi.cn")]


def test_it_declares_no_secret() -> None:
    types = {each["type"] for each in definition(TEMPLATE)["parameters"].values()}
    assert types == {"string"}

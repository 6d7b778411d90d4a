"""What each definition that takes an account's events asks for, of whom, and as whom."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from local_azure.runs.environment import IdentityError
from local_azure.runs.transport import ConnectionFailedError
from local_azure.services.logic.records import Response
from local_azure_tests.world import IDENTITY_TOKEN, World, answer
from tests.templates.test_account_definitions import (
    CONTAINER,
    CREATED,
    ENDPOINT,
    FACTORY,
    IDENTITY,
    LOGIN,
    PARAMETERS,
    PRINCIPAL,
    RESOURCE_MANAGER,
    SECRET,
    START,
    TOKEN,
    definition,
    deliver,
    event,
    hosts,
)

LOGIN_FAILURES = {
    "refused": answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215"}),
    "bad request": answer(400, {"error": "invalid_request"}),
    "forbidden": answer(403),
    "no such tenant": answer(404),
    "late": answer(408),
    "throttled": answer(429, Retry_After="5"),
    "broken": answer(500),
    "unreachable": ConnectionFailedError("No such host is known"),
    "without a token": answer(200, {"token_type": "Bearer"}),
}


def delivered(template: str, **changes: Any) -> tuple[World, Response]:
    """Hosts that answer well, once an event has been delivered, and the reply."""
    world = hosts()
    response, _ = deliver(template, world, **changes)
    return world, response


def test_a_secret_with_every_special_character_reaches_the_login_host_as_it_is() -> None:
    world, _ = delivered(PRINCIPAL)

    [authorize] = world.to(LOGIN)
    assert authorize.uri == f"https://{LOGIN}/{PARAMETERS['tenant_id']}/oauth2/token"
    assert authorize.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(authorize.body.decode(), strict_parsing=True) == {
        "grant_type": ["client_credentials"],
        "client_id": [PARAMETERS["client_id"]],
        "client_secret": [SECRET],
        "resource": ["https://ml.azure.com"],
    }


def test_another_cloud_is_asked_by_its_own_host_and_audience() -> None:
    china = {"login_host": "login.chinacloudapi.cn", "audience": "https://ml.azure.cn"}
    world = World({"login.chinacloudapi.cn": answer(200, TOKEN), ENDPOINT: answer(201, {})})

    deliver(PRINCIPAL, world, **china)

    [authorize] = world.to("login.chinacloudapi.cn")
    assert parse_qs(authorize.body.decode())["resource"] == ["https://ml.azure.cn"]
    assert len(world.to(ENDPOINT)) == 1


@pytest.mark.parametrize("reaction", LOGIN_FAILURES.values(), ids=LOGIN_FAILURES.keys())
def test_no_token_of_the_login_host_means_no_job_and_another_delivery(reaction: Any) -> None:
    world = hosts(login=reaction)
    response, _ = deliver(PRINCIPAL, world)

    assert (response.status, world.to(ENDPOINT)) == (503, [])
    assert len(world.to(LOGIN)) == 1, "a redelivery starts from a fresh token"


def test_a_token_that_never_comes_is_given_up_after_120_seconds() -> None:
    world = World({LOGIN: None, ENDPOINT: CREATED})

    response, _ = deliver(PRINCIPAL, world)

    assert (response.status, world.seconds) == (503, 120)


@pytest.mark.parametrize(
    ("template", "token"), [(PRINCIPAL, "token-of-the-application"), (IDENTITY, IDENTITY_TOKEN)]
)
def test_a_job_is_invoked_with_the_token_of_who_runs_the_workflow(
    template: str, token: str
) -> None:
    world, _ = delivered(template)

    [invoke] = world.to(ENDPOINT)
    assert invoke.headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("template", [IDENTITY, START])
def test_who_has_an_identity_asks_nobody_but_the_target_and_takes_no_secret(template: str) -> None:
    world, _ = delivered(template)

    types = {each["type"] for each in definition(template)["parameters"].values()}
    assert world.requests == world.to(ENDPOINT if template == IDENTITY else RESOURCE_MANAGER)
    assert types <= {"string", "object", "bool"}


@pytest.mark.parametrize(
    ("template", "audience"),
    [(IDENTITY, "https://ml.azure.cn"), (START, "https://management.chinacloudapi.cn")],
)
def test_the_token_is_asked_for_the_audience_of_the_cloud(template: str, audience: str) -> None:
    world, asked = hosts(), []

    def token(identity: str | None, audience: str) -> str:
        asked.append((identity, audience))
        return IDENTITY_TOKEN

    world.identity_token = token
    deliver(template, world, audience=audience)

    assert asked == [(None, audience)]


def no_identity(_identity: str | None, _audience: str) -> str:
    raise IdentityError("The workflow has no managed identity.")


def test_no_identity_means_no_job_and_another_delivery() -> None:
    world = hosts()
    world.identity_token = no_identity

    response, _ = deliver(IDENTITY, world)

    assert response.status == 503
    assert "Invoke Failed (WorkflowManagedIdentityNotSpecified)" in response.body["reason"]
    assert world.requests == []


def test_a_marker_starts_one_run_for_its_folder() -> None:
    world, _ = delivered(START, body=[event(url=f"{CONTAINER}/in/a%20b/_SUCCESS")])

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
    world, _ = delivered(START, pipeline_name="Score it/all?")

    assert "/pipelines/Score%20it%2Fall%3F/createRun?" in world.requests[0].uri


@pytest.mark.parametrize("name", ["seven.pgm", "_success", "x_SUCCESS", "_SUCCESS/seven.pgm"])
def test_another_file_than_the_marker_starts_no_run(name: str) -> None:
    world, response = delivered(START, body=[event(url=f"{CONTAINER}/in/{name}")])

    assert (response.status, world.requests) == (400, [])
    assert "of a file named _SUCCESS" in response.body["reason"]

"""What the service-principal definition says to the login host."""

from urllib.parse import parse_qs

from local_azure_tests.world import World, answer, run
from tests.templates.test_every_definition import (
    ENDPOINT,
    LOGIN,
    PARAMETERS,
    SECRET,
    TOKEN,
    definition,
    deliver,
    event,
    hosts,
)

TEMPLATE = "invoke_batch_endpoint.json"


def test_a_secret_with_every_special_character_reaches_the_login_host_as_it_is() -> None:
    world = hosts()

    deliver(TEMPLATE, world)

    [authorize] = world.to(LOGIN)
    assert authorize.uri == f"https://{LOGIN}/{PARAMETERS['tenant_id']}/oauth2/token"
    assert authorize.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(authorize.body.decode(), strict_parsing=True) == {
        "grant_type": ["client_credentials"],
        "client_id": [PARAMETERS["client_id"]],
        "client_secret": [SECRET],
        "resource": ["https://ml.azure.com"],
    }


def test_the_job_is_invoked_with_the_token_of_this_run() -> None:
    world = hosts()

    deliver(TEMPLATE, world)

    [invoke] = world.to(ENDPOINT)
    assert invoke.headers["Authorization"] == "Bearer token-of-the-application"


def test_another_cloud_is_asked_by_its_own_host_and_audience() -> None:
    china = {"login_host": "login.chinacloudapi.cn", "audience": "https://ml.azure.cn"}
    world = World({"login.chinacloudapi.cn": answer(200, TOKEN), ENDPOINT: answer(201, {})})

    run(definition(TEMPLATE), {**PARAMETERS, **china}, [event()], world)

    [authorize] = world.to("login.chinacloudapi.cn")
    assert parse_qs(authorize.body.decode())["resource"] == ["https://ml.azure.cn"]
    assert len(world.to(ENDPOINT)) == 1

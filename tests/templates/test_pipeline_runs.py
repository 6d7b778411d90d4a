"""Each pipeline template, run to its end against hosts that answer as they are told."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from batch_client.invocation import FILE, FOLDER, Invocation, Port
from local_azure.expressions.check import try_expressions
from local_azure.runs.transport import ConnectionFailedError, HttpRequest
from local_azure.services.datafactory.check import check_definition
from local_azure.services.datafactory.folder import Folder
from local_azure.services.datafactory.records import RunResult, Status
from local_azure_tests.pipeline_world import run
from local_azure_tests.world import IDENTITY_TOKEN, Answer, World, answer
from tests.templates.test_pipeline_types import load

ENDPOINT, LOGIN, VAULT = (
    "e.r.inference.ml.azure.com",
    "login.microsoftonline.com",
    "v.vault.azure.net",
)
MI, SP = "Run-BatchEndpoint-MI.json", "Run-BatchEndpoint-SP.json"
OUTER = "Score-Folder.json"
BOTH = pytest.mark.parametrize("name", [MI, SP])
CREATED = answer(201, {"name": "job-1"})


def status(of_the_job: str) -> Answer:
    return answer(200, {"name": "job-1", "properties": {"status": of_the_job}})


def execute(
    name: str, *answers: Answer, first: Mapping[str, Answer] | None = None, **given: Any
) -> tuple[RunResult, World]:
    """Run a template; the endpoint gives these answers in order, the last again and again.

    Args:
        name: the template's file.
        answers: the endpoint's.
        first: what login host or vault do once, before they answer well.
        given: parameters.
    """
    properties = load(name)["properties"]
    assert check_definition(properties) == []
    tokens = [answer(200, {"access_token": f"token-{n}"}) for n in range(1, 9)]
    secret = answer(200, {"value": "the&secret"})
    world = World({ENDPOINT: list(answers), LOGIN: [*tokens], VAULT: [secret]})
    for host, fault in (first or {}).items():
        world.hosts[host].insert(0, fault)  # type: ignore[union-attr]
    return run(properties, values_of(name) | given, world), world


def values_of(name: str) -> dict[str, Any]:
    """What has to be given to a template."""
    values = {
        "endpoint_uri": f"https://{ENDPOINT}/jobs",
        "endpoint_input_uri": "azureml://datastores/in/paths/folder/",
    }
    if name == SP:
        address = f"https://{VAULT}/secrets/s"
        values |= {"tenant_id": "t", "client_id": "c", "client_secret": address}
    return values


@BOTH
def test_a_job_that_completes_ends_the_pipeline_well(name: str) -> None:
    result, world = execute(name, CREATED, status("Running"), status("Completed"))

    assert (result.status, result.message) == (Status.SUCCEEDED, "")
    asked = [(each.method, each.uri) for each in world.to(ENDPOINT)]
    check = ("GET", f"https://{ENDPOINT}/jobs/job-1")
    assert asked == [("POST", f"https://{ENDPOINT}/jobs"), check, check]
    assert world.seconds == 240


@BOTH
@pytest.mark.parametrize("end", ["Failed", "Canceled"])
def test_a_job_that_does_not_complete_fails_the_pipeline_by_its_name(name: str, end: str) -> None:
    result, world = execute(name, CREATED, status(end))

    assert world.seconds == 120, "it is the last to be waited for"
    assert result.status is Status.FAILED
    assert f"The batch job job-1 ended with status {end}." in result.message


@BOTH
def test_the_waiting_has_a_cap(name: str) -> None:
    result, world = execute(name, CREATED, status("Running"), max_wait="0.00:10:00")

    assert result.status is Status.FAILED
    assert (
        "job-1 did not end within 0.00:10:00; its last known status is Running." in result.message
    )
    assert world.seconds == 600


@BOTH
@pytest.mark.parametrize("bad", [answer(500), answer(429), ConnectionFailedError("reset")])
def test_status_checks_that_keep_failing_end_the_waiting(name: str, bad: Answer) -> None:
    result, world = execute(name, CREATED, status("Running"), bad)

    assert result.status is Status.FAILED
    assert "5 status checks in a row failed; its last known status is Running" in result.message
    assert world.seconds == 6 * 120


@BOTH
@pytest.mark.parametrize("bad", [answer(500), answer(429), ConnectionFailedError("reset")])
def test_a_failed_status_check_is_forgotten_after_a_good_one(name: str, bad: Answer) -> None:
    good = status("Running")
    checks = [*[bad] * 4, good, *[bad] * 4, status("Completed")]

    result, _ = execute(name, CREATED, *checks)

    assert result.status is Status.SUCCEEDED


@BOTH
def test_an_invocation_that_fails_is_not_repeated(name: str) -> None:
    result, world = execute(name, answer(500))

    assert result.status is Status.FAILED
    assert len(world.to(ENDPOINT)) == 1
    assert [each.status for each in result.activities[-2:]] == [Status.SKIPPED] * 2


@BOTH
def test_a_token_that_expires_during_the_wait_is_renewed(name: str) -> None:
    world = World({})

    def token(*_asked: Any) -> str:
        return f"of {world.clock.timestamp():.0f}"

    def login(_request: HttpRequest) -> Answer:
        return answer(200, {"access_token": token()})

    def endpoint(request: HttpRequest) -> Answer:
        age = world.clock.timestamp() - float(request.headers["Authorization"].split()[-1])
        if age > 3600:
            return answer(401)
        if request.method == "POST":
            return CREATED
        return status("Running" if len(world.to(ENDPOINT)) < 4 else "Completed")

    secret = answer(200, {"value": "s"})
    world.hosts = {ENDPOINT: endpoint, LOGIN: login, VAULT: secret}
    world.identity_token = token

    result = run(load(name)["properties"], values_of(name) | {"poll_interval": 3000}, world)

    assert (result.status, world.seconds) == (Status.SUCCEEDED, 9000)


def outer(*looks: Answer) -> tuple[RunResult, World]:
    """Run the pipeline that calls another one, whose job is seen so."""
    world, inner = World({ENDPOINT: [CREATED, *looks]}), load(MI)
    folder = Folder({inner["name"]: inner["properties"]})
    return run(load(OUTER)["properties"], values_of(MI), world, folder), world


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("Completed", ""),
        ("Failed", "Operation on target Run batch job failed: Operation on target Check result"),
    ],
)
def test_the_outer_pipeline_ends_as_the_inner_one_does(end: str, message: str) -> None:
    result, world = outer(status("Running"), status(end))

    assert result.message.startswith(message)
    assert (len(result.message) > 0, world.seconds) == (end == "Failed", 240)


def test_the_outer_pipeline_names_an_output_of_its_own_run() -> None:
    result, world = outer(status("Completed"))

    assert result.run_id.encode() in world.to(ENDPOINT)[0].body


def test_the_body_names_input_and_a_new_output_path() -> None:
    result, world = execute(MI, CREATED, status("Completed"))

    batch = "azureml://datastores/workspaceblobstore/paths/batch"
    by_hand = Invocation(
        {"input": Port(FOLDER, "azureml://datastores/in/paths/folder/")},
        {"score": Port(FILE, f"{batch}/{result.run_id}/predictions.csv")},
    )
    assert json.loads(world.to(ENDPOINT)[0].body) == by_hand.body()
    assert world.to(ENDPOINT)[0].headers["Authorization"] == f"Bearer {IDENTITY_TOKEN}"


def test_an_output_path_that_is_given_is_kept() -> None:
    _, world = execute(MI, CREATED, status("Completed"), endpoint_output_uri="azureml://o.csv")

    [output] = json.loads(world.to(ENDPOINT)[0].body)["properties"]["OutputData"].values()
    assert output["Uri"] == "azureml://o.csv"


def test_the_principals_token_is_renewed_for_each_check() -> None:
    _, world = execute(SP, CREATED, status("Running"), status("Completed"))

    sent = [each.headers["Authorization"] for each in world.to(ENDPOINT)]
    assert sent == ["Bearer token-1", "Bearer token-2", "Bearer token-3"]
    assert b"client_secret=the%26secret" in world.to(LOGIN)[0].body


def test_neither_secret_nor_token_is_in_the_activity_log() -> None:
    result, _ = execute(SP, CREATED, status("Failed"))

    log = json.dumps([each.shown() for each in result.activities])
    assert "the&secret" not in log
    assert "the%26secret" not in log
    assert "token-" not in log


@pytest.mark.parametrize(
    ("told", "files"), [({"filesWritten": 2}, "2"), ({"filesWritten": 0}, "0"), ({}, "0")]
)
def test_a_copy_that_tells_no_number_of_files_has_written_none(
    told: dict[str, int], files: str
) -> None:
    """Whether Azure tells a nought of an hour without files is open."""
    [branch] = (
        a for a in load("Score-Window.json")["properties"]["activities"] if "may" in a["name"]
    )
    count = branch["typeProperties"]["ifTrueActivities"][-1]["typeProperties"]["value"]["value"]
    context = {"activities": {"Copy the window": {"output": told}}}

    [found] = try_expressions({"context": context, "expressions": [count]})

    assert found["value"] == files

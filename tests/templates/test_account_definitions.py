"""What holds for each of the project's definitions that takes an account's events.

Every path ends in one response, and Event Grid does the right thing on it: 200 when a job, or a
pipeline's run, was created, 400 (never delivered again) when its service itself said 400, else 503
(delivered again).
"""

import json
from typing import Any

import pytest

from components.azure.templates import FOLDER
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer
from local_azure.services.logic.definition import read
from local_azure.services.logic.execution import RunResult
from local_azure.services.logic.records import Response, Status
from local_azure_tests.world import World, answer, run

PRINCIPAL = "invoke_batch_endpoint.json"
IDENTITY = "invoke_batch_endpoint_by_managed_identity.json"
START = "start_pipeline_run.json"
INVOKING = [PRINCIPAL, IDENTITY]
"""Those that invoke an endpoint; the other starts a pipeline for a marker file."""
TEMPLATES = [*INVOKING, START]

LOGIN = "login.microsoftonline.com"
ENDPOINT = "scorer.westeurope.inference.ml.azure.com"
ACCOUNT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/inputs"
RESOURCE_MANAGER = "management.azure.com"
FACTORY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DataFactory/factories/pipes"
CONTAINER = "https://inputs.blob.core.windows.net/images"
SEQUENCER = "00000000000004420000000000028963"
BLOB = f"{CONTAINER}/in/seven.pgm"
SECRET = "se&cr=e+t%41/ü"
PARAMETERS = {
    "tenant_id": "11111111-2222-3333-4444-555555555555",
    "client_id": "99999999-2222-3333-4444-555555555555",
    "client_secret": SECRET,
    "endpoint_uri": f"https://{ENDPOINT}/jobs",
    "storage_account_id": ACCOUNT,
    "watched_url": f"{CONTAINER}/in/",
    "factory_id": FACTORY,
    "pipeline_name": "Score-Folder",
}
TOKEN = {"token_type": "Bearer", "access_token": "token-of-the-application"}
JOB = {
    "id": "/jobs/batchjob-7",
    "name": "batchjob-7",
    "runId": "batchjob-7",
    "properties": {"status": "Preparing"},
}
"""What a created job is answered with, or a created run."""
CREATED = answer(201, JOB)
JSON_TYPE = {"Content-Type": "application/json"}


def definition(template: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / template).read_text())
    return document


def parameters(template: str) -> dict[str, Any]:
    """A value for each parameter without a default; a new name gets one in PARAMETERS."""
    declared = definition(template)["parameters"]
    return {name: PARAMETERS[name] for name, each in declared.items() if "defaultValue" not in each}


def target(template: str) -> str:
    """The host that a definition starts something at."""
    return ENDPOINT if template in INVOKING else RESOURCE_MANAGER


def landed(template: str, name: str = "seven.pgm") -> str:
    """The URL of a blob that starts something: a file, or the marker of a folder of that name."""
    return f"{CONTAINER}/in/{name}" + ("" if template in INVOKING else "/_SUCCESS")


def told(template: str, body: bytes) -> str:
    """The URI that the target is told to read."""
    sent = json.loads(body)
    if template not in INVOKING:
        uri: str = sent["endpoint_input_uri"]
        return uri.removesuffix("/")
    [each] = sent["properties"]["InputData"].values()
    return str(each["Uri"])


def event(**changes: Any) -> dict[str, Any]:
    url = changes.pop("url", BLOB)
    return {
        "id": "event-1",
        "topic": ACCOUNT,
        "subject": "/blobServices/default/containers/images/blobs/in/seven.pgm",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2026-06-01T12:00:00.0000000Z",
        "data": {"api": "PutBlob", "url": url, "contentLength": 8, "sequencer": SEQUENCER},
        "dataVersion": "",
        "metadataVersion": "1",
    } | changes


def deliver(
    template: str, world: World, body: Any = None, **changes: Any
) -> tuple[Response, RunResult]:
    """What comes of a delivery; changes are values of parameters."""
    given = [event(url=landed(template))] if body is None else body
    return replied(template, parameters(template) | changes, given, world)


def replied(
    template: str, values: dict[str, Any], body: Any, world: World
) -> tuple[Response, RunResult]:
    """The one response to a body, and the run."""
    result = run(definition(template), values, body, world)
    sent = [r for _, r in result.actions if r.type == "Response" and r.status is Status.SUCCEEDED]
    assert len(sent) == 1, "every path ends in one response"
    assert result.response is not None
    return result.response, result


def shown(template: str, result: RunResult) -> str:
    """What the run history shows of inputs and outcomes."""
    hidden = read(definition(template)).hidden
    return "".join(
        f"{'' if hidden[r.name].inputs else r.inputs}{'' if hidden[r.name].outputs else r.outcome}"
        for _, r in result.actions
    )


def hosts(login: Any = None, endpoint: Any = CREATED) -> World:
    return World(
        {LOGIN: login or answer(200, TOKEN), ENDPOINT: endpoint, RESOURCE_MANAGER: endpoint}
    )


pytestmark = pytest.mark.parametrize("template", TEMPLATES)


def test_a_created_job_is_answered_with_its_name(template: str) -> None:
    response, result = deliver(template, hosts())

    started = "job" if template in INVOKING else "run"
    assert (response.status, response.body[started]) == (200, "batchjob-7")
    assert result.status is Status.SUCCEEDED


def test_the_target_is_asked_once_as_somebody_who_has_a_token(template: str) -> None:
    world = hosts()

    deliver(template, world)

    [asked] = world.to(target(template))
    assert (asked.method, told(template, asked.body)) == ("POST", BLOB)
    assert asked.headers["Authorization"].startswith("Bearer token-of-the-")


NAMES = {
    "apostrophe": "o'clock.pgm",
    "quote": 'say "seven".pgm',
    "percent": "100%.pgm",
    "percent encoded": "a%2Fb%25.pgm",
    "hash": "#7.pgm",
    "plus": "4+3.pgm",
    "space": "my seven.pgm",
    "backslash": "a\\b.pgm",
    "at": "@{concat('x')}.pgm",
    "not ASCII": "ziffer-fünf-七.pgm",
    "long": "n" * 1020 + ".pgm",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_reaches_the_target_as_it_was(template: str, name: str) -> None:
    world = hosts()

    response, _ = deliver(template, world, [event(url=landed(template, name))])

    [asked] = world.to(target(template))
    assert response.status == 200
    assert told(template, asked.body) == f"{CONTAINER}/in/{name}"


REFUSALS = {
    "400": (answer(400, {"error": {"code": "BadArgument", "message": "wrong Uri"}}), 400),
    "401": (answer(401), 503),
    "403": (answer(403), 503),
    "404": (answer(404), 503),
    "408": (answer(408), 503),
    "409": (answer(409), 503),
    "413": (answer(413), 503),
    "429 with Retry-After": (answer(429, Retry_After="5"), 503),
    "500": (answer(500), 503),
    "302": (answer(302, Location="https://elsewhere.example/"), 503),
    "no answer in time": (None, 503),
    "a lost connection": (ConnectionFailedError("Connection reset"), 503),
}
"""What a host does that does nothing, and what Event Grid is told then."""
FAILURES = REFUSALS | {
    "success without a name": (answer(200, {"id": "?"}), 503),
    "success with an empty name": (answer(200, {"name": "", "runId": ""}), 503),
    "success with null for a name": (answer(200, {"name": None, "runId": None}), 503),
    "success with a number for a name": (answer(200, {"name": 7, "runId": 7}), 503),
    "success without a body": (answer(201), 503),
    "success with half a document": (HttpAnswer(200, JSON_TYPE, b'{"name": "batchjob-'), 503),
    "success with a web page": (HttpAnswer(200, {"Content-Type": "text/html"}, b"<html>"), 503),
    "success with a list": (answer(200, [JOB]), 503),
    "success with a text": (answer(200, "batchjob-7"), 503),
}


@pytest.mark.parametrize(("reaction", "reply"), FAILURES.values(), ids=FAILURES.keys())
def test_a_job_that_was_not_created_is_answered_so_that_event_grid_does_the_right_thing(
    template: str, reaction: Any, reply: int
) -> None:
    world = World({LOGIN: answer(200, TOKEN), ENDPOINT: reaction, RESOURCE_MANAGER: reaction})

    response, _ = deliver(template, world)

    assert (response.status, response.body["event_id"]) == (reply, "event-1")
    assert response.body["reason"]
    assert len(world.to(target(template))) == 1, "a retry of the POST could start a second job"


HANDSHAKE = {
    "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent",
    "data": {"validationCode": "code-1"},
}


def test_a_handshake_is_answered_before_anybody_is_asked(template: str) -> None:
    world = hosts()

    response, _ = deliver(template, world, [event(**HANDSHAKE)])

    assert (response.status, world.requests) == (200, [])


STRANGE = {
    "another type": [event(eventType="Microsoft.Storage.BlobDeleted")],
    "another account": [event(topic=f"{ACCOUNT}2")],
    "two events": [event(), event(id="event-2")],
    "no id": [event(id="")],
    "an id that leads out of a folder": [event(id="..")],
    "no url": [event(data={"api": "PutBlob"})],
    "null url": [event(url=None)],
    "no event": [],
    "one object": event(),
    "a text": "hello",
    "a list of texts": ["hello"],
    "a number": 7,
}


@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_event_of_the_account_is_refused_for_good(template: str, body: Any) -> None:
    world = hosts()

    response, _ = deliver(template, world, body)

    assert (response.status, world.requests) == (400, [])


WATCHED = {
    "a file": f"{CONTAINER}/in/_SUCCESS",
    "a folder below": f"{CONTAINER}/in/eu/_SUCCESS",
    "by Data Lake Gen2's host": f"{CONTAINER}/in/_SUCCESS".replace(".blob.", ".dfs."),
    "percent-encoded": f"{CONTAINER}/in/a%20b%23/_SUCCESS",
    "two dots in a name": f"{CONTAINER}/in/a..b/_SUCCESS",
}
RENAMED = "Microsoft.Storage.BlobRenamed"


@pytest.mark.parametrize(
    ("folder", "status", "started"), [("in", 200, 1), ("out", 400, 0)], ids=["there", "elsewhere"]
)
def test_a_file_that_is_moved_there_is_scored_under_its_new_name(
    template: str, folder: str, status: int, started: int
) -> None:
    world, lake = hosts(), CONTAINER.replace(".blob.", ".dfs.")
    data = {
        "api": "RenameFile",
        "sourceUrl": f"{lake}/in/part-0001.tmp",
        "destinationUrl": f"{lake}/{folder}/_SUCCESS",
        "sequencer": SEQUENCER,
    }

    response, _ = deliver(template, world, [event(eventType=RENAMED, data=data)])

    assert (response.status, len(world.to(target(template)))) == (status, started)


FOREIGN = {
    "another folder": f"{CONTAINER}/out/_SUCCESS",
    "a folder that begins alike": f"{CONTAINER}/in2/_SUCCESS",
    "the folder in another case": f"{CONTAINER}/In/_SUCCESS",
    "out of the folder": f"{CONTAINER}/in/../out/_SUCCESS",
    "out of it, encoded": f"{CONTAINER}/in/%2e%2e/out/_SUCCESS",
    "another container": f"{CONTAINER}2/in/_SUCCESS",
    "another account": "https://other.blob.core.windows.net/images/in/_SUCCESS",
    "an account as user": "https://inputs.blob.core.windows.net@evil.example/images/in/_SUCCESS",
    "an account as user, encoded": "https://inputs.blob.core.windows.net%2Fimages%2Fin%2F@evil.example/_SUCCESS",
    "the host's end, encoded": "https://inputs.blob.core.windows.net%2Fimages%2Fin/_SUCCESS",
    "out of the folder by other strokes": f"{CONTAINER}/in/..\\out/_SUCCESS",
    "an account as path": "https://evil.example/inputs.blob.core.windows.net/images/in/_SUCCESS",
    "without TLS": f"{CONTAINER}/in/_SUCCESS".replace("https", "http"),
    "a datastore": "azureml://datastores/other/paths/in/_SUCCESS",
}


@pytest.mark.parametrize("url", WATCHED.values(), ids=WATCHED.keys())
def test_a_blob_in_the_watched_place_starts_something(template: str, url: str) -> None:
    world = hosts()

    response, _ = deliver(template, world, [event(url=url)])

    assert (response.status, len(world.to(target(template)))) == (200, 1)


@pytest.mark.parametrize("url", FOREIGN.values(), ids=FOREIGN.keys())
def test_who_has_the_callback_url_starts_nothing_for_another_place(template: str, url: str) -> None:
    world = hosts()

    response, _ = deliver(template, world, [event(url=url)])

    assert response.status == 400
    assert f"of a blob below {CONTAINER}/in/, at a time" in response.body["reason"]
    assert world.requests == []


@pytest.mark.parametrize("name", ["", None])
def test_a_job_with_an_empty_name_is_no_job(template: str, name: str | None) -> None:
    response, _ = deliver(template, hosts(endpoint=answer(201, {"name": name, "runId": name})))

    assert response.status == 503


def test_the_run_history_shows_neither_secret_nor_token(template: str) -> None:
    _, result = deliver(template, hosts())

    history = shown(template, result)
    assert "batchjob-7" in history
    assert [secret for secret in (SECRET, "token-of-the-") if secret in history] == []

"""What holds for every definition that takes the events of a workspace or a domain's topic.

It answers the handshake, takes one event at a time of its source and of its types, and every path
ends in one response.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local_azure.logic.check import check_definition
from local_azure.logic.environment import IdentityError
from local_azure.logic.records import Response, Status
from local_azure.logic.transport import ConnectionFailedError
from tests.templates.test_every_definition import FOLDER, TEMPLATES, definition
from tests.templates.world import IDENTITY_TOKEN, World, answer, run

if TYPE_CHECKING:
    from local_azure.logic.run import RunResult

OF_A_SOURCE = sorted({path.name for path in FOLDER.glob("*.json")} - set(TEMPLATES))
START = "start_pipeline_run_on_event.json"

ARM = "management.azure.com"
WORKSPACE = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/w"
)
DRIFT = "Microsoft.MachineLearningServices.DatasetDriftDetected"
RUN_URI = f"https://{ARM}/factories/f/pipelines/Train%20again/createRun?api-version=2018-06-01"
PARAMETERS: dict[str, Any] = {
    "event_source_id": WORKSPACE,
    "event_types": [DRIFT, "Team.Approved"],
    "create_run_uri": RUN_URI,
}
STARTED = answer(200, {"runId": "run-7"})


def event(**changes: Any) -> dict[str, Any]:
    return {
        "id": "event-1",
        "topic": WORKSPACE,
        "subject": "datadrift/d/run/r",
        "eventType": DRIFT,
        "eventTime": "2026-06-01T12:00:00Z",
        "data": {"DataDriftName": "weekly", "DriftCoefficient": 0.4, "new in 2030": [None]},
        "dataVersion": "",
        "metadataVersion": "1",
    } | changes


def deliver(
    template: str, world: World, body: Any = None, **changes: Any
) -> tuple[Response, RunResult]:
    """What comes of a delivery; changes are values of parameters."""
    declared = definition(template)["parameters"]
    given = {name: value for name, value in PARAMETERS.items() if name in declared}
    result = run(definition(template), given | changes, [event()] if body is None else body, world)
    sent = [r for _, r in result.actions if r.type == "Response" and r.status is Status.SUCCEEDED]
    assert len(sent) == 1, "every path ends in one response"
    assert result.response is not None
    return result.response, result


@pytest.mark.parametrize("template", OF_A_SOURCE)
def test_it_declares_whose_events_it_takes(template: str) -> None:
    assert {"event_source_id", "event_types"} <= set(definition(template)["parameters"])


@pytest.mark.parametrize("template", OF_A_SOURCE)
def test_the_engine_finds_nothing_wrong_in_the_definition(template: str) -> None:
    declared = definition(template)["parameters"]
    needed = [name for name, each in declared.items() if "defaultValue" not in each]
    given = {name: {"value": PARAMETERS[name]} for name in needed}

    assert check_definition(definition(template), given) == []


@pytest.mark.parametrize("template", OF_A_SOURCE)
def test_the_handshake_is_answered_with_its_code(template: str) -> None:
    world = World({})
    data = {"validationCode": "code-1", "validationUrl": "https://eg.example/validate"}
    kind = "Microsoft.EventGrid.SubscriptionValidationEvent"

    response, _ = deliver(template, world, [event(eventType=kind, data=data)])

    assert (response.status, response.body) == (200, {"validationResponse": "code-1"})
    assert world.requests == []


STRANGE = {
    "another type": [event(eventType="Microsoft.MachineLearningServices.RunCompleted")],
    "another workspace": [event(topic=f"{WORKSPACE}2")],
    "two events": [event(), event(id="event-2")],
    "no id": [event(id="")],
    "no event": [],
    "one object": event(),
    "a text": "hello",
    "a number": 7,
}


@pytest.mark.parametrize("template", OF_A_SOURCE)
@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_no_event_of_the_source_is_refused_for_good(template: str, body: Any) -> None:
    world = World({})

    response, _ = deliver(template, world, body)

    assert response.status == 400
    assert world.requests == []


def test_the_pipeline_gets_its_parameters_and_the_event_as_it_was() -> None:
    world = World({ARM: STARTED})
    values = {"pipeline_parameters": {"epochs": 3}, "event_parameter": "event"}

    response, _ = deliver(START, world, **values)

    [sent] = world.to(ARM)
    assert (sent.method, sent.uri) == ("POST", RUN_URI)
    assert json.loads(sent.body) == {"epochs": 3, "event": event()}
    assert sent.headers["Authorization"] == f"Bearer {IDENTITY_TOKEN}"
    assert (response.status, response.body["pipeline_run"]) == (200, "run-7")


def test_the_event_is_kept_from_a_pipeline_that_does_not_ask_for_it() -> None:
    world = World({ARM: STARTED})

    deliver(START, world, pipeline_parameters={"epochs": 3})

    [sent] = world.to(ARM)
    assert json.loads(sent.body) == {"epochs": 3}


def test_the_source_is_the_same_in_any_case() -> None:
    response, _ = deliver(START, World({ARM: STARTED}), [event(topic=WORKSPACE.upper())])

    assert response.status == 200


FAILURES = {
    "400": (answer(400, {"error": {"code": "BadRequest"}}), 400),
    "401": (answer(401), 503),
    "403": (answer(403), 503),
    "404": (answer(404), 503),
    "429": (answer(429, Retry_After="5"), 503),
    "500": (answer(500), 503),
    "no answer in time": (None, 503),
    "a lost connection": (ConnectionFailedError("Connection reset"), 503),
    "success without a run": (answer(200, {}), 503),
    "success with an empty run": (answer(200, {"runId": ""}), 503),
}


@pytest.mark.parametrize(("reaction", "reply"), FAILURES.values(), ids=FAILURES.keys())
def test_a_run_that_was_not_started_is_answered_so_that_event_grid_does_the_right_thing(
    reaction: Any, reply: int
) -> None:
    world = World({ARM: reaction})

    response, _ = deliver(START, world)

    assert response.status == reply
    assert response.body["event_id"] == "event-1"
    assert len(world.to(ARM)) == 1, "a retry of the POST could start a second run"


def no_identity(_identity: str | None, _audience: str) -> str:
    raise IdentityError("The workflow has no managed identity.")


def test_no_token_means_another_delivery() -> None:
    world = World({ARM: STARTED}, identity_token=no_identity)

    response, _ = deliver(START, world)

    assert response.status == 503
    assert world.requests == []

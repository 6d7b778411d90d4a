"""What holds for every file of ``logicapp_templates/``, the project's own and those of a user.

What the project's own do beyond that, such as claims and checks of topic and type, is held by tests
that name them: test_account_definitions and test_event_source_definitions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.azure.templates import FOLDER, TRIGGER, load
from local_azure.command_line import cli
from local_azure.lint.subject import placeheld
from local_azure.runs.transport import ConnectionFailedError, HttpRequest
from local_azure.services.logic.records import Response, Status
from local_azure_tests.world import Answer, World, answer, run

SOURCE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.EventGrid/domains/d/topics/models"
EVENT = {
    "id": "event-1",
    "topic": SOURCE,
    "subject": "models/digits:7",
    "eventType": "Team.Approved",
    "eventTime": "2026-06-01T12:00:00Z",
    "data": {"modelName": "digits"},
    "dataVersion": "",
    "metadataVersion": "1",
}
OF_THE_PROGRAM = {
    "event_source_id": {"value": SOURCE},
    "event_types": {"value": [EVENT["eventType"]]},
    "claims_uri": {"value": "https://inputs.blob.core.windows.net/handled-events/a-rule"},
}
"""What the program gives to whoever declares it."""
SOMEWHERE = "https://somewhere.example/"
"""A text that can be called, for whichever parameter names what is called."""
REACTIONS = {
    "well": answer(200, {}),
    "that the request is wrong": answer(400),
    "that it is broken": answer(500),
    "nothing": None,
    "not at all": ConnectionFailedError("Connection reset"),
}


@dataclass
class Everywhere(World):
    """A world in which each host reacts alike."""

    reaction: Answer = None

    def _answer(self, _host: str, _request: HttpRequest) -> Answer:
        return self.reaction


@pytest.fixture(params=sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def replied(file: Path, world: World, **changes: Any) -> Response:
    """The one response to an event, with a value of its type for each parameter without one."""
    definition = load(file.stem)
    declared = definition.get("parameters", {})
    given = {name: each for name, each in OF_THE_PROGRAM.items() if name in declared}
    told = {name: each["value"] for name, each in placeheld(definition, given).items()}
    values = {name: SOMEWHERE if value == "" else value for name, value in told.items()}
    result = run(definition, values, [EVENT | changes], world)
    sent = [r for _, r in result.actions if r.type == "Response" and r.status is Status.SUCCEEDED]
    assert len(sent) == 1, "every path ends in one response"
    assert result.response is not None
    return result.response


def test_it_is_a_whole_definition_in_which_nothing_is_found(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    definition = load(file.stem)

    assert {"$schema", "contentVersion", "triggers", "actions"} <= definition.keys()
    assert definition["$schema"].endswith("/2016-06-01/workflowdefinition.json#")
    assert (cli.main(["lint", str(file)]), capsys.readouterr().out) == (
        0,
        "Nothing found in 1 file(s).\n",
    )


def test_its_one_trigger_has_the_name_by_which_the_program_finds_it(file: Path) -> None:
    assert list(load(file.stem)["triggers"]) == [TRIGGER]


def test_the_handshake_is_answered_with_its_code_or_its_address_called(file: Path) -> None:
    kind = "Microsoft.EventGrid.SubscriptionValidationEvent"
    data = {"validationCode": "code-1", "validationUrl": "https://eg.example/validate"}
    world = Everywhere({}, reaction=answer(200))

    response = replied(file, world, eventType=kind, data=data)

    asked = [each.uri for each in world.requests]
    assert response.status == 200
    assert asked == [data["validationUrl"]] or (asked, response.body) == (
        [],
        {"validationResponse": "code-1"},
    )


@pytest.mark.parametrize("reaction", REACTIONS.values(), ids=REACTIONS.keys())
def test_an_event_gets_one_reply_whatever_hosts_answer(file: Path, reaction: Answer) -> None:
    assert replied(file, Everywhere({}, reaction=reaction)).status in {200, 201, 202, 204, 400, 503}

"""Events that were given up: listed, shown, and sent again to exactly one job each."""

import json
from pathlib import Path
from typing import Any

import pytest

from batch_client.errors import Exit
from local_azure.commands import replay
from local_azure.control_plane.faults import Fault
from local_azure.control_plane.tenant import SUBSCRIPTION
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_at_least_once import outcome
from tests.stack.event_path.test_roles import dead_lettered

MAY_WRITE = [("Storage Blob Data Contributor", SUBSCRIPTION)]


@pytest.fixture
def letters(client: Client) -> Any:
    """A command on dead letters, by an operator."""
    return lambda does, *arguments: client.operator(f"dead-letters {does}", *arguments)


def given_up(deployed: Deployed, name: str, digit: bytes) -> tuple[str, str]:
    """A blob whose event has become a dead letter: its URL, and the event's id."""
    deployed.fail_invoke(status=400)
    (url,) = deployed.drop(f"incoming/{name}", content=digit)
    until(lambda: outcome(deployed, url), "the refusal")
    until(lambda: dead_lettered(deployed, url), "the dead letter")
    (event,) = deployed.events_for(url)
    return url, event["id"]


def written(deployed: Deployed, *events: dict[str, Any], subscription: str = "TO-WORKFLOW") -> None:
    """Events in one blob, as Azure may write several."""
    ended = {"deadLetterReason": "TimeToLiveExceeded", "lastDeliveryOutcome": "Busy"}
    content = json.dumps([{**event, **ended} for event in events])
    with (
        deployed.signed_in(MAY_WRITE),
        deployed.container("dead_letter_account", "dead_letter_container") as container,
    ):
        container.upload_blob(f"{subscription}/2026/6/1/12/{events[0]['id']}.json", content)


def lying(deployed: Deployed) -> list[str]:
    """The ids of the events that lie in the container."""
    with deployed.signed_in(MAY_WRITE):
        return [event["id"] for file in deployed.dead_letters() for event in file]


def test_a_dead_letter_is_listed_shown_and_replayed_to_exactly_one_job(
    deployed: Deployed, letters: Any, digit: bytes, tmp_path: Path
) -> None:
    url, event = given_up(deployed, "letter & one.pgm", digit)

    (told,) = [each for each in letters("list")["letters"] if each["id"] == event]
    assert told["what"] == url.replace("%20", " ").replace("%26", "&")
    assert told["why"] == "MaxDeliveryAttemptsExceeded, BadRequest"
    saved = str(tmp_path / "letters.jsonl")
    assert event in [each["id"] for each in letters("list", "--save", saved)["letters"]]
    assert event in saved_ids(tmp_path)
    assert letters("list", "--since", "2999-01-01")["letters"] == []
    assert letters("show", event)["told"]["deliveryAttempts"] == 1

    (done,) = letters("replay", event)["letters"]
    (job,) = deployed.await_jobs([url])

    assert (done["state"], done["started"], job["status"]) == ("replayed", job["name"], "Completed")
    assert event not in lying(deployed)
    assert letters("replay", event)["exit"] == Exit.ERROR
    assert [each["name"] for each in deployed.jobs_for([url])] == [job["name"]]


def test_a_letter_of_a_real_stack_is_tried_on_the_stack_that_is_here(
    deployed: Deployed, digit: bytes, tmp_path: Path
) -> None:
    (url,) = deployed.drop("elsewhere/kept.pgm", content=digit)
    there = url.replace(deployed.outputs["storage_account_name"], "inputsofprod")
    account = "/subscriptions/prod/resourceGroups/g/providers/Microsoft.Storage/storageAccounts"
    raised = {
        "id": "recorded-1",
        "topic": f"{account}/inputsofprod",
        "subject": "/blobServices/default/containers/inputs/blobs/incoming/kept.pgm",
        "eventType": "Microsoft.Storage.BlobCreated",
        "eventTime": "2026-06-01T12:00:00Z",
        "data": {
            "api": "PutBlob",
            "contentLength": len(digit),
            "url": there.replace("elsewhere/", "incoming/"),
        },
    }
    file = tmp_path / "letters.jsonl"
    file.write_text(json.dumps(raised))

    told, lines, code = replay.outcome(deployed.console, [str(file)])

    ((delivery,),) = [each["deliveries"] for each in told]
    (job,) = deployed.await_jobs([url.replace("elsewhere/", "incoming/")])
    assert (code, delivery["status"], job["request_id"]) == (0, 200, "recorded-1")
    assert f"      job {job['name']}: Failed" in list(lines)  # the file is not here


def saved_ids(folder: Path) -> list[str]:
    lines = (folder / "letters.jsonl").read_text().splitlines()
    return [json.loads(line)["id"] for line in lines]


def test_an_event_whose_job_is_there_is_not_sent_and_its_letter_goes(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    (url,) = deployed.drop("incoming/answered-late.pgm", content=digit)
    (job,) = deployed.await_jobs([url])
    (event,) = deployed.events_for(url)
    runs = len(deployed.runs_for(url))
    written(deployed, event)

    (done,) = letters("replay", event["id"])["letters"]

    assert (done["state"], done["started"]) == ("had its job", job["name"])
    assert len(deployed.runs_for(url)) == runs
    assert event["id"] not in lying(deployed)


def test_what_fails_stays_and_what_succeeds_goes_out_of_the_same_blob(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    url, event = given_up(deployed, "two.pgm", digit)
    (raised,) = deployed.events_for(url)
    foreign = {**raised, "id": "of-a-domain", "eventType": "Team.Done", "topic": "t"}
    letters("replay", event)
    again = {**raised, "id": "again", "eventTime": "2999-01-01T00:00:00Z"}
    written(deployed, foreign, again, subscription="RULE")

    told = letters("replay", "--reason", "TimeToLiveExceeded", "--yes")

    states = {each["id"]: each["state"] for each in told["letters"]}
    assert (states["of-a-domain"], states["again"]) == ("kept", "replayed")
    assert told["exit"] == Exit.ERROR
    (why,) = [each["stays"] for each in told["letters"] if each["id"] == "of-a-domain"]
    assert why.startswith("It is Team.Done for the subscription RULE, ")
    assert [id_ for id_ in lying(deployed) if id_ in states] == ["of-a-domain"]


def test_a_letter_that_cant_be_removed_is_not_replayed_to_a_second_job(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    url, event = given_up(deployed, "stays.pgm", digit)
    host = f"{deployed.outputs['dead_letter_account']}.blob.core.windows.net"
    refusing = Fault(host, "DELETE", status=403)
    deployed.running.call(deployed.running.azure.faults.add, refusing)

    (first,) = letters("replay", event)["letters"]
    (job,) = deployed.await_jobs([url])
    (second,) = letters("replay", event)["letters"]

    assert first["stays"].startswith("The letter is still there: You may not remove the dead lett")
    assert (second["state"], second["started"]) == ("had its job", job["name"])
    assert len(deployed.jobs_for([url])) == 1


@pytest.mark.parametrize("lacking", ["workflow", "letters"])
def test_who_may_not_is_told_the_role(deployed: Deployed, client: Client, lacking: str) -> None:
    grants = MAY_WRITE if lacking == "workflow" else []
    written(deployed, {"id": f"lacks-{lacking}"})
    with deployed.signed_in(grants):
        told = client("dead-letters replay", f"lacks-{lacking}")

    operator = "the role '<project>-<stack> operator …' of this program, or Logic App Contributor"
    needed = operator if lacking == "workflow" else "Storage Blob Data Reader"
    assert f"Needed: {needed}" in told["error"]

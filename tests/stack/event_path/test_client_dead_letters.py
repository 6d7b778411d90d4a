"""Events that were given up: listed, shown, and sent again to exactly one job each."""

import json
from pathlib import Path
from typing import Any

import pytest

from batch_client.errors import Exit
from local_azure.commands import replay
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


def test_a_dead_letter_is_listed_shown_and_saved(
    deployed: Deployed, letters: Any, digit: bytes, tmp_path: Path
) -> None:
    url, event = given_up(deployed, "letter & shown.pgm", digit)

    (told,) = [each for each in letters("list")["letters"] if each["id"] == event]
    letters("list", "--save", str(tmp_path / "letters.jsonl"))
    lines = (tmp_path / "letters.jsonl").read_text().splitlines()

    assert (told["what"], told["why"], letters("show", event)["told"]["deliveryAttempts"]) == (
        url.replace("%20", " ").replace("%26", "&"),
        "MaxDeliveryAttemptsExceeded, BadRequest",
        1,
    )
    assert event in [json.loads(each)["id"] for each in lines]
    assert letters("list", "--since", "2999-01-01")["letters"] == []


def test_a_dead_letter_is_replayed_to_exactly_one_job(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    url, event = given_up(deployed, "letter & one.pgm", digit)

    (done,) = letters("replay", event)["letters"]
    (job,) = deployed.await_jobs([url])
    again = letters("replay", event)

    assert (done["state"], done["started"], job["status"]) == ("replayed", job["name"], "Completed")
    assert (again["exit"], len(deployed.jobs_for([url]))) == (Exit.ERROR, 1)
    assert event not in lying(deployed)


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


def test_an_event_whose_job_is_there_is_not_sent_and_its_letter_goes(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    job = deployed.job_of("incoming/answered-late.pgm", digit)
    (event,) = deployed.events_for(job["input"])
    runs = deployed.runs_for(job["input"])
    written(deployed, event)

    (done,) = letters("replay", event["id"])["letters"]

    assert (done["state"], done["started"]) == ("had its job", job["name"])
    assert len(deployed.runs_for(job["input"])) == len(runs)
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

    done = {each["id"]: each["state"] for each in told["letters"]}
    (why,) = [each["stays"] for each in told["letters"] if each["id"] == "of-a-domain"]
    ends = (done["of-a-domain"], done["again"], told["exit"])
    assert ends == ("kept", "replayed", Exit.ERROR)
    assert why.startswith("It is Team.Done for the subscription RULE, ")
    assert [id_ for id_ in lying(deployed) if id_ in done] == ["of-a-domain"]


def test_a_letter_that_cant_be_removed_is_not_replayed_to_a_second_job(
    deployed: Deployed, letters: Any, digit: bytes
) -> None:
    url, event = given_up(deployed, "stays.pgm", digit)
    host = f"{deployed.outputs['dead_letter_account']}.blob.core.windows.net"
    deployed.disturb(host, "DELETE", status=403)

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

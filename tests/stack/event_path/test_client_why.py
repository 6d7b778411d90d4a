"""What came of a file, told by an operator, from what Azure tells."""

from typing import Any

from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_client_dead_letters import given_up


def kinds(told: dict[str, Any]) -> list[tuple[str, str]]:
    shown = ("file", "verdict", "dead letter", "workflow run", "job")
    return [(each["kind"], each["state"]) for each in told["spans"] if each["kind"] in shown]


def test_a_file_that_was_scored_is_followed_to_its_job(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    job = deployed.job_of("incoming/why & how.pgm", digit)

    by_path = client.operator("why", "incoming/why & how.pgm")
    by_url = client.operator("why", job["input"])

    assert by_path["why"] == by_url["why"] == f"The job {job['name']} is Completed."
    assert kinds(by_path) == [
        ("file", "landed"),
        ("verdict", "taken"),
        ("workflow run", "Succeeded"),
        ("job", "Completed"),
    ]
    assert by_path["event"] == job["request_id"]


def test_a_job_that_failed_says_what_its_script_said(deployed: Deployed, client: Client) -> None:
    deployed.job_of("incoming/broken.pgm", b"no picture")

    told = client.operator("why", "incoming/broken.pgm")

    assert " is Failed: " in told["why"]
    assert "user/error.txt: " in told["why"]


def test_an_event_that_was_given_up_is_told_with_the_run_that_refused_it(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    _, event = given_up(deployed, "given up.pgm", digit)

    told = client.operator("why", event)

    assert told["why"].startswith(f"The dead letter {event} is given up: MaxDelivery")
    (run,) = [each for each in told["spans"] if each["kind"] == "workflow run"]
    assert "Invoke (BadRequest)" in run["reason"]
    assert "The payload has to fit" in run["reason"]


def test_what_nobody_has_seen_is_told_so(client: Client) -> None:
    told = client.operator("why", "incoming/nobody.pgm")

    assert "there is no incoming/nobody.pgm in https://" in told["why"]
    assert told["untold"][0].startswith(
        "When it landed is not known: looked for is what came since"
    )
    assert "no run, no job and no dead letter" in client.operator("why", "no-such-event")["why"]


def test_what_may_not_be_read_is_told_with_the_role_that_is_missing(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    job = deployed.job_of("incoming/by-caller.pgm", digit)

    with deployed.one_of("callers"):
        told = client("why", "incoming/by-caller.pgm")

    assert told["why"] == f"The job {job['name']} is Completed."
    assert "The workflow's runs could not be read. You may not" in " ".join(told["untold"])

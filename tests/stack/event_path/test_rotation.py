"""Client secrets rotate by the calendar, and another invokes, while files land: none is lost."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

from local_azure.control_plane.tenant import TENANT_ID
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_roles import delivered_again, finished

pytestmark = pytest.mark.long

ROTATIONS = 3
PERIOD = timedelta(days=90)
"""Half of the lifetime that a stack file has where it says nothing."""
LATE = timedelta(seconds=20)
"""Longer than an `up` takes, and shorter than Event Grid waits for an answer."""


def test_three_rotations_while_files_land_lose_none_and_no_run_meets_an_ended_secret(
    stack: Deployed, digit: bytes
) -> None:
    rotates_under_traffic(stack, digit, 30)


def test_who_let_the_secret_end_loses_no_file_if_an_up_comes_within_a_day(
    stack: Deployed, digit: bytes
) -> None:
    later(stack, 2 * PERIOD)
    (url,) = stack.drop("incoming/paused.pgm", content=digit)
    run = until(partial(finished, stack, url), "the refused run")
    assert run["response_status"] == 503
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000222"):
        sign_in(stack, secret_in_use(stack))

    stack.up()

    until(partial(delivered_again, stack, url), "the redelivery")
    (job,) = stack.await_jobs([url])
    assert job["status"] == "Completed"


def test_files_that_land_while_another_begins_to_invoke_are_all_scored(
    stack: Deployed, digit: bytes
) -> None:
    urls = stack.drop("incoming/before.pgm", content=digit)
    for kind in ("managed_identity", "service_principal"):
        for changing in (True, False):
            later(stack, timedelta(), kind=kind, changing=changing)
            with stack.landing(f"{kind}-{changing}", digit) as landed:
                stack.up()
            for url in landed:
                until(partial(delivered_again, stack, url), "the delivery")
            stack.await_jobs(landed)
            urls += landed

    scored = [job["input"] for job in stack.await_jobs(urls) if job["status"] == "Completed"]
    assert sorted(scored) == sorted(urls)


def rotates_under_traffic(stack: Deployed, digit: bytes, files: int) -> None:
    """Each `up` makes a secret and removes one, and each file comes to its job by its first run."""
    renewed, urls, first = [], list[str](), secret_in_use(stack)

    def drop(numbers: range) -> None:
        for number in numbers:
            urls.extend(stack.drop(f"incoming/{number}.pgm", content=digit))

    for turn in range(1, ROTATIONS + 1):
        later(stack, PERIOD)
        signs_in = now(stack) + LATE
        urls.extend(begun(stack, digit, turn))
        numbers = range(files * (turn - 1) // ROTATIONS, files * turn // ROTATIONS)
        dropping = threading.Thread(target=drop, args=[numbers])
        dropping.start()
        printed = stack.up()
        dropping.join()
        renewed.append(printed.count(" created (") + printed.count(" deleted ("))
        stack.await_jobs(urls, len(urls) - 1)
        stack.advance(max(signs_in - now(stack), timedelta()))
        stack.await_jobs(urls)

    told = [each for event in stack.history()["events"] for each in event["deliveries"]]
    assert renewed == [2] * ROTATIONS
    assert Counter(job["status"] for job in stack.jobs_for(urls)) == {"Completed": len(urls)}
    attempts = Counter((each["state"], each["attempts"]) for each in told)
    assert attempts == {("delivered", 1): files + ROTATIONS}
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        sign_in(stack, first)
    sign_in(stack, secret_in_use(stack))


def later(stack: Deployed, by: timedelta, **invoker: Any) -> None:
    """Let so much time pass, for the program too, and say who invokes."""
    stack.advance(by)
    stack.configure({"invoker": {"as_of": str(now(stack).date()), **invoker}})


def begun(stack: Deployed, digit: bytes, turn: int) -> list[str]:
    """A file whose run has begun, and signs in late."""
    stack.disturb("login.microsoftonline.com", "POST", "*/oauth2/token", delay=LATE.seconds)
    urls = stack.drop(f"incoming/begun-{turn}.pgm", content=digit)
    until(lambda: not stack.disturbed, "its Authorize")
    return urls


def now(stack: Deployed) -> datetime:
    """The moved time."""
    moment: datetime = stack.running.call(stack.running.azure.clock.now)
    return moment


def secret_in_use(stack: Deployed) -> str:
    """The secret that the workflow has."""
    (workflow,) = stack.resources("Microsoft.Logic/workflows")
    return str(workflow.body["parameters"]["client_secret"]["value"])


def sign_in(stack: Deployed, secret: str) -> None:
    """Ask for a token as the workflow does."""
    with (
        stack.shell(),
        ClientSecretCredential(TENANT_ID, stack.outputs["invoker_client_id"], secret) as who,
    ):
        who.get_token("https://ml.azure.com/.default")

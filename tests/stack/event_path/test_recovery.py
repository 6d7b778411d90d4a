"""An endpoint, or a login host, that fails for a while: the event comes again, one job is made."""

from typing import Any

import pytest

from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_roles import delivered_again, delivery

ENDPOINT = ("*.inference.ml.azure.com", "POST", "/jobs")
LOGIN = ("login.microsoftonline.com", "POST", "*/oauth2/token")


@pytest.mark.parametrize(
    ("failing", "fault", "attempts"),
    [
        (ENDPOINT, {"status": 503}, 2),
        (ENDPOINT, {"status": 429, "times": 2}, 3),
        (LOGIN, {"status": 401}, 2),
    ],
    ids=["endpoint", "busy endpoint", "login host"],
)
def test_a_failure_delays_the_job_and_neither_loses_nor_doubles_it(
    deployed: Deployed, digit: bytes, failing: tuple[str, ...], fault: Any, attempts: int
) -> None:
    deployed.disturb(*failing, **fault)

    (url,) = deployed.drop(f"incoming/after-{fault['status']}.pgm", content=digit)

    until(lambda: delivered_again(deployed, url), "the redelivery")
    (job,) = deployed.await_jobs([url])
    replies = {run["response_status"] for run in deployed.runs_for(url)}
    assert (job["status"], job["error"]) == ("Completed", "")
    assert (replies, delivery(deployed, url)["attempts"]) == ({503, 200}, attempts)

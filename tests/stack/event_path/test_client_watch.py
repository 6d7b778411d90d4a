"""`watch` tells what no event does: files without a job, dead letters, jobs that failed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from batch_client import commands_operating
from batch_client.errors import Exit
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.event_path.test_at_least_once import outcome

Findings = set[tuple[str, str]]


@pytest.fixture(autouse=True)
def _same_time(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's time is the server's, which dates blobs and jobs and which tests move."""

    class ServerTime(datetime):
        @classmethod
        def now(cls, _: object = None) -> Any:
            return deployed.running.azure.clock.now()

    monkeypatch.setattr(commands_operating, "datetime", ServerTime)


def found(client: Client, *what: str) -> Findings:
    """Kind and subject of what is found about these; what other tests left is tried again, too."""
    told = client.operator("watch", "--grace", "0")
    assert told["exit"] == (Exit.ERROR if told["findings"] else Exit.DONE)
    return {(each["kind"], each["what"]) for each in told["findings"] if each["what"] in what}


def test_a_file_whose_job_never_started_is_told_once_it_is_late(
    deployed: Deployed, client: Client, digit: bytes
) -> None:
    deployed.fail_invoke(status=503)
    (url,) = deployed.drop("incoming/never.pgm", content=digit)
    until(lambda: outcome(deployed, url), "the refusal")

    assert found(client, url) == {("no job", url)}
    in_time = client.operator("watch", "--hours", "1")["findings"]
    assert url not in [each["what"] for each in in_time]

    deployed.advance(timedelta(seconds=31))
    deployed.await_jobs([url])
    assert found(client, url) == set()

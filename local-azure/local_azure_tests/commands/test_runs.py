"""``show runs``: each trace, for a person to read."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local_azure.command_line import cli
from local_azure.commands.console_client import Console
from local_azure.tracing.query import Sources, Traces, Wanted
from local_azure_tests.tracing.history import (
    WHOLE,
    activity,
    delivery,
    event,
    job,
    pipeline_run,
    sources,
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The lines that are shown of what the services tell."""

    def lines(told: Sources) -> list[str]:
        class Told:
            def get(self, path: str) -> dict[str, Any]:
                asked = parse_qs(urlsplit(path).query)
                found = asyncio.run(Traces(told).latest(Wanted(int(asked["limit"][0]))))
                return {"traces": [each.as_json() for each in found]}

        monkeypatch.setattr(Console, "of", lambda _: Told())
        assert cli.main(["show", "runs"]) == 0
        return capsys.readouterr().out.splitlines()

    return lines


def test_each_run_and_job_stands_below_what_caused_it(shown: Any) -> None:
    assert shown(WHOLE) == [
        "2026-06-01 12:00:00 BlobCreated /blobs/seven (event e)",
        "  to watching: delivered after 2 attempt(s), OK",
        "  workflow run w0: Failed, answered 200",
        "  workflow run w1: Succeeded, answered 200",
        "    Start: Succeeded (Http, 0 ms)",
        "      pipeline run outer (pipeline-outer): Succeeded",
        "        Call: Succeeded (WebActivity, 0 ms)",
        "          pipeline run inner (pipeline-inner): Succeeded",
        "            Invoke: Succeeded (WebActivity, 0 ms)",
        "              job job-1: Completed",
        "                Queued > Completed",
        "                1 of 2 files failed",
        "                wrote out",
    ]


def test_who_did_not_want_an_event_is_told_with_the_reason(shown: Any) -> None:
    verdict = {"subscription": "/eventSubscriptions/csv", "reasons": ["subject is wrong"]}

    assert shown(sources([event(verdicts=[verdict])]))[1:] == [
        "  no subscription wanted it",
        "  not to csv: subject is wrong",
    ]


def test_a_delivery_that_is_tried_again_says_when_and_what_was_answered(shown: Any) -> None:
    waiting = delivery("Busy", state="waiting")

    assert shown(sources([event(deliveries=[waiting])]))[1] == (
        "  to watching: waiting after 1 attempt(s), Busy, Busy it said, next at 2026-06-01 12:00:09"
    )


def test_why_an_activity_failed_stands_beside_it(shown: Any) -> None:
    run = pipeline_run("a", activity("Invoke", {}, "no answer"))

    assert shown(sources(pipelines=[run]))[1] == (
        "    Invoke: Failed (WebActivity, 0 ms): no answer"
    )


def test_why_a_job_failed_stands_below_it(shown: Any) -> None:
    assert shown(sources(jobs=[job(status="Failed", error="no model")]))[-1] == (
        "    no model; its logs are in /logs"
    )

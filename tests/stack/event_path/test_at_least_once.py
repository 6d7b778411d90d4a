"""Delivery is at least once: a late answer makes a second job, and nothing is scored twice."""

import json
from datetime import timedelta

from tests.stack.event_path.deployed import Deployed, until


def test_a_second_delivery_starts_a_job_that_fails_and_leaves_the_predictions_of_the_first(
    deployed: Deployed, digit: bytes
) -> None:
    deployed.fail_invoke(delay=40)
    (url,) = deployed.drop("incoming/slow.pgm", content=digit)
    until(lambda: deployed.running.azure.faults.pending == 0, "the first Invoke")
    deployed.advance(timedelta(seconds=31))  # Event Grid waits for 30 seconds
    until(lambda: outcome(deployed, url), "the time-out")
    deployed.advance(timedelta(seconds=11))  # and delivers again after 10
    jobs = deployed.await_jobs([url], count=2)

    assert sorted(job["status"] for job in jobs) == ["Completed", "Failed"]
    (error,) = [job["error"] for job in jobs if job["error"]]
    assert "the path already exists" in error
    (event,) = deployed.events_for(url)
    assert deployed.written_for(event["id"]) == ["predictions.csv"]
    assert json.loads(deployed.predictions(jobs[0]["name"]))["file"] == "slow.pgm"


def test_an_event_that_the_endpoint_refuses_is_a_dead_letter_at_once(
    deployed: Deployed, digit: bytes
) -> None:
    deployed.fail_invoke(status=400)
    (url,) = deployed.drop("incoming/refused.pgm", content=digit)
    entry = until(lambda: outcome(deployed, url), "the refusal")
    assert entry["attempts"] == 1
    assert entry["state"] in {"dead-lettering", "dead-lettered"}
    assert deployed.jobs_for([url]) == []


def test_an_endpoint_that_recovers_gets_the_event_again(deployed: Deployed, digit: bytes) -> None:
    deployed.fail_invoke(status=429, times=2)
    (url,) = deployed.drop("incoming/busy.pgm", content=digit)

    def later() -> object:
        deployed.advance(timedelta(seconds=31))
        return deployed.jobs_for([url])

    until(later, "the job")
    (job,) = deployed.await_jobs([url])
    assert job["status"] == "Completed"
    assert outcome(deployed, url)["attempts"] == 3


def outcome(deployed: Deployed, url: str) -> dict[str, object]:
    """The delivery of a blob's event, once an attempt has ended; empty before."""
    for entry in deployed.history()["events"]:
        if entry["event"]["data"]["url"] == url and entry["deliveries"][0]["outcome"]:
            return dict(entry["deliveries"][0])
    return {}

"""Delivery is at least once: a late answer makes a second job, and nothing is scored twice."""

from datetime import timedelta

from tests.stack.event_path.deployed import Deployed, until
from tests.stack.shell import digits_in


def test_a_second_delivery_starts_a_job_that_fails_and_leaves_the_predictions_of_the_first(
    deployed: Deployed, digit: bytes
) -> None:
    deployed.fail_invoke(delay=40)
    (url,) = deployed.drop("incoming/slow.pgm", content=digit)
    until(lambda: not deployed.disturbed, "the first Invoke")
    deployed.advance(timedelta(seconds=31))  # Event Grid waits for 30 seconds
    until(lambda: outcome(deployed, url), "the time-out")
    deployed.advance(timedelta(seconds=11))  # and delivers again after 10
    jobs = deployed.await_jobs([url], count=2)
    (event,) = deployed.events_for(url)

    ends = sorted((job["status"], "the path already exists" in job["error"]) for job in jobs)
    assert ends == [("Completed", False), ("Failed", True)]
    assert deployed.written_for(event["id"]) == ["predictions.csv"]
    assert digits_in(deployed.predictions(jobs[0]["name"])) == [("slow.pgm", 7)]


def outcome(deployed: Deployed, url: str) -> dict[str, object]:
    """The delivery of a blob's event, once an attempt has ended; empty before."""
    for entry in deployed.history()["events"]:
        if entry["event"]["data"]["url"] == url and entry["deliveries"][0]["outcome"]:
            return dict(entry["deliveries"][0])
    return {}

"""Each role taken away stops the flow at its step, by name; given back, the flow goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.commands.stacks import SOMEBODY
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.shell import Entry

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
CALLER = SOMEBODY["object_id"]
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"


@contextmanager
def without(deployed: Deployed, principal: str, role: str, scope_end: str) -> Iterator[str]:
    """A role assignment taken away for a while; its scope."""
    azure = deployed.running.azure
    rows = deployed.running.call(
        azure.state.rows,
        "SELECT * FROM role_assignments WHERE principal = ? AND (? = '' OR role = ?)",
        principal,
        role,
        role,
    )
    (row,) = [row for row in rows if row["scope"].endswith(scope_end.lower())]
    deployed.running.call(azure.authorization.unassign, row["id"])
    try:
        yield row["scope"]
    finally:
        deployed.running.call(
            azure.authorization.assign, row["id"], principal, row["role"], row["scope"]
        )


@contextmanager
def having(deployed: Deployed, principal: str, role: str, scope: str) -> Iterator[None]:
    """A role assignment for a while."""
    authorization, assignment = deployed.running.azure.authorization, f"{scope}/for a while"
    deployed.running.call(authorization.assign, assignment, principal, role, scope)
    try:
        yield
    finally:
        deployed.running.call(authorization.unassign, assignment)


def test_who_may_not_drop_files_drops_none(deployed: Deployed, digit: bytes) -> None:
    with (
        without(deployed, CALLER, CONTRIBUTOR, "/containers/inputs") as scope,
        pytest.raises(HttpResponseError) as refusal,
    ):
        deployed.drop("incoming/forbidden.pgm", content=digit)
    names_all(str(refusal.value), CALLER, f"{BLOBS}/write", scope)


def test_without_the_invoker_role_the_event_waits_and_then_gets_its_job(
    deployed: Deployed, digit: bytes
) -> None:
    invoker = deployed.outputs["invoker_object_id"]
    with without(deployed, invoker, "", deployed.outputs["workspace_id"]) as scope:
        (url,) = deployed.drop("incoming/waits.pgm", content=digit)
        run = until(lambda: finished(deployed, url), "the refused run")
        (invoke,) = [action for action in run["actions"] if action["name"] == "Invoke"]
        jobs = deployed.jobs_for([url])
    # The first redelivery of a 503 comes after at least 30 seconds.
    until(lambda: delivered_again(deployed, url), "the redelivery")
    jobs += deployed.await_jobs([url])

    action = "Microsoft.MachineLearningServices/workspaces/batchEndpoints/read"
    assert (invoke["status"], run["response_status"]) == ("Failed", 503)
    names_all(str(invoke["outputs"]), invoker, action, scope)
    assert [job["status"] for job in jobs] == ["Completed"]


@pytest.mark.parametrize(
    ("who", "role", "scope_end", "action"),
    [
        ("invoker_object_id", READER, "/containers/inputs", f"{BLOBS}/read"),
        ("compute_identity_principal_id", READER, "/containers/inputs", f"{BLOBS}/read"),
        ("compute_identity_principal_id", CONTRIBUTOR, "", f"{BLOBS}/"),
    ],
)
def test_a_job_that_may_not_reach_its_data_fails_by_name_and_the_next_one_completes(
    deployed: Deployed, digit: bytes, who: str, role: str, scope_end: str, action: str
) -> None:
    principal = deployed.outputs[who]
    name = f"incoming/{who}-{role[:4]}.pgm"
    with without(deployed, principal, role, scope_end) as scope:
        urls = deployed.drop(name, content=digit)
        (job,) = deployed.await_jobs(urls)
    deployed.drop(name, content=digit)
    jobs = deployed.await_jobs(urls, count=2)

    names_all(str(job["error"]), principal, action, scope)
    assert sorted(job["status"] for job in jobs) == ["Completed", "Failed"]


def test_without_its_role_the_topic_keeps_its_dead_letter_until_it_has_it(
    deployed: Deployed, digit: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    topics = deployed.resources("Microsoft.EventGrid/systemTopics")
    topic = topics[0].properties["identity"]["principalId"]
    with without(deployed, topic, CONTRIBUTOR, deployed.outputs["dead_letter_account"]) as scope:
        deployed.running.call(
            deployed.running.azure.authorization.assign, "looks", CALLER, READER, scope
        )
        deployed.fail_invoke(status=400)
        (url,) = deployed.drop("incoming/dead.pgm", content=digit)
        until(lambda: delivery(deployed, url)["state"] == "dead-lettering", "the refusal")
        deployed.advance(timedelta(minutes=6))
        until(lambda: "blobs/write" in caplog.text, "the storage's refusal")
        names_all(caplog.text, topic, f"{BLOBS}/write", scope)
        assert url not in str(deployed.dead_letters())
    until(lambda: dead_lettered(deployed, url), "the dead letter")
    letters = [event for file in deployed.dead_letters() for event in file]
    assert len([each for each in letters if url in str(each)]) == 1


def names_all(message: str, *parts: str) -> None:
    """Assert that a refusal names principal, action and scope."""
    for part in parts:
        assert part.lower() in message.lower()


def finished(deployed: Deployed, url: str) -> Entry | None:
    """The first run of a blob's event, once it has ended."""
    runs = [run for run in deployed.runs_for(url) if run["status"] != "Running"]
    return runs[0] if runs else None


def delivery(deployed: Deployed, url: str) -> Entry:
    """The delivery of a blob's event."""
    (entry,) = [e for e in deployed.history()["events"] if e["event"]["data"]["url"] == url]
    found: Entry = entry["deliveries"][0]
    return found


def delivered_again(deployed: Deployed, url: str) -> bool:
    """Whether the event has been delivered by now; moves the clock on, but no run out of time."""
    if all(run["status"] != "Running" for run in deployed.history()["workflow_runs"]):
        deployed.advance(timedelta(seconds=31))
    return bool(delivery(deployed, url)["state"] == "delivered")


def dead_lettered(deployed: Deployed, url: str) -> bool:
    """Whether the event has become a dead letter by now; moves the clock on."""
    deployed.advance(timedelta(minutes=6))
    return bool(delivery(deployed, url)["state"] == "dead-lettered")

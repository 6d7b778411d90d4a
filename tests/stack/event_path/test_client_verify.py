"""`verify` proves the deployed stack, and names the part that does not work."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from batch_client import caller
from batch_client.errors import Exit
from batch_client.waiting import Clock
from local_azure.control_plane.tenant import SUBSCRIPTION
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.event_path.test_roles import READER, without

PATIENCE = ("--timeout", "120")
IMPATIENCE = ("--timeout", "1")


@contextmanager
def changed(
    deployed: Deployed, resource_id: str, change: Callable[[dict[str, Any]], Any]
) -> Iterator[None]:
    """A resource as somebody has changed it by hand."""
    before, put = deployed.resource(resource_id), deployed.running.azure.resources.put
    after = replace(before, properties={**before.properties})
    change(after.properties)
    deployed.running.call(put, after)
    try:
        yield
    finally:
        deployed.running.call(put, before)


def until_delivered(deployed: Deployed) -> Clock:
    """A second is as long as all deliveries take that are due."""
    passed: list[float] = []

    def sleep(seconds: float) -> None:
        deployed.running.run(deployed.running.azure.eventgrid.settled())
        passed.append(seconds)

    return Clock(lambda: sum(passed), sleep)


def endpoint(deployed: Deployed) -> str:
    """Its resource id."""
    return f"{deployed.outputs['workspace_id']}/batchEndpoints/{deployed.outputs['endpoint_name']}"


def found(told: dict[str, Any]) -> dict[str, str]:
    """What each step found."""
    return {step["part"]: step["found"] for step in told["steps"]}


def left_over(deployed: Deployed) -> list[str]:
    with deployed.container() as container:
        return [name for name in container.list_blob_names() if "verify-" in name]


def test_a_stack_that_works_is_proved_and_left_as_it_was(
    deployed: Deployed, client: Client
) -> None:
    told = client("verify", *PATIENCE)

    assert [*found(told)] == [
        "the stack's outputs",
        "the default deployment",
        "the event subscription's filter",
        "identities and roles",
        "the workflow",
        "the client secret",
        "what you may do",
        "what jobs write starts no job",
        "a marked file lands",
        "its event starts a run",
        "the run starts a job",
        "the job",
        "the predictions",
        "cleaning up",
    ]
    assert '"digit": 7' in found(told)["the predictions"]
    ends = told["exit"], found(told)["cleaning up"], left_over(deployed)
    assert ends == (Exit.DONE, "nothing is left", [])


def test_a_right_of_whoever_verifies_is_missed_before_anything_is_dropped(
    deployed: Deployed, client: Client
) -> None:
    looking = ("Reader", SUBSCRIPTION)
    with deployed.one_of("callers", looking, lacking="read-predictions"):
        told = client("verify", *IMPATIENCE)

    missing = r"You may not read the predictions: (.|\n)*`callers` in the stack file gives it"
    assert told["stopped_at"] == "what you may do"
    assert re.search(missing, told["error"])
    assert "a marked file lands" not in found(told)


def test_an_event_that_does_not_arrive_is_named(deployed: Deployed, client: Client) -> None:
    deployed.disturb("*.logic.azure.com", status=500)

    told = client("verify", *IMPATIENCE)

    letters = (deployed.outputs["dead_letter_container"], deployed.outputs["dead_letter_account"])
    assert (told["exit"], told["stopped_at"]) == (Exit.TIMEOUT, "its event starts a run")
    assert "{!r} of the account {!r}".format(*letters) in told["error"]
    assert left_over(deployed) == []


def test_an_endpoint_that_refuses_the_workflow_is_named(
    deployed: Deployed, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.fail_invoke(status=403)
    monkeypatch.setattr(caller, "Clock", lambda: until_delivered(deployed))

    told = client("verify", *IMPATIENCE)

    assert told["stopped_at"] == "the run starts a job"
    assert "the last one failed at Invoke (Forbidden)" in told["error"]


def test_a_job_that_fails_is_named(deployed: Deployed, client: Client) -> None:
    identity = deployed.outputs["compute_identity_principal_id"]
    with without(deployed, identity, READER, "/containers/inputs"):
        told = client("verify", *PATIENCE)

    assert told["stopped_at"] == "the job"
    assert "--logs` fetches the logs that say why" in told["error"]
    assert left_over(deployed) == []


def test_who_may_not_look_is_told_the_role(deployed: Deployed, client: Client) -> None:
    with deployed.signed_in([]):
        told = client("verify", *IMPATIENCE)

    assert told["stopped_at"] == "the default deployment"
    assert "Needed: Reader on /subscriptions/" in told["error"]


def test_a_stack_without_events_is_proved_by_invoking(deployed: Deployed, client: Client) -> None:
    client.know(**{**deployed.outputs, "workflow_id": ""})

    steps = client.verify()

    assert "a file, uploaded and invoked" in steps
    assert steps["cleaning up"] == "nothing is left"


def test_a_deployment_that_writes_no_rows_is_proved_by_its_job(
    deployed: Deployed, client: Client
) -> None:
    name = deployed.outputs["default_deployment"]

    def summary_only(told: dict[str, Any]) -> None:
        told["properties"] = {**told["properties"], "outputAction": "SummaryOnly"}

    with changed(deployed, f"{endpoint(deployed)}/deployments/{name}", summary_only):
        told = client("verify", *PATIENCE)

    assert told["exit"] == Exit.DONE, told
    assert found(told)["the predictions"] == "none: the deployment writes a summary only"
    assert left_over(deployed) == []

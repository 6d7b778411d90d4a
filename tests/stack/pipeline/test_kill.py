"""The process killed while a pipeline waits for its job: the run goes on, with that one job."""

from typing import Any

import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.datafactory import DataFactoryManagementClient

from local_azure.commands import process
from local_azure.commands.console_client import Console
from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.home import Home
from local_azure_tests.conftest import kill
from tests.stack.event_path.deployed import ENDS as JOB_ENDS
from tests.stack.event_path.deployed import until
from tests.stack.pipeline.piped import ENDS
from tests.stack.shell import Stack, sample

pytestmark = pytest.mark.long

POLL_INTERVAL = 3600
SETTINGS = {
    "data_factory": {"poll_interval_seconds": POLL_INTERVAL},
    "blob_events": {"marker_name": "_SUCCESS"},
}


def test_a_run_outlives_a_kill_and_has_one_job(home: Home) -> None:
    told = process.start(home)
    stack = Stack(home, told)
    stack.configure(SETTINGS)
    stack.up()
    folder = f"{stack.outputs['input_url']}monday/"
    stack.upload(f"{folder}7.pgm", sample(7))
    run = start(stack, Console.of(home), endpoint_input_uri=folder)
    until(lambda: "Wait" in activities(home, run), "the first wait")

    kill(home)
    process.start(home)
    until(lambda: [job for job in history(home, "jobs") if job["status"] in JOB_ENDS], "the job")
    Console.of(home).post("/clock/advance", {"seconds": POLL_INTERVAL})
    ended = until(lambda: [each for each in runs(home, run) if each["status"] in ENDS], "its end")

    assert [(each["status"], each["message"]) for each in ended] == [("Succeeded", "")]
    assert [job["status"] for job in history(home, "jobs")] == ["Completed"]
    assert activities(home, run).count("Run Batch-Endpoint") == 1


def start(stack: Stack, console: Console, **parameters: Any) -> str:
    """Start the pipeline as the deployer, who owns the subscription; the run's id."""
    who = {"object_id": DEPLOYER.object_id, "type": "ServicePrincipal"}
    [known] = console.post("/principals", [who])
    place = stack.outputs["factory_id"].split("/")[4], stack.outputs["factory_name"]
    with (
        stack.shell(),
        ClientSecretCredential(TENANT_ID, known["client_id"], known["client_secret"]) as credential,
        DataFactoryManagementClient(credential, SUBSCRIPTION_ID, retry_total=0) as client,
    ):
        name = stack.outputs["pipeline_name"]
        return client.pipelines.create_run(*place, name, parameters).run_id


def history(home: Home, what: str) -> list[dict[str, Any]]:
    """What the console tells of the latest."""
    found: list[dict[str, Any]] = Console.of(home).get("/runs")[what]
    return found


def runs(home: Home, run: str) -> list[dict[str, Any]]:
    """The run with this id."""
    return [each for each in history(home, "pipeline_runs") if each["runId"] == run]


def activities(home: Home, run: str) -> list[str]:
    """Names of what a run, and those that it called, have done so far."""
    [root] = runs(home, run)
    family = root["runGroupId"]
    return [
        activity["activityName"]
        for each in history(home, "pipeline_runs")
        if each["runGroupId"] == family
        for activity in each["activities"]
    ]

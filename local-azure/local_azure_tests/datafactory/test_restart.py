"""Runs that outlive the process: what was going on goes on, and what waited still waits."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.identity import ClientSecretCredential

from local_azure.commands import environment, process
from local_azure.commands.console_client import Console
from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.faults import Fault
from local_azure.control_plane.tenant import DEPLOYER, TENANT_ID
from local_azure.home import Home
from local_azure.services.datafactory import exported
from local_azure_tests.conftest import kill
from local_azure_tests.datafactory.cloud import (
    FACTORY_ID,
    FACTORY_NAME,
    GROUP,
    HERE,
    HOUR,
    READER,
    Caller,
    read_factory,
    wait,
)
from local_azure_tests.datafactory.conftest import Restarted
from local_azure_tests.datafactory.pipelines import VARIABLES, activity, set_variable
from local_azure_tests.providers.engine import Engine

DF = "azure-native:datafactory:"


def test_a_run_that_waited_for_its_turn_gets_it(restarted: Restarted) -> None:
    cloud, caller = restarted()
    cloud.pipeline("one-at-a-time", wait(HOUR // 2), concurrency=1)
    first, second = caller.start("one-at-a-time"), caller.start("one-at-a-time")

    cloud, caller = restarted(HOUR // 2)

    assert caller.ended(first).status == "Succeeded"
    cloud.advance(HOUR // 2)
    assert caller.ended(second).status == "Succeeded"


def test_a_run_that_was_being_cancelled_ends_cancelled(restarted: Restarted) -> None:
    cloud, caller = restarted()
    cloud.pipeline("long", wait(24 * HOUR))
    run = caller.start("long")
    # As after a kill between the caller's answer and the run's end.
    cloud.call(cloud.azure.datafactory.runs.enter, run, "Canceling")

    _, caller = restarted()

    assert caller.ended(run).status == "Cancelled"
    assert [each.status for each in caller.activities(run)] == ["Cancelled"]


def test_a_stop_in_the_middle_of_a_call_is_no_failure_of_it(restarted: Restarted) -> None:
    cloud, caller = restarted()
    cloud.let_factory("reads", READER)
    cloud.pipeline("asks", read_factory())
    cloud.call(cloud.azure.faults.add, Fault(PUBLIC.arm_host, path=FACTORY_ID, delay=1e6))
    run = caller.start("asks")
    while cloud.call(lambda: cloud.azure.faults.pending):
        pass

    _, caller = restarted()

    assert caller.ended(run).status == "Succeeded"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    folder = Home(tmp_path)
    yield folder
    process.stop(folder)


def test_runs_survive_a_kill_and_do_nothing_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = process.start(home)
    native = Engine(told["ports"]["azure-native"])
    long = activity("Wait", "Wait", {"One": "Succeeded"}, waitTimeInSeconds=3600)
    last = set_variable("Two", "@guid()", {"Wait": "Succeeded"})
    deploy(native, set_variable("One", "@guid()"), long, last)
    native.channel.close()
    caller = deployer(home, told, monkeypatch)
    runs = [caller.start("killed") for _ in range(4)]

    kill(home)
    caller = deployer(home, process.start(home), monkeypatch)
    Console.of(home).post("/clock/advance", {"seconds": 3600})
    ended = {caller.ended(run).status for run in runs}
    activities = [[each.activity_name for each in caller.activities(run)] for run in runs]

    assert ended == {"Succeeded"}
    assert activities == [["One", "Wait", "Two"]] * 4


def deployer(home: Home, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Who owns the subscription, on the server that runs now."""
    for name, value in environment.for_clients(home, told).items():
        monkeypatch.setenv(name, value)
    who = {"object_id": DEPLOYER.object_id, "type": "ServicePrincipal"}
    [known] = Console.of(home).post("/principals", [who])
    return Caller(ClientSecretCredential(TENANT_ID, known["client_id"], known["client_secret"]))


def deploy(native: Engine, *activities: dict[str, Any]) -> None:
    """A factory with one pipeline, by the provider."""
    native.create("azure-native:resources:ResourceGroup", HERE)
    inside = {"resourceGroupName": GROUP, "factoryName": FACTORY_NAME}
    native.create(f"{DF}Factory", {**inside, "identity": {"type": "SystemAssigned"}})
    document = {"activities": list(activities), "variables": VARIABLES}
    native.create(
        f"{DF}Pipeline", {**inside, "pipelineName": "killed", **exported.pipeline_hoisted(document)}
    )

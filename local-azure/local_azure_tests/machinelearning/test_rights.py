"""Each right that the flow needs, taken away once: the flow stops there and says which."""

import re
from collections.abc import Iterator

import pytest

from local_azure.control_plane.entra.directory import Principal
from local_azure.services.machinelearning.front_door import (
    ON_DEPLOYMENT,
    ON_ENDPOINT,
    ON_WORKSPACE,
    TO_FOLLOW,
)
from local_azure_tests.machinelearning.world import (
    ACTIONS,
    BLOB_CONTRIBUTOR,
    COMPUTE,
    ENDPOINT,
    INVOKER,
    QUEUE_CONTRIBUTOR,
    STORAGE,
    TABLE_CONTRIBUTOR,
    WORKSPACE,
    World,
    names,
)

DATASTORE = "azureml://datastores/batch_inputs/paths"
DENIED = (
    "Microsoft Entra Token denied by policy, please review "
    "https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-online-endpoint"
)
"""Text, no JSON, as quoted in a public issue of 2025."""
SCOPES = (
    dict.fromkeys(ON_ENDPOINT, ENDPOINT)
    | dict.fromkeys(ON_DEPLOYMENT, f"{ENDPOINT}/deployments/blue")
    | dict.fromkeys(ON_WORKSPACE, WORKSPACE)
)


@pytest.fixture(autouse=True)
def _rights(world: World) -> Iterator[None]:
    yield
    world.running.call(world.allow_invoker, *ACTIONS)
    world.running.call(world.grant_all)


@pytest.mark.parametrize("action", SCOPES)
def test_an_invocation_without_one_action_names_it(world: World, action: str) -> None:
    world.running.call(world.allow_invoker, *(each for each in ACTIONS if each != action))

    status, told = world.invoke()

    assert (status, told[: len(DENIED)]) == (403, DENIED)
    assert names(told, INVOKER)
    assert f"action '{action}' over scope '{SCOPES[action]}'" in told


@pytest.mark.parametrize("action", TO_FOLLOW)
def test_following_a_job_without_one_action_names_it(world: World, action: str) -> None:
    name = world.score()["name"]
    world.running.call(world.allow_invoker, *(each for each in ACTIONS if each != action))

    status, told = world.request("GET", f"/jobs/{name}")

    assert (status, told[: len(DENIED)]) == (403, DENIED)
    assert f"action '{action}' over scope '{ENDPOINT}'" in told


@pytest.mark.parametrize(
    ("assignment", "principal", "action", "account"),
    [
        ("read", INVOKER, "containers/blobs/read", "inputs"),
        ("mount", COMPUTE, "containers/blobs/read", "inputs"),
        ("write", COMPUTE, "containers/blobs/read", "own"),
        ("queues", COMPUTE, "queues/messages/write", "own"),
        ("tables", COMPUTE, "tables/entities/read", "own"),
    ],
)
def test_a_job_without_one_grant_fails_and_names_it(
    world: World, assignment: str, principal: Principal, action: str, account: str
) -> None:
    world.running.call(world.azure.authorization.unassign, assignment)

    error = world.score()["error"]

    assert names(error, principal)
    assert re.search(f"action '\\S+{action}' over scope '{STORAGE}/{account}", error)


@pytest.mark.parametrize(
    ("role", "action"), [("queues", "queues/messages/write"), ("tables", "tables/entities/read")]
)
def test_a_job_that_writes_to_another_account_coordinates_there_too(
    world: World, role: str, action: str
) -> None:
    assign, unassign = world.azure.authorization.assign, world.azure.authorization.unassign
    inputs, who = f"{STORAGE}/inputs", COMPUTE.object_id
    roles = {"blobs": BLOB_CONTRIBUTOR, "queues": QUEUE_CONTRIBUTOR, "tables": TABLE_CONTRIBUTOR}
    for name, definition in roles.items():
        world.running.call(assign, f"out-{name}", who, definition, inputs)
    folder = f"{DATASTORE}/{role}"
    assert world.score(output=f"{folder}/first.csv")["status"] == "Completed"

    world.running.call(unassign, f"out-{role}")
    error = world.score(output=f"{folder}/second.csv")["error"]
    for name in roles:
        world.running.call(unassign, f"out-{name}")

    assert re.search(f"action '\\S+{action}' over scope '{inputs}'", error)

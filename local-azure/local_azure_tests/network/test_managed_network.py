"""A workspace's managed network: when it comes, what it leads to, and the jobs inside of it."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from local_azure.control_plane.networks import connections
from local_azure.control_plane.networks.connections import APPROVED, Owner
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.conftest import Running
from local_azure_tests.machinelearning import world as ml
from local_azure_tests.network.world import (
    ACCOUNT,
    HERE,
    OWN_ACCOUNT,
    VAULT,
    WORKSPACE,
    Json,
    World,
    account,
    vault,
    workspace,
)

OPEN, CLOSED = "AllowInternetOutbound", "AllowOnlyApprovedOutbound"
OFF = {"publicNetworkAccess": "Disabled"}
RULE = f"{WORKSPACE}/outboundRules/inputs"
APPROVER = "b556d68e-0be0-4f35-a333-ad7ee1ce17ea"


def rule(target: str = ACCOUNT, group: str = "blob") -> Json:
    to = {"serviceResourceId": target, "subresourceTarget": group, "sparkEnabled": False}
    return {"type": "PrivateEndpoint", "category": "UserDefined", "destination": to}


def isolated(mode: str = OPEN, **more: Any) -> Json:
    return workspace(**OFF, managedNetwork={"isolationMode": mode}, **more)


@pytest.fixture(scope="module")
def made(running: Running) -> World:
    world = World(running)
    world.make()
    world.put(OWN_ACCOUNT, account(**OFF))
    world.put(VAULT, vault(**OFF))
    return world


@pytest.fixture
def world(made: World) -> Any:
    """A workspace that is new to each test."""
    made.put(WORKSPACE, isolated())
    yield made
    made.delete(WORKSPACE)


def told(world: World) -> Json:
    found: Json = world.get(WORKSPACE)["properties"]["managedNetwork"]
    return found


def statuses(world: World) -> dict[str, str]:
    return {name: each["status"] for name, each in told(world)["outboundRules"].items()}


def let_approve(world: World) -> None:
    """Give the workspace's identity the approver's role at the inputs."""
    roles = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
    given = {
        "roleDefinitionId": f"{roles}/{APPROVER}",
        "principalId": world.get(WORKSPACE)["identity"]["principalId"],
        "principalType": "ServicePrincipal",
    }
    world.put(
        f"{ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/{uuid4()}",
        {"properties": given},
    )


NEEDED = {
    "__SYS_PE_privateown_blob": "Active",
    "__SYS_PE_privateown_file": "Active",
    "__SYS_PE_private-vault_vault": "Active",
    "__SYS_PE_private-ml_amlworkspace": "Active",
}
CLUSTER = {
    "computeType": "AmlCompute",
    "properties": {"vmSize": "Standard_DS3_v2", "scaleSettings": {"maxNodeCount": 1}},
}


def test_a_network_comes_with_the_first_cluster(world: World) -> None:
    before = told(world)["status"]["status"], statuses(world)
    cluster = {**HERE, "properties": CLUSTER}
    world.put(f"{WORKSPACE}/computes/cluster", cluster)

    assert before == ("Inactive", {})
    assert (told(world)["status"]["status"], statuses(world)) == ("Active", NEEDED)
    assert world.states(OWN_ACCOUNT) == ["Approved", "Approved"]


def test_or_at_once_where_that_is_asked_for(world: World) -> None:
    let_approve(world)
    world.put(RULE, {"properties": rule()})
    waiting = statuses(world)
    world.put(WORKSPACE, isolated(provisionNetworkNow=True))

    assert waiting == {"inputs": "Inactive"}
    assert statuses(world) == {"inputs": "Active", **NEEDED}
    assert world.states(ACCOUNT) == ["Approved"]


def test_or_by_an_action(world: World) -> None:
    path = f"{WORKSPACE}/provisionManagedNetwork"

    assert world.client.ask(path, "2025-12-01", "POST", {}) == (
        200,
        {"status": "Active", "sparkReady": False},
    )
    assert statuses(world) == NEEDED


def put_again(rules: Json) -> Json:
    managed = {"isolationMode": OPEN, "outboundRules": rules}
    return workspace(**OFF, managedNetwork=managed, provisionNetworkNow=True)


def test_rules_that_a_workspace_needs_come_back_as_they_were_told_alone(world: World) -> None:
    world.put(WORKSPACE, isolated(provisionNetworkNow=True))
    world.put(RULE, {"properties": rule()})
    rules = told(world)["outboundRules"]
    needed = next(iter(NEEDED))
    elsewhere = {**rules[needed], "destination": rule()["destination"]}
    before = {name: {**each, "status": "Inactive"} for name, each in rules.items()}

    world.put(WORKSPACE, put_again(before))
    refused = [
        world.refused(WORKSPACE, put_again({name: wrong}))
        for name, wrong in ((needed, elsewhere), ("inputs", {**rule(), "category": "Required"}))
    ]

    assert told(world)["outboundRules"] == rules
    assert ["category: found 'Required'" in each for each in refused] == [True, True]


def test_what_is_public_needs_no_endpoint_where_the_internet_is_open(world: World) -> None:
    world.put(VAULT, vault())
    world.put(WORKSPACE, isolated(provisionNetworkNow=True))
    world.put(VAULT, vault(**OFF))

    assert "__SYS_PE_private-vault_vault" not in statuses(world)


def test_a_rule_to_what_the_workspaces_identity_may_not_approve_waits(world: World) -> None:
    world.put(WORKSPACE, isolated(provisionNetworkNow=True))
    world.put(RULE, {"properties": rule()})

    assert world.get(RULE)["properties"]["status"] == "Inactive"
    assert world.states(ACCOUNT) == ["Pending"]


def test_a_rule_goes_with_its_connection(world: World) -> None:
    let_approve(world)
    world.put(WORKSPACE, isolated(provisionNetworkNow=True))
    world.put(RULE, {"properties": rule()})
    world.decide(ACCOUNT, "Rejected")
    rejected = world.get(RULE)["properties"]["status"]
    world.delete(RULE)

    assert rejected == "Inactive"
    assert (statuses(world), world.connections(ACCOUNT)) == (NEEDED, [])
    needed = f"{WORKSPACE}/outboundRules/__SYS_PE_privateown_blob"
    assert world.send("DELETE", needed)[0] == 409


def test_nothing_is_left_at_the_targets_of_a_workspace_that_is_gone(made: World) -> None:
    made.put(WORKSPACE, isolated(provisionNetworkNow=True))
    made.delete(WORKSPACE)

    assert made.connections(OWN_ACCOUNT) == []
    assert made.get(OWN_ACCOUNT)["properties"]["privateEndpointConnections"] == []


@pytest.mark.parametrize("mode", ["Disabled", CLOSED])
def test_an_isolation_that_is_chosen_stays(world: World, mode: str) -> None:
    assert "a managed network keeps its mode, 'AllowInternetOutbound'" in world.refused(
        WORKSPACE, isolated(mode)
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (rule(group="vault"), "found 'vault', accepted: blob, dfs, file"),
        (rule(target=f"{ACCOUNT}2"), "does not exist"),
        ({"type": "FQDN", "destination": "pypi.org"}, "a FQDN rule goes with"),
    ],
)
def test_a_rule_that_leads_nowhere_is_refused(world: World, given: Json, why: str) -> None:
    assert why in world.refused(RULE, {"properties": given})


class PrivateJobs(ml.World):
    """Jobs whose inputs nobody reaches from the internet."""

    def close(self) -> None:
        """Close the inputs' account, and let the workspace have a network of its own."""
        self.tell(f"{ml.STORAGE}/inputs", {**OFF, "networkRuleSet": {"bypass": "None"}})
        self.isolate(OPEN)

    def isolate(self, mode: str) -> None:
        """Let the workspace's jobs run in a network."""
        self.tell(ml.WORKSPACE, {"managedNetwork": {"isolationMode": mode}})

    def tell(self, path: str, told: Json) -> None:
        """Let a resource tell something more."""
        found = self.running.stored(path)
        changed = replace(found, properties={**found.properties, **told})
        self.running.call(self.azure.resources.put, changed)

    def connect(self, group: str, account: str = "inputs") -> None:
        """Approve an endpoint to a part of an account out of that network."""
        target = self.running.stored(f"{ml.STORAGE}/{account}")
        owner = Owner(f"{ml.WORKSPACE}/outboundRules/{group}", ml.WORKSPACE, group)
        self.running.call(connections.connect, self.azure.control, target, owner, APPROVED)


def test_a_job_of_a_closed_network_reaches_nothing_public(running: Running) -> None:
    world = PrivateJobs(running)
    world.isolate(CLOSED)

    world.connect("queue", "own")
    alone = world.score()
    world.connect("table", "own")

    assert "leads to no table of own, which batch jobs coordinate by" in alone["error"]
    assert "403 AuthorizationFailure" in world.score()["error"]


def test_a_job_runs_inside_of_the_workspaces_network(running: Running) -> None:
    world = PrivateJobs(running)
    world.close()

    world.connect("file")
    refused = world.score()
    world.connect("blob")
    scored = world.score()
    beside = world.score(output="azureml://datastores/batch_inputs/paths/beside.csv")

    assert (refused["status"], scored["status"]) == ("Failed", "Completed")
    assert "403 AuthorizationFailure" in refused["error"]
    assert "leads to no queue and no table of inputs, which" in beside["error"]

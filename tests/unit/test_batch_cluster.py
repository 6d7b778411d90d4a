"""The cluster that jobs run on."""

from typing import Any

import pytest

from tests.unit.azure import SUBSCRIPTION
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_settings import changed

WORKSPACE = (
    f"{SUBSCRIPTION}/resourceGroups/ml-group/providers"
    "/Microsoft.MachineLearningServices/workspaces/team"
)
LOOKED_UP = "azure-native:machinelearningservices:getCompute"
WRITABLE = {
    "vmSize": "Standard_DS3_v2",
    "vmPriority": "Dedicated",
    "osType": "Linux",
    "scaleSettings": {"minNodeCount": 1, "maxNodeCount": 4},
    "subnet": {"id": "/subnet"},
}
READ = {
    "computeType": "AmlCompute",
    "disableLocalAuth": True,
    "provisioningState": "Succeeded",
    "modifiedOn": "2026-01-01T00:00:00Z",
    "properties": {
        **WRITABLE,
        "allocationState": "Steady",
        "currentNodeCount": 1,
        "nodeStateCounts": {"idleNodeCount": 1},
    },
}


def _deployed(**said: Any) -> Deployment:
    return run(changed(cluster=said))


def test_the_cluster_has_the_identity_and_goes_down_to_nothing() -> None:
    deployed = _deployed()
    cluster = deployed.one("Compute").inputs
    assert cluster["computeName"] == "batch-cluster"
    assert cluster["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": [deployed.exports["compute_identity_id"]],
    }
    assert cluster["properties"]["properties"]["scaleSettings"] == {
        "minNodeCount": 0,
        "maxNodeCount": 2,
        "nodeIdleTimeBeforeScaleDown": "PT120S",
    }


@pytest.mark.parametrize(
    ("asked", "sent"), [("low_priority", "LowPriority"), ("dedicated", "Dedicated")]
)
def test_nodes_are_cheap_only_by_choice(asked: str, sent: str) -> None:
    properties = _deployed(node_priority=asked).one("Compute").inputs["properties"]
    assert properties["properties"]["vmPriority"] == sent


def test_other_machines_are_another_cluster() -> None:
    assert _deployed().one("Compute").replaced_for == (
        "properties.properties.vmSize",
        "properties.properties.vmPriority",
        "location",
    )


@pytest.mark.parametrize(
    "there",
    [
        {"workspace.existing": WORKSPACE},
        {"endpoint.existing": f"{WORKSPACE}/batchEndpoints/theirs", "deployments": []},
    ],
    ids=["workspace", "endpoint"],
)
def test_an_existing_cluster_keeps_its_body_and_gets_the_identity(there: dict[str, Any]) -> None:
    answers = {LOOKED_UP: {"tags": {"team": "[a]"}, "properties": READ}}
    deployed = run(changed(there, cluster={"existing": "cpu-cluster"}), answers)

    put = deployed.named("cluster-identity").inputs
    identity = deployed.exports["compute_identity_id"]
    assert not deployed.all(":Compute"), "a refresh compares what is read as a resource"
    assert put["properties"]["template"]["resources"] == [
        {
            "type": "Microsoft.MachineLearningServices/workspaces/computes",
            "apiVersion": "2025-12-01",
            "name": "team/cpu-cluster",
            "location": "westeurope",
            "tags": {"team": "[[a]"},
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
            "properties": {
                "computeType": "AmlCompute",
                "disableLocalAuth": True,
                "properties": WRITABLE,
            },
        }
    ]
    assert put["resourceGroupName"] == "ml-group"

"""The cluster that jobs run on."""

import pytest

from components.machine_learning.batch_cluster import (
    BatchCluster,
    BatchClusterArgs,
    ExistingBatchCluster,
    ExistingBatchClusterArgs,
    writable,
)
from tests.unit.azure import SUBSCRIPTION
from tests.unit.engine import Deployment, deploy

CLUSTER = (
    f"{SUBSCRIPTION}/resourceGroups/ml-group/providers"
    "/Microsoft.MachineLearningServices/workspaces/team/computes/cpu-cluster"
)
READ = {
    "computeType": "AmlCompute",
    "disableLocalAuth": True,
    "provisioningState": "Succeeded",
    "modifiedOn": "2026-01-01T00:00:00Z",
    "properties": {
        "vmSize": "Standard_DS3_v2",
        "vmPriority": "Dedicated",
        "osType": "Linux",
        "scaleSettings": {"minNodeCount": 1, "maxNodeCount": 4},
        "subnet": {"id": "/subnet"},
        "allocationState": "Steady",
        "currentNodeCount": 1,
        "nodeStateCounts": {"idleNodeCount": 1},
    },
}


def _deployed(*, priority: str = "dedicated", existing: str | None = None) -> Deployment:
    args: BatchClusterArgs = {
        "resource_group_name": "rg",
        "location": "westeurope",
        "workspace_name": "ws",
        "name": "batch-cluster",
        "identity_id": "/identity",
        "vm_size": "Standard_DS3_v2",
        "node_priority": priority,
        # A program in another language sends every number as a float.
        "min_nodes": 0.0,  # type: ignore[typeddict-item]
        "max_nodes": 2.0,  # type: ignore[typeddict-item]
        "idle_seconds_before_scale_down": 120.0,  # type: ignore[typeddict-item]
    }
    answers = {
        "azure-native:machinelearningservices:Compute": {
            "tags": {"team": "[a]"},
            **({"properties": READ} if existing else {}),
        }
    }
    if existing:
        there: ExistingBatchClusterArgs = {"cluster_id": existing, "identity_id": "/identity"}
        return deploy(lambda: ExistingBatchCluster("cluster", there), answers=answers)
    return deploy(lambda: BatchCluster("cluster", args), answers=answers)


def test_the_cluster_has_the_identity_and_goes_down_to_nothing() -> None:
    cluster = _deployed().one("Compute").inputs
    assert cluster["computeName"] == "batch-cluster"
    assert cluster["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": ["/identity"],
    }
    assert cluster["properties"]["properties"]["scaleSettings"] == {
        "minNodeCount": 0,
        "maxNodeCount": 2,
        "nodeIdleTimeBeforeScaleDown": "PT120S",
    }


def test_nobody_logs_in_to_a_node() -> None:
    properties = _deployed().one("Compute").inputs["properties"]
    assert properties["disableLocalAuth"] is True
    assert properties["properties"]["remoteLoginPortPublicAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("asked", "sent"), [("low_priority", "LowPriority"), ("dedicated", "Dedicated")]
)
def test_nodes_are_cheap_only_by_choice(asked: str, sent: str) -> None:
    properties = _deployed(priority=asked).one("Compute").inputs["properties"]
    assert properties["properties"]["vmPriority"] == sent


def test_other_machines_are_another_cluster() -> None:
    assert _deployed().one("Compute").replaced_for == (
        "properties.properties.vmSize",
        "properties.properties.vmPriority",
        "location",
    )


def test_an_existing_cluster_keeps_its_body_and_gets_the_identity() -> None:
    deployed = _deployed(existing=CLUSTER)
    template = deployed.one("resources:Deployment").inputs["properties"]["template"]
    assert template["resources"] == [
        {
            "type": "Microsoft.MachineLearningServices/workspaces/computes",
            "apiVersion": "2025-12-01",
            "name": "team/cpu-cluster",
            "location": "westeurope",
            "tags": {"team": "[[a]"},
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/identity": {}}},
            "properties": {
                "computeType": "AmlCompute",
                "disableLocalAuth": True,
                "properties": {
                    "vmSize": "Standard_DS3_v2",
                    "vmPriority": "Dedicated",
                    "osType": "Linux",
                    "scaleSettings": {"minNodeCount": 1, "maxNodeCount": 4},
                    "subnet": {"id": "/subnet"},
                },
            },
        }
    ]
    assert deployed.one("resources:Deployment").inputs["resourceGroupName"] == "ml-group"


def test_what_the_service_reports_is_never_sent_back() -> None:
    assert writable(READ)["properties"].keys() == {
        "vmSize",
        "vmPriority",
        "osType",
        "scaleSettings",
        "subnet",
    }

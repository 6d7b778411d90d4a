"""The cluster that batch jobs run on, with the identity that mounts their data.

A cluster that exists already keeps its size and scale; it gets the identity by a PUT of its whole
body, as it was read, so other identities that it had are taken off it: of several, the first one
mounts the data, and their order is Azure's own.
"""

from typing import Any, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices

from components.azure.component import Component, Options
from components.azure.made_first import made_first
from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs, placed
from components.azure.resource_id import parse
from components.azure.whole_body_put import Body, put

API_VERSION = "2025-12-01"

MACHINES = ["properties.properties.vmSize", "properties.properties.vmPriority"]
"""What a cluster keeps from its creation on, and azure-native would send as a change of it: Azure
takes that and leaves the machines as they are (hashicorp/terraform-provider-azurerm#15825).

azure-native deletes a cluster without `underlyingResourceAction`, which Azure takes (recorded,
azure-service-operator, 2022). A cluster that was detached and not deleted came back with its former
machines (Azure/azure-rest-api-specs#18889): which of the two is the default is UNVERIFIED."""

WRITABLE = (
    "enableNodePublicIp",
    "isolatedNetwork",
    "osType",
    "propertyBag",
    "remoteLoginPortPublicAccess",
    "scaleSettings",
    "subnet",
    "virtualMachineImage",
    "vmPriority",
    "vmSize",
)
"""What a cluster's body may hold; all else that a read returns is the service's own report."""


class ClusterSizeArgs(TypedDict):
    """What a new cluster is called and how large it may become."""

    name: str
    """Name of the cluster, which people know; `batch-cluster` in the documentation."""

    vm_size: pulumi.Input[str]
    """Size of a node, such as `Standard_DS3_v2`."""

    node_priority: pulumi.Input[str]
    """dedicated, or low_priority for cheap nodes that can be taken away in the middle of a job."""

    min_nodes: int
    """Nodes that are always there."""

    max_nodes: int
    """Nodes at most."""

    idle_seconds_before_scale_down: int
    """Seconds that a node is idle before it goes."""


class BatchClusterArgs(PlacementArgs, ClusterSizeArgs):
    """Arguments of BatchCluster."""

    workspace_name: pulumi.Input[str]
    """Workspace of the cluster."""

    identity_id: pulumi.Input[str]
    """Resource id of the identity that mounts the data."""


class ExistingBatchClusterArgs(TypedDict):
    """Arguments of ExistingBatchCluster."""

    cluster_id: str
    """Resource id of the cluster."""

    identity_id: pulumi.Input[str]
    """Resource id of the identity that mounts the data."""


class BatchCluster(Component):
    """A cluster of virtual machines that scales down to nothing."""

    compute_id: pulumi.Output[str]
    """Resource id of the cluster."""

    def __init__(self, name: str, args: BatchClusterArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        self.compute_id = _create(name, args, self.child).id
        self.register_outputs({"compute_id": self.compute_id})


class ExistingBatchCluster(Component):
    """A cluster that exists already, which gets the identity."""

    compute_id: pulumi.Output[str]
    """Resource id of the cluster, known once it has the identity."""

    def __init__(self, name: str, args: ExistingBatchClusterArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        self.compute_id = _adopt(name, args["cluster_id"], args["identity_id"], self.child)
        self.register_outputs({"compute_id": self.compute_id})


def _create(
    name: str, args: BatchClusterArgs, opts: pulumi.ResourceOptions
) -> machinelearningservices.Compute:
    # Counts come as floats from programs in other languages.
    logical, kept = made_first(f"{name}-compute", args["name"], opts)
    # Other machines under the same name: that cluster goes first.
    kept = also(kept, replace_on_changes=MACHINES, delete_before_replace=True)
    return machinelearningservices.Compute(
        logical,
        **placed(args),
        workspace_name=args["workspace_name"],
        compute_name=args["name"],
        identity={"type": "UserAssigned", "user_assigned_identities": [args["identity_id"]]},
        properties={
            "compute_type": "AmlCompute",
            "disable_local_auth": True,
            "properties": {
                "os_type": "Linux",
                "vm_size": args["vm_size"],
                "vm_priority": pulumi.Output.from_input(args["node_priority"]).apply(
                    {"low_priority": "LowPriority", "dedicated": "Dedicated"}.__getitem__
                ),
                "remote_login_port_public_access": "Disabled",
                **({"enable_node_public_ip": False} if "private_network" in args else {}),
                "scale_settings": {
                    "min_node_count": args["min_nodes"],
                    "max_node_count": args["max_nodes"],
                    "node_idle_time_before_scale_down": (
                        f"PT{int(args['idle_seconds_before_scale_down'])}S"
                    ),
                },
            },
        },
        opts=kept,
    )


def _adopt(
    name: str, existing: str, identity_id: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    path = parse(existing)
    workspace, compute = path.names
    # Not a resource: a refresh compares all that Azure tells of one, and nodes come and go.
    found = machinelearningservices.get_compute_output(
        resource_group_name=path.resource_group,
        workspace_name=workspace,
        compute_name=compute,
        opts=pulumi.InvokeOutputOptions(parent=opts.parent),
    )
    body = Body(
        type="Microsoft.MachineLearningServices/workspaces/computes",
        api_version=API_VERSION,
        name="/".join(path.names),
        content={
            "location": found.location,
            "tags": found.tags.apply(lambda tags: tags or {}),
            "identity": pulumi.Output.from_input(identity_id).apply(
                lambda identity: {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
            ),
            "properties": found.properties.apply(writable),
        },
    )
    step = put(f"{name}-identity", path.resource_group, body, opts)
    return after(existing, step)


def writable(properties: dict[str, Any]) -> dict[str, Any]:
    """The part of a cluster's properties that a PUT may hold, as the read returned it."""
    inner = properties["properties"]
    return {
        "computeType": properties["computeType"],
        "disableLocalAuth": properties.get("disableLocalAuth", False),
        "properties": {key: inner[key] for key in WRITABLE if inner.get(key) is not None},
    }

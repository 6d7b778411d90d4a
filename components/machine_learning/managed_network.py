"""The network that Azure ML manages for a private workspace: jobs run in it.

What jobs reach in it is a rule, and a private endpoint that Azure ML makes and, with a role of the
workspace's identity, approves. Those to the workspace's own vault, registry, blobs and files come
by themselves, but where jobs may reach the internet only to what has no public access; those that
batch jobs need to the account's queues and tables never do (AI:how-to-managed-network), nor those
to the queues and tables of another account that they write to (Azure/azure-cli#25846).
"""

from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi
from pulumi_azure_native import machinelearningservices

from components.azure.moves import stays
from components.azure.options import also
from components.azure.placement import PlacementArgs
from components.network.zones import STORAGE

SLOW = pulumi.CustomTimeouts(create="90m", update="90m")
"""Azure provisions the network in half an hour, or longer (AI:how-to-managed-network)."""

RULES = ["managedNetwork.outboundRules"]
"""Where a workspace tells its rules again, which are resources of their own: a refresh takes them
over (seen on Azure, pulumi/pulumi-azure-native#3225), which is no drift, and the next `up` does not
take them away. A workspace that changes after one is put with them, those that it needs among them,
as azurerm's provider puts what it has read; that Azure keeps them where it is put without any, as
before, is UNVERIFIED."""

OPEN = "AllowInternetOutbound"

OF_BATCH_JOBS = ("queue", "table")
"""Groups of the accounts that jobs write to, to which Azure ML makes no endpoints by itself."""


class ManagedNetworkArgs(TypedDict):
    """What a private workspace's jobs reach, and what builds their images."""

    isolation_mode: str
    """AllowInternetOutbound or AllowOnlyApprovedOutbound; Azure changes it never again."""

    image_build_compute: pulumi.Input[str]
    """Name of the cluster that builds images: behind a network the registry does not."""

    writes_at_inputs: bool
    """Whether jobs write to the account of the inputs, and not only to the workspace's."""


def settings_of(private: ManagedNetworkArgs) -> dict[str, Any]:
    """Arguments of a private workspace beyond a public one's."""
    return {
        "managed_network": {"isolation_mode": private["isolation_mode"]},
        "provision_network_now": True,
        # The cluster comes later: that Azure takes its name before it is there is UNVERIFIED.
        "image_build_compute": private["image_build_compute"],
    }


def chosen_once(name: str) -> pulumi.ResourceHookBinding:
    """Refuses a workspace's other isolation, or its first or last one.

    Azure changes none of them, and endpoints keep what the workspace was when they were made
    (AI:how-to-secure-batch-endpoint).
    """
    return stays(
        f"{name}-network-stays",
        _mode,
        "The workspace's network can't become {after}, it is {before}: network.private and "
        "network.isolation are chosen before the first up; another stack can have others",
    )


def _mode(inputs: Mapping[str, Any]) -> Any:
    network = inputs.get("managedNetwork") or {}
    return network.get("isolationMode", "public") if isinstance(network, Mapping) else network


def outbound_rules(
    name: str,
    workspace: machinelearningservices.Workspace,
    input_account_id: pulumi.Input[str],
    private: ManagedNetworkArgs,
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.CustomResource]:
    """Lets jobs reach the inputs, and of accounts that they write to what goes not by itself."""
    open_account = bool(args["private_network"]["allowed_addresses"])
    groups = STORAGE if open_account and private["isolation_mode"] == OPEN else OF_BATCH_JOBS
    own = workspace.storage_account.apply(str)
    at_inputs = ("blob", *OF_BATCH_JOBS) if private["writes_at_inputs"] else ("blob",)
    targets = [(f"inputs-{group}", input_account_id, group) for group in at_inputs]
    targets += [(f"storage-{group}", own, group) for group in groups]
    made: list[pulumi.CustomResource] = []
    for rule, target, group in targets:
        # One after the other: of rules made at once, some take others away again
        # (Azure/terraform-provider-azapi#453).
        made.append(
            machinelearningservices.ManagedNetworkSettingsRule(
                f"{name}-{rule}",
                rule_name=rule,
                resource_group_name=args["resource_group_name"],
                workspace_name=workspace.name,
                properties={
                    "type": "PrivateEndpoint",
                    "category": "UserDefined",
                    "destination": {
                        "service_resource_id": target,
                        "subresource_target": group,
                        "spark_enabled": False,
                    },
                },
                # The network goes with the workspace; each rule by itself would take minutes.
                opts=also(opts, depends_on=made[-1:], custom_timeouts=SLOW, deleted_with=workspace),
            )
        )
    return made

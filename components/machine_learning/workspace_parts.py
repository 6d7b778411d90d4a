"""What a workspace is made of besides itself: insights, registry, a datastore.

The registry is made here because Azure ML would otherwise make one outside the state, with its
admin user on.
"""

from typing import NamedTuple

import pulumi
from pulumi_azure_native import (
    applicationinsights,
    containerregistry,
    machinelearningservices,
    operationalinsights,
)

from components.azure.options import also
from components.azure.placement import PlacementArgs, placed
from components.azure.resource_id import group_of, name_of, parse
from components.azure.unique_name import unique_name_there
from components.network.private_endpoints import private_endpoints

LOGS_KEPT_FOR_DAYS = 30
"""The least that Log Analytics keeps at its per-gigabyte price."""


PLACE = ["properties.accountName", "properties.containerName"]
"""What azurerm's provider makes a datastore anew for; that Azure changes it is UNVERIFIED."""


class BlobContainer(NamedTuple):
    """A container, as a datastore describes it."""

    account_id: pulumi.Input[str]
    """Resource id of its storage account."""

    name: pulumi.Input[str]
    """Its name."""

    storage_suffix: pulumi.Input[str]
    """Storage's DNS suffix in this cloud, such as `core.windows.net`."""


def insights(
    name: str, args: PlacementArgs, opts: pulumi.ResourceOptions
) -> "applicationinsights.Component":
    """Application Insights that keeps its data in a Log Analytics workspace."""
    logs = operationalinsights.Workspace(
        f"{name}-logs",
        **placed(args),
        sku={"name": "PerGB2018"},
        retention_in_days=LOGS_KEPT_FOR_DAYS,
        opts=opts,
    )
    return applicationinsights.Component(
        name,
        **placed(args),
        kind="web",
        application_type="web",
        workspace_resource_id=logs.id,
        opts=opts,
    )


def registry(
    name: str, args: PlacementArgs, opts: pulumi.ResourceOptions
) -> "containerregistry.Registry":
    """A container registry without an admin user; private endpoints are for Premium alone."""
    private = "private_network" in args
    made = containerregistry.Registry(
        name,
        registry_name=unique_name_there(name, f"cr{name}", args, opts),
        **placed(args),
        sku={"name": "Premium" if private else "Basic"},
        admin_user_enabled=False,
        public_network_access="Disabled" if private else None,
        network_rule_bypass_options="AzureServices" if private else None,
        opts=opts,
    )
    private_endpoints(name, made.id, ["registry"], args, opts)
    return made


def datastore(
    name: str,
    workspace_id: pulumi.Input[str],
    datastore_name: str,
    container: BlobContainer,
    description: str,
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.Datastore:
    """A container as a datastore, which who uses it uses with their own identity.

    Subscription and resource group are told because a datastore without them is not linked to its
    account (pitfalls: "ARM datastore without subscriptionId/resourceGroup is unlinked").
    """
    account = pulumi.Output.from_input(container.account_id).apply(parse)
    return machinelearningservices.Datastore(
        name,
        name=datastore_name,
        resource_group_name=group_of(workspace_id),
        workspace_name=name_of(workspace_id),
        properties={
            "datastore_type": "AzureBlob",
            "credentials": {"credentials_type": "None"},
            "subscription_id": account.subscription_id,
            "resource_group": account.resource_group,
            "account_name": account.names[0],
            "container_name": container.name,
            "endpoint": container.storage_suffix,
            "protocol": "https",
            "service_data_access_auth_identity": "None",
            "description": description,
        },
        opts=also(opts, replace_on_changes=PLACE, delete_before_replace=True),
    )

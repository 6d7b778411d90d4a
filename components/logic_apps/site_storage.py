"""Where a Standard site keeps its files and its runs: a storage account of its own, with keys.

A workflow plan needs that account's keys; Microsoft documents no other way
(D:logic-apps/create-single-tenant-workflows-azure-portal). So it holds nothing but the site's own
files and runs, and inputs never lie there. In a private stack the site reaches it by private
endpoints alone, and its share is made beforehand, by Resource Manager: nobody else gets in
(D:logic-apps/deploy-single-tenant-logic-apps-private-storage-account).
"""

import pulumi
from pulumi_azure_native import storage

from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.network.private_endpoints import private_endpoints
from components.network.zones import STORAGE
from components.storage.keyless_account import keyless_account


def site_storage(
    name: str, place: PlacementArgs, storage_suffix: str, opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Input[str]]:
    """App settings of a site that tell it where they are.

    Args:
        name: logical name of the component that the site is a part of; the share's name.
        place: where the account goes.
        storage_suffix: what follows `<account>.blob.` in the host of an account in this cloud.
        opts: options of each resource.
    """
    place = _without_addresses(place)
    account = keyless_account(f"{name}-runtime", f"st{name}", place, opts, keys=True)
    ways = private_endpoints(f"{name}-runtime", account.id, STORAGE, place, opts)
    settings: dict[str, pulumi.Input[str]] = {"WEBSITE_CONTENTSHARE": name}
    if ways:
        ways.append(_share(name, place, account.name, opts))
        settings["WEBSITE_CONTENTOVERVNET"] = "1"
    keys = _connection(place, account.name, storage_suffix, opts)
    connection: pulumi.Output[str] = after(keys, *ways)
    return {
        "AzureWebJobsStorage": connection,
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": connection,
        **settings,
    }


def _without_addresses(place: PlacementArgs) -> PlacementArgs:
    """Whoever drops files from outside has nothing to do with what has keys."""
    if "private_network" not in place:
        return place
    return {**place, "private_network": {**place["private_network"], "allowed_addresses": []}}


def _share(
    name: str,
    place: PlacementArgs,
    account_name: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> "storage.FileShare":
    return storage.FileShare(
        f"{name}-share",
        resource_group_name=place["resource_group_name"],
        account_name=account_name,
        share_name=name,
        opts=opts,
    )


def _connection(
    place: PlacementArgs,
    account_name: pulumi.Output[str],
    storage_suffix: str,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    listed = storage.list_storage_account_keys_output(
        resource_group_name=place["resource_group_name"],
        account_name=account_name,
        opts=pulumi.InvokeOutputOptions(parent=opts.parent),
    )
    connection: pulumi.Output[str] = pulumi.Output.concat(
        "DefaultEndpointsProtocol=https;AccountName=",
        account_name,
        ";AccountKey=",
        listed.keys[0].value,
        f";EndpointSuffix={storage_suffix}",
    )
    return pulumi.Output.secret(connection)

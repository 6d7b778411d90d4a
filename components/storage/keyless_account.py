"""Storage accounts as this project makes them: no account keys, no public blobs."""

import pulumi
from pulumi_azure_native import storage

from components.azure.placement import PlacementArgs
from components.azure.unique_name import unique_name


def keyless_account(
    name: str,
    stem: str,
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
    *,
    keys: bool = False,
) -> storage.StorageAccount:
    """A storage account that takes only Entra tokens, unless `keys`, over TLS 1.2 or newer."""
    return storage.StorageAccount(
        name,
        account_name=unique_name(name, stem, opts),
        resource_group_name=args["resource_group_name"],
        location=args.get("location"),
        tags=args.get("tags"),
        kind="StorageV2",
        sku={"name": "Standard_LRS"},
        allow_blob_public_access=False,
        allow_shared_key_access=keys,
        enable_https_traffic_only=True,
        is_hns_enabled=False,
        minimum_tls_version="TLS1_2",
        opts=opts,
    )

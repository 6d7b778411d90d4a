"""Storage accounts as this project makes them: no account keys, no public blobs."""

from typing import Literal

import pulumi
from pulumi_azure_native import authorization, storage

from components.azure.options import also
from components.azure.placement import HardeningArgs, PlacementArgs, placed
from components.azure.resource_id import group_of
from components.azure.unique_name import unique_name_there
from components.network.private_endpoints import account_access, account_rules

SCANNER = ["networkRuleSet.resourceAccessRules"]
"""Where Defender for Storage lets its scanner in (elastic/cloudbeat#1254): a refresh takes
that over into the inputs (azure-native's `Read`, provider/pkg/provider/provider.go), and the next
`up` would take it away. Without a firewall it decides nothing."""


def keyless_account(
    name: str,
    stem: str,
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
    *,
    keys: bool = False,
    blobs: Literal["flat", "versioned", "hierarchical"] = "flat",
) -> storage.StorageAccount:
    """A storage account that takes only Entra tokens, unless `keys`, over TLS 1.2 or newer.

    Where the placement says so it is hardened; versions of overwritten blobs are kept then, where
    they are `versioned`, which Azure has not in a hierarchical namespace.
    In a private stack it has a firewall, which trusted services of Azure pass.
    """
    hardening = args.get("hardening")
    zones = hardening is not None and hardening["zone_redundant"]
    lake = blobs == "hierarchical"
    rules = account_rules(args)
    account = storage.StorageAccount(
        name,
        # A deleted one may keep its name for hours (StorageAccountAlreadyTaken,
        # hashicorp/terraform#6702), and what moves is made a moment later; so is what becomes a
        # Data Lake or is none any more.
        account_name=unique_name_there(f"{name}-lake" if lake else name, stem, args, opts),
        **placed(args),
        kind="StorageV2",
        sku={"name": "Standard_ZRS" if zones else "Standard_LRS"},
        allow_blob_public_access=False,
        allow_cross_tenant_replication=False,
        allow_shared_key_access=keys,
        enable_https_traffic_only=True,
        # False, too: a later PUT has to say what the first one said, and an account that was made
        # without a word takes no False (Azure/azure-rest-api-specs#18441).
        is_hns_enabled=lake,
        minimum_tls_version="TLS1_2",
        public_network_access=account_access(args),
        network_rule_set=rules,
        opts=also(opts, ignore_changes=SCANNER) if rules else opts,
    )
    if hardening is not None:
        versions = blobs == "versioned" and hardening["versioning"]
        _keep(name, account, hardening, opts, versions=versions)
    return account


def _keep(
    name: str,
    account: storage.StorageAccount,
    hardening: HardeningArgs,
    opts: pulumi.ResourceOptions,
    *,
    versions: bool,
) -> None:
    # They hold no data themselves, and go by an `up`.
    opts = also(opts, protect=False)
    if days := hardening["soft_delete_days"]:
        retention = storage.DeleteRetentionPolicyArgs(enabled=True, days=days)
        storage.BlobServiceProperties(
            f"{name}-blobs",
            resource_group_name=group_of(account.id),
            account_name=account.name,
            blob_services_name="default",
            delete_retention_policy=retention,
            container_delete_retention_policy=retention,
            is_versioning_enabled=versions,
            opts=opts,
        )
    if hardening["locks"]:
        # Not on the group: a lock there keeps clusters from giving nodes back
        # (D:azure-resource-manager/management/lock-resources).
        authorization.ManagementLockByScope(
            f"{name}-lock", scope=account.id, lock_name="keep", level="CanNotDelete", opts=opts
        )

"""A key vault that roles alone open."""

from typing import Any

import pulumi
from pulumi_azure_native import keyvault

from components.azure.placement import PlacementArgs, placed
from components.azure.unique_name import unique_name_there
from components.network.private_endpoints import private_endpoints


def vault(
    name: str, tenant_id: pulumi.Input[str], args: PlacementArgs, opts: pulumi.ResourceOptions
) -> "keyvault.Vault":
    """A key vault that only roles open, and that nobody can purge before its time."""
    properties: Any = {
        "tenant_id": tenant_id,
        "sku": {"family": "A", "name": keyvault.SkuName.STANDARD},
        "enable_rbac_authorization": True,
        "enable_purge_protection": True,
    }
    if "private_network" in args:
        acls = {"default_action": "Deny", "bypass": "AzureServices"}
        properties |= {"public_network_access": "Disabled", "network_acls": acls}
    made = keyvault.Vault(
        name,
        # A deleted one keeps its name for 90 days (D:key-vault/general/soft-delete-overview).
        vault_name=unique_name_there(name, f"kv{name}", args, opts),
        **placed(args),
        properties=properties,
        opts=opts,
    )
    private_endpoints(name, made.id, ["vault"], args, opts)
    return made

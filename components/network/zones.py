"""Which private DNS zones a kind of private endpoint needs, in each cloud.

Source: D:private-link/private-endpoint-dns, but for the registry in China, which its table lacks:
the name here is made like the others, UNVERIFIED.
"""

STORAGE = ("blob", "file", "queue", "table")
"""Groups of a storage account that batch jobs need."""

_ZONES: dict[str, dict[str, tuple[str, ...]]] = {
    "public": {
        "amlworkspace": ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"),
        "vault": ("privatelink.vaultcore.azure.net",),
        "registry": ("privatelink.azurecr.io",),
        "dataFactory": ("privatelink.datafactory.azure.net",),
    },
    "usgovernment": {
        "amlworkspace": (
            "privatelink.api.ml.azure.us",
            "privatelink.notebooks.usgovcloudapi.net",
        ),
        "vault": ("privatelink.vaultcore.usgovcloudapi.net",),
        "registry": ("privatelink.azurecr.us",),
        "dataFactory": ("privatelink.datafactory.azure.us",),
    },
    "china": {
        "amlworkspace": ("privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"),
        "vault": ("privatelink.vaultcore.azure.cn",),
        "registry": ("privatelink.azurecr.cn",),
        "dataFactory": ("privatelink.datafactory.azure.cn",),
    },
}


def zones_of(cloud: str, storage_suffix: str) -> dict[str, tuple[str, ...]]:
    """The zones of each group.

    Args:
        cloud: public, china or usgovernment.
        storage_suffix: what follows `<account>.blob.` in the host of an account.
    """
    accounts = {group: (f"privatelink.{group}.{storage_suffix}",) for group in STORAGE}
    return {**accounts, **_ZONES[cloud]}

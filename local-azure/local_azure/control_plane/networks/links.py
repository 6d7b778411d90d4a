"""What has private endpoints: by which groups, and in which zones their names lie.

Sources: D:private-link/private-endpoint-overview (groups), D:private-link/private-endpoint-dns.
"""

from local_azure.control_plane import arm_types
from local_azure.control_plane.clouds import CHINA, PUBLIC, Cloud

STORAGE = ("blob", "dfs", "file", "queue", "table", "web")
GROUPS: dict[str, tuple[str, ...]] = {
    arm_types.STORAGE_ACCOUNT: STORAGE,
    arm_types.VAULT: ("vault",),
    arm_types.REGISTRY: ("registry",),
    arm_types.WORKSPACE: ("amlworkspace",),
    arm_types.FACTORY: ("dataFactory", "portal"),
}
"""By the type of a target, what an endpoint of it can be for."""


def zones(cloud: Cloud, group: str) -> tuple[str, ...]:
    """The private DNS zones of a group; by the first its data is found."""
    if group in STORAGE:
        return (f"privatelink.{group}.{cloud.storage}",)
    named = {
        "vault": (cloud.vault.replace("vault.", "vaultcore.", 1),),
        "registry": (cloud.registry,),
        "amlworkspace": (cloud.ml_api, _notebooks(cloud)),
        "dataFactory": (f"datafactory.{_ending(cloud)}",),
        "portal": (f"adf.{'azure.com' if cloud == PUBLIC else _ending(cloud)}",),
    }
    return tuple(f"privatelink.{zone}" for zone in named[group])


def _notebooks(cloud: Cloud) -> str:
    if cloud == PUBLIC:
        return "notebooks.azure.net"
    return f"notebooks.{cloud.storage.removeprefix('core.')}"


def _ending(cloud: Cloud) -> str:
    if cloud == PUBLIC:
        return "azure.net"
    return "azure.cn" if cloud == CHINA else "azure.us"

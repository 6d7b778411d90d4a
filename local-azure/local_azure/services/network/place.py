"""What the types of the network have in common: paths, versions, parts of answers."""

from typing import Any
from uuid import uuid4

from local_azure.control_plane.resource_manager.answers import proxied, tracked
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType

NETWORK, ZONES = "2024-05-01", "2024-06-01"


class InUseError(ConflictError):
    """What something else still needs (codes as Azure's, sentences UNVERIFIED)."""

    def __init__(self, code: str, what: str, users: list[str]) -> None:
        self.code = code
        super().__init__(f"{what} is in use by {', '.join(users)} and cannot be deleted.")


def network_type(pulumi_name: str, arm_type: str, keys: str, **more: Any) -> ResourceType:
    """A type of ``Microsoft.Network``.

    Args:
        pulumi_name: such as ``network:Subnet``.
        arm_type: Azure's.
        keys: the inputs that its names are, outermost first, separated by spaces.
        more: of ``ResourceType``.
    """
    namespace, *folders = arm_type.split("/")
    parts = zip(folders, keys.split(), strict=True)
    path = "/".join(f"{folder}/{{{key}}}" for folder, key in parts)
    nested: Json = {"autoname": "copy"} if len(folders) > 1 else {}
    return ResourceType(
        pulumi_type=f"azure-native:{pulumi_name}",
        path=f"{namespace}/{path}",
        api_version=NETWORK if pulumi_name.startswith("network:") else ZONES,
        **nested,
        **more,
    )


def answered(put: Put, *, regional: bool = True) -> Json:
    """What every answer says."""
    told = tracked(put) if regional else proxied(put)
    return {**told, "etag": f'W/"{uuid4()}"', "provisioningState": "Succeeded"}

"""All resource types that exist here, by Pulumi's token and by Azure's type."""

from __future__ import annotations

from local_azure.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.resource_manager.resource_type import ResourceType
from local_azure.storage.resources import BLOB_CONTAINER, MANAGEMENT_POLICY, STORAGE_ACCOUNT

TYPES: tuple[ResourceType, ...] = (
    RESOURCE_GROUP,
    STORAGE_ACCOUNT,
    BLOB_CONTAINER,
    MANAGEMENT_POLICY,
)

_BY_TOKEN = {kind.pulumi_type: kind for kind in TYPES}
_BY_ARM_TYPE = {kind.arm_type.lower(): kind for kind in TYPES}


def by_token(token: str) -> ResourceType | None:
    """The type that a token such as ``azure-native:storage:StorageAccount`` names."""
    return _BY_TOKEN.get(token)


def by_arm_type(arm_type: str) -> ResourceType | None:
    """The type that Azure calls, for example, ``Microsoft.Storage/storageAccounts``."""
    return _BY_ARM_TYPE.get(arm_type.lower())

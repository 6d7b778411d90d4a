"""Which versions of Azure's interface are spoken for each type.

That of azure-native always; beside it those that clients were seen to send: azure-cli 2.91.0,
azure-ai-ml 1.35.2 and the management SDKs, where what they say and read looks the same. Any other
is refused with the list, as Azure does for a version that it does not know.
"""

from local_azure.control_plane.resource_manager.errors import (
    InvalidApiVersionError,
    MissingApiVersionError,
    NoRegisteredProviderFoundError,
)
from local_azure.control_plane.resource_manager.resource_type import ResourceType

_GROUPS = "Microsoft.Resources/resourceGroups"
_ML = "Microsoft.MachineLearningServices/workspaces"
_EVENT_GRID = "Microsoft.EventGrid"
_ALSO = {
    _GROUPS: ("2025-04-01", "2024-11-01", "2022-09-01", "2021-04-01", "2020-10-01"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": ("2025-05-31-preview", "2024-11-30"),
    "Microsoft.Authorization/roleDefinitions": ("2022-04-01",),
    "Microsoft.ContainerRegistry/registries": ("2026-09-01-preview",),
    "Microsoft.Insights/actionGroups": ("2023-01-01",),
    "Microsoft.KeyVault/": ("2026-05-15", "2026-02-01"),
    "Microsoft.OperationalInsights/workspaces": ("2025-02-01",),
    "Microsoft.Resources/deployments": ("2025-04-01",),
    "Microsoft.Storage/": ("2026-09-01", "2025-08-01"),
    "Microsoft.EventHub/": ("2026-07-01-preview",),
    f"{_EVENT_GRID}/": ("2021-10-15-preview", "2022-06-15", "2025-07-15-preview"),
    _ML: ("2025-01-01-preview", "2024-10-01-preview", "2023-08-01-preview"),
    "Microsoft.MachineLearningServices/": ("2023-04-01",),
    f"{_ML}/batchEndpoints": ("2024-01-01-preview", "2023-10-01"),
    f"{_ML}/batchEndpoints/deployments": ("2024-01-01-preview", "2023-10-01"),
    f"{_ML}/data": ("2023-04-01-preview",),
    f"{_ML}/data/versions": ("2023-04-01-preview",),
    f"{_ML}/datastores": ("2024-10-01-preview",),
}
"""By type; by namespace, with a slash at its end, for all types of it."""

ACROSS = ("2015-11-01",)
"""Beside a group's, of lists across types, of which the Key Vault client makes its own."""


def accepted(kind: ResourceType) -> tuple[str, ...]:
    """The versions that a type is spoken in, azure-native's first."""
    namespace = f"{kind.arm_type.partition('/')[0]}/"
    return (kind.api_version, *_ALSO.get(kind.arm_type, ()), *_ALSO.get(namespace, ()))


def check(arm_type: str, version: str | None, spoken: tuple[str, ...], location: str = "") -> None:
    """Refuse a version that is not spoken.

    Args:
        arm_type: the type; empty, or one of ``Microsoft.Resources``, for Resource Manager's own.
        version: what was asked for.
        spoken: the versions that are.
        location: the region of what was asked about.

    Raises:
        MissingApiVersionError: none was said.
        InvalidApiVersionError: another one was, of Resource Manager's own.
        NoRegisteredProviderFoundError: another one was.
    """
    if version is None:
        raise MissingApiVersionError
    if version.lower() in spoken:
        return
    newest_first = sorted(spoken, reverse=True)
    if not arm_type or arm_type.startswith("Microsoft.Resources/"):
        raise InvalidApiVersionError(version, newest_first)
    raise NoRegisteredProviderFoundError(arm_type, version, newest_first, location)

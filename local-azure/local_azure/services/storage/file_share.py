"""Shares of files on the control plane: that they are there. No file in one is emulated."""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than

_NOT_EMULATED = (
    *("accessTier", "expand", "fileSharePaidBursting", "provisionedBandwidthMibps"),
    *("provisionedIops", "rootSquash", "signedIdentifiers"),
)
_GIBIBYTES = 5120
"""Of a share whose size nobody says (D:rest/api/storagerp/file-shares/create, by its example)."""


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_EMULATED)
    yield from other_than(inputs, "enabledProtocols", "SMB")


def _answer(put: Put) -> Json:
    return {
        **proxied(put),
        "shareQuota": _GIBIBYTES,
        **chosen(put.body, ["metadata", "shareQuota"]),
        "enabledProtocols": "SMB",
        "etag": f'"0x{int(put.control.clock.timestamp() * 1e7):X}"',
        "lastModifiedTime": put.kept("lastModifiedTime", lambda: put.now),
        "leaseState": "available",
        "leaseStatus": "unlocked",
    }


FILE_SHARE = ResourceType(
    pulumi_type="azure-native:storage:FileShare",
    path=f"{arm_types.STORAGE_ACCOUNT}/{{accountName}}/fileServices/default/shares/{{shareName}}",
    api_version="2024-01-01",
    answer=_answer,
    rules=_rules,
    limits={"shareQuota": Limit(1, 102_400)},
)

"""What holds for all blobs of an account: how long deleted ones stay, whether they have versions.

It is told, and nothing is kept: what a client would have it back by is refused by the front.
"""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at

_POLICIES = ("containerDeleteRetentionPolicy", "deleteRetentionPolicy")


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs,
        *("automaticSnapshotPolicyEnabled", "changeFeed", "cors", "defaultServiceVersion"),
        *("lastAccessTimeTrackingPolicy", "restorePolicy"),
    )
    if inputs.get("blobServicesName") not in {"default", UNKNOWN}:
        yield Problem("blobServicesName", "accepted: 'default', the one of an account")
    for key in _POLICIES:
        given = at(inputs, key) or {}
        yield from not_emulated(given, "allowPermanentDelete", path=key)
        if given.get("enabled") is True and "days" not in given:
            yield Problem(f"{key}.days", "missing; an enabled policy has a number of days")


def _check(put: Put) -> None:
    """Source: D:storage/blobs/versioning-overview; code and text are UNVERIFIED."""
    account = put.control.resources.find(put.id.partition("/blobServices/")[0])
    lake = account is not None and account.properties.get("isHnsEnabled") is True
    if lake and put.body.get("isVersioningEnabled") is True:
        raise put.refuse("isVersioningEnabled", "a hierarchical namespace keeps no versions")


def _answer(put: Put) -> Json:
    return {
        **proxied(put),
        # What a PUT leaves out is told as switched off; that it is then is UNVERIFIED.
        **{key: {"enabled": False} for key in _POLICIES},
        **chosen(put.body, [*_POLICIES, "isVersioningEnabled"]),
        "cors": {"corsRules": []},
    }


BLOB_SERVICE = ResourceType(
    pulumi_type="azure-native:storage:BlobServiceProperties",
    path=f"{arm_types.STORAGE_ACCOUNT}/{{accountName}}/blobServices/{{blobServicesName}}",
    api_version="2024-01-01",
    answer=_answer,
    rules=_rules,
    check=_check,
    limits={f"{key}.days": Limit(1, 365) for key in _POLICIES},
    singleton=True,
    autoname=None,
)

"""Storage accounts, blob containers, lifecycle rules and queues on the control plane.

Service endpoints, customer-managed keys and tables as resources are not emulated.
"""

from collections.abc import Iterator
from typing import Any

from local_azure.control_plane import arm_types
from local_azure.control_plane.networks import connections, firewall
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied, tracked
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.services.storage import network_rules

_ACCOUNT_PATH = f"{arm_types.STORAGE_ACCOUNT}/{{accountName}}"
_OWN_KEYS = "Microsoft.Storage"
_OTHER_KEYS = ("encryptionIdentity", "keyVaultProperties", "requireInfrastructureEncryption")
_ENDPOINTS = ("blob", "dfs", "file", "queue", "table")
_NOT_EMULATED = (
    "azureFilesIdentityBasedAuthentication",
    "customDomain",
    "extendedLocation",
    "immutableStorageWithVersioning",
    "sasPolicy",
    "keyPolicy",
    "routingPreference",
)
_DEFAULTS: dict[str, object] = {
    "allowBlobPublicAccess": False,
    "allowCrossTenantReplication": False,
    "enableHttpsTrafficOnly": True,
    "minimumTlsVersion": "TLS1_0",
    "accessTier": "Hot",
}
_WHERE_GIVEN = (
    "allowSharedKeyAccess",
    "allowedCopyScope",
    "defaultToOAuthAuthentication",
    "dnsEndpointType",
    "enableExtendedGroups",
    "enableNfsV3",
    "isHnsEnabled",
    "isLocalUserEnabled",
    "isSftpEnabled",
    "largeFileSharesState",
    "publicNetworkAccess",
)
"""What azure-native was recorded to tell no default of."""


def _account_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_EMULATED)
    yield from other_than(inputs, "kind", "StorageV2")
    if inputs.get("enableNfsV3") is True:
        yield Problem("enableNfsV3", "NFS is not emulated")
    if "allowSharedKeyAccess" not in inputs:
        accepted = "False, or True, although nothing here takes the keys (Entra tokens only)"
        yield Problem("allowSharedKeyAccess", f"missing, which means True; accepted: {accepted}")
    yield from _encryption_rules(at(inputs, "encryption") or {})
    yield from firewall.problems(inputs.get("networkRuleSet"), "networkRuleSet")
    yield from other_than(inputs, "publicNetworkAccess", "Enabled", "Disabled")
    if inputs.get("allowBlobPublicAccess") is True:
        yield Problem("allowBlobPublicAccess", "anonymous access to blobs is not emulated")


def _encryption_rules(given: Json) -> Iterator[Problem]:
    """What azure-cli always sends is what holds anyway."""
    source = str(given.get("keySource", _OWN_KEYS))
    if source.lower() != _OWN_KEYS.lower():
        yield Problem("encryption.keySource", f"found {source!r}, emulated: {_OWN_KEYS!r}")
    yield from not_emulated(given, *_OTHER_KEYS, path="encryption")


class PropertyStaysError(ControlPlaneError):
    """What an account was made with or without; false is not what was left out.

    Left out of a later PUT it stays (Azure/azure-rest-api-specs#18441,
    Azure/bicep-registry-modules#3317 and #5416; the status: jenkins-infra/azure#125).
    """

    code = "AccountPropertyCannotBeUpdated"
    said = (
        "The property '{path}' was specified in the input, but it cannot be updated as it is "
        "read-only. For more information, see - https://aka.ms/storageaccountupdate"
    )


def _check_account(put: Put) -> None:
    put.check_unique("storage account names")
    if put.before:
        was, wanted = (str(body["sku"]["name"]) for body in (put.before.body, put.body))
        if ("ZRS" in was) != ("ZRS" in wanted):
            # D:storage/common/redundancy-migration; code and text are UNVERIFIED.
            reason = f"{was} is converted to {wanted} by `az storage account migration start`"
            raise put.refuse("sku.name", reason)
        lake = put.body.get("isHnsEnabled")
        if lake is not None and lake is not put.before.properties.get("isHnsEnabled"):
            raise PropertyStaysError("isHnsEnabled")


def _account_answer(put: Put) -> Json:
    body, suffix = put.body, put.cloud.storage
    made = put.kept("creationTime", lambda: put.now)
    sku = body["sku"]["name"]
    return {
        **tracked(put),
        **_DEFAULTS,
        **chosen(body, [*_DEFAULTS, *_WHERE_GIVEN]),
        **_lake(put),
        "kind": body["kind"],
        "sku": {"name": sku, "tier": sku.partition("_")[0]},
        "creationTime": made,
        "encryption": _encryption(made),
        "networkRuleSet": network_rules.told(body.get("networkRuleSet") or {}),
        "keyCreationTime": {"key1": made, "key2": made},
        "primaryEndpoints": {
            **{what: f"https://{put.name}.{what}.{suffix}/" for what in _ENDPOINTS},
            # The zone's number is made up; static websites are not emulated.
            "web": f"https://{put.name}.z1.web.{suffix}/",
        },
        "primaryLocation": put.location,
        "privateEndpointConnections": [],
        **connections.shown(put),
        "provisioningState": "Succeeded",
        "statusOfPrimary": "available",
    }


def _lake(put: Put) -> Json:
    lake = put.kept("isHnsEnabled", lambda: put.body.get("isHnsEnabled"))
    return {} if lake is None else {"isHnsEnabled": lake}


def _encryption(since: str) -> Json:
    service = {"enabled": True, "keyType": "Account", "lastEnabledTime": since}
    return {"keySource": _OWN_KEYS, "services": {"blob": service, "file": service}}


_ACCOUNT_FORM = Form(
    renamed={
        "enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
        "enableNfsV3": "isNfsV3Enabled",
        "networkRuleSet": "networkAcls",
    },
    nested=network_rules.nested,
    hoisted=network_rules.hoisted,
)

STORAGE_ACCOUNT = ResourceType(
    pulumi_type="azure-native:storage:StorageAccount",
    path=_ACCOUNT_PATH,
    api_version="2024-01-01",
    answer=_account_answer,
    rules=_account_rules,
    check=_check_account,
    replaces=("isHnsEnabled", "location"),
    form=_ACCOUNT_FORM,
)


_OWN_KEY = {
    "defaultEncryptionScope": "$account-encryption-key",
    "denyEncryptionScopeOverride": False,
}


def _container_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs,
        *_OWN_KEY,
        "enableNfsV3AllSquash",
        "enableNfsV3RootSquash",
        "immutableStorageWithVersioning",
        chosen=_OWN_KEY,
    )
    if inputs.get("publicAccess") not in {None, "None", UNKNOWN}:
        yield Problem("publicAccess", "anonymous access to blobs is not emulated; accepted: 'None'")


_YEAR_1 = 621_355_968_000_000_000
"""From its beginning to 1970, in tenths of microseconds: what an ETag of storage counts."""


def _container_answer(put: Put) -> Json:
    return {
        **proxied(put),
        **chosen(put.body, ["metadata"]),
        **_OWN_KEY,
        "deleted": False,
        "etag": f'"0x{_YEAR_1 + int(put.control.clock.timestamp() * 1e7):X}"',
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "lastModifiedTime": put.kept("lastModifiedTime", lambda: put.now),
        "legalHold": {"hasLegalHold": False, "tags": []},
        "leaseState": "Available",
        "leaseStatus": "Unlocked",
        "publicAccess": "None",
        "remainingRetentionDays": 0,
    }


BLOB_CONTAINER = ResourceType(
    pulumi_type="azure-native:storage:BlobContainer",
    path=f"{_ACCOUNT_PATH}/blobServices/default/containers/{{containerName}}",
    api_version="2024-01-01",
    answer=_container_answer,
    rules=_container_rules,
)


_RULE = "policy.rules[].definition"
_DAYS = [
    f"daysAfter{what}GreaterThan"
    for what in ("Creation", "LastAccessTime", "LastTierChange", "Modification")
]


def _policy_rules(inputs: Json) -> Iterator[Problem]:
    if inputs.get("managementPolicyName", "default") not in {"default", UNKNOWN}:
        yield Problem("managementPolicyName", "accepted: 'default', the one policy of an account")
    rules = at(inputs, "policy.rules") or []
    names = [rule.get("name") for rule in rules if isinstance(rule, dict)]
    if len(names) != len(set(map(str, names))):
        yield Problem("policy.rules", f"each rule has a name of its own; found {names}")
    for index, rule in enumerate(rules):
        if at(rule, "definition.actions") == {}:
            yield Problem(f"policy.rules[{index}].definition.actions", "a rule has an action")


def _with_days(told: Any) -> Any:
    """The same with its days as Azure tells them, ``30.0`` (recorded)."""
    if isinstance(told, dict):
        return {
            key: float(each) if key in _DAYS else _with_days(each) for key, each in told.items()
        }
    return told


def _no_policy(control: ControlPlane, policy_id: str) -> ControlPlaneError:
    """In storage's own words (recorded), where there is an account."""
    account = control.resources.find(policy_id.rpartition("/managementPolicies/")[0])
    return NoManagementPolicyError(account.name) if account else ResourceNotFoundError(policy_id)


class NoManagementPolicyError(ControlPlaneError):
    """An account without rules."""

    code = "ManagementPolicyNotFound"
    status = 404
    said = "No ManagementPolicy found for account {account}"


def _policy_answer(put: Put) -> Json:
    rules = [{"enabled": True, **_with_days(rule)} for rule in put.body["policy"]["rules"]]
    return {
        **proxied(put),
        "name": "DefaultManagementPolicy",
        "lastModifiedTime": put.now,
        "policy": {"rules": rules},
    }


MANAGEMENT_POLICY = ResourceType(
    pulumi_type="azure-native:storage:ManagementPolicy",
    path=f"{_ACCOUNT_PATH}/managementPolicies/{{managementPolicyName}}",
    api_version="2024-01-01",
    answer=_policy_answer,
    rules=_policy_rules,
    missing=_no_policy,
    limits={
        **dict.fromkeys([f"{_RULE}.actions.*.*.{key}" for key in _DAYS], Limit(0)),
        f"{_RULE}.filters.blobIndexMatch[].name": Limit(1, 128),
        f"{_RULE}.filters.blobIndexMatch[].value": Limit(0, 256),
    },
)


def _queue_answer(put: Put) -> Json:
    return {**proxied(put), "metadata": put.body.get("metadata", {}), "approximateMessageCount": 0}


STORAGE_QUEUE = ResourceType(
    pulumi_type="azure-native:storage:Queue",
    path=f"{_ACCOUNT_PATH}/queueServices/default/queues/{{queueName}}",
    api_version="2024-01-01",
    answer=_queue_answer,
)

"""Key vaults and their secrets on the control plane.

Only vaults that roles open are emulated, no access policies.
"""

from collections.abc import Iterator
from uuid import uuid4

from local_azure.control_plane import arm_types
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.networks import connections, firewall
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen, proxied, system_data, tracked
from local_azure.control_plane.resource_manager.form import of_items
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN, at
from local_azure.control_plane.tenant import TENANT_ID

_VAULT = arm_types.VAULT
_PATH = f"{_VAULT}/{{vaultName}}"
_KEPT = (
    "enabledForDeployment",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
    "enablePurgeProtection",
    "softDeleteRetentionInDays",
)
_PUBLIC = ("enabled", "disabled", str(UNKNOWN))


def _vault_rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    if not isinstance(properties, dict):
        return
    yield from not_emulated(properties, "accessPolicies", "createMode", path="properties")
    yield from firewall.problems(properties.get("networkAcls"), "properties.networkAcls")
    if str(properties.get("publicNetworkAccess", "Enabled")).lower() not in _PUBLIC:
        found = properties["publicNetworkAccess"]
        yield Problem("properties.publicNetworkAccess", f"found {found!r}, accepted: {_PUBLIC}")
    if properties["tenantId"] not in {TENANT_ID, UNKNOWN}:
        reason = f"found {properties['tenantId']!r}; here exists only {TENANT_ID!r}"
        yield Problem("properties.tenantId", reason)
    if properties.get("enableRbacAuthorization") not in {True, UNKNOWN}:
        reason = "found it off, emulated: True (roles open the vault)"
        yield Problem("properties.enableRbacAuthorization", reason)
    if properties.get("enablePurgeProtection") is False:
        # Azure refuses False: the property is absent or True, and never goes back.
        yield Problem("properties.enablePurgeProtection", "accepted: True, or leave it out")


def check_vault(put: Put) -> None:
    """Hold a vault against those that there are, and against what it was.

    Raises:
        ControlPlaneError: its name is another vault's, or its purge protection would be off again.
    """
    put.check_unique("key vault names")
    had = put.before and put.before.properties["properties"].get("enablePurgeProtection")
    if had and not put.body["properties"].get("enablePurgeProtection"):
        raise put.refuse("properties.enablePurgeProtection", "it can't be switched off again")


def _vault_answer(put: Put) -> Json:
    given = put.body["properties"]
    return {
        **tracked(put),
        "properties": {
            "enabledForDeployment": False,
            **chosen(given, [*_KEPT, "networkAcls"]),
            "accessPolicies": [],
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "provisioningState": "Succeeded",
            "publicNetworkAccess": given.get("publicNetworkAccess", "Enabled"),
            "sku": {"family": given["sku"]["family"], "name": given["sku"]["name"]},
            "tenantId": given["tenantId"],
            "vaultUri": f"https://{put.name}.{put.cloud.vault}/",
            **connections.shown(put),
        },
        "systemData": system_data(put),
    }


VAULT = ResourceType(
    pulumi_type="azure-native:keyvault:Vault",
    path=_PATH,
    api_version="2024-11-01",
    answer=_vault_answer,
    rules=_vault_rules,
    limits={"properties.softDeleteRetentionInDays": Limit(7, 90)},
    form=of_items("privateEndpointConnections"),
)


def _secret_rules(inputs: Json) -> Iterator[Problem]:
    if isinstance(inputs["properties"], dict) and "value" not in inputs["properties"]:
        yield Problem("properties.value", "missing; a secret has a value")
    for key, value in (at(inputs, "properties.attributes") or {}).items():
        if (key, value) != ("enabled", True):
            reason = "not emulated here; the vault's own host takes it"
            yield Problem(f"properties.attributes.{key}", reason)


def _secret_answer(put: Put) -> Json:
    vault = put.control.resources.find(put.id.rpartition("/secrets/")[0])
    base = vault.properties["properties"]["vaultUri"] if vault else ""
    uri = f"{base}secrets/{put.name}"
    given, now = put.body["properties"], int(put.control.clock.timestamp())
    return {
        **proxied(put),
        **chosen(put.body, ["tags"]),
        "location": vault.properties["location"] if vault else "",
        "properties": {
            **chosen(given, ["contentType"]),
            "attributes": {"enabled": True, "created": now, "updated": now},
            "secretUri": uri,
            "secretUriWithVersion": f"{uri}/{_version(put)}",
        },
    }


def _version(put: Put) -> str:
    """The version of the value: a new one with each new value."""
    if put.before and put.before.body["properties"]["value"] == put.body["properties"]["value"]:
        kept: str = put.before.properties["properties"]["secretUriWithVersion"]
        return kept.rpartition("/")[2]
    return uuid4().hex


def _check_drop(control: ControlPlane, secret: Resource, caller: Principal) -> None:
    # azure-native deletes a secret on the data plane: being Owner of the vault is not enough.
    vault = secret.id.rpartition("/secrets/")[0]
    control.authorize(caller, f"{_VAULT}/secrets/delete", vault, data=True)


SECRET = ResourceType(
    pulumi_type="azure-native:keyvault:Secret",
    path=f"{_PATH}/secrets/{{secretName}}",
    api_version="2024-11-01",
    answer=_secret_answer,
    rules=_secret_rules,
    write_only=("properties.value",),
    regional=False,
    check_delete=_check_drop,
)

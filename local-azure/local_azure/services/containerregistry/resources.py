"""Container registries on the control plane; nothing can be pushed to one or pulled from it."""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.clock import offset
from local_azure.control_plane.networks import connections
from local_azure.control_plane.resource_manager.answers import system_data, tracked, with_offset
from local_azure.control_plane.resource_manager.form import of_items
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import at

_SMALLER = ("Basic", "Standard")
_KEPT = {"days": 7, "status": "disabled"}
_CHOSEN: Json = {
    "anonymousPullEnabled": False,
    "dataEndpointEnabled": False,
    "encryption": {"status": "disabled"},
    "policies": {
        "azureADAuthenticationAsArmPolicy": {"status": "enabled"},
        "exportPolicy": {"status": "enabled"},
        "quarantinePolicy": {"status": "disabled"},
        "retentionPolicy": _KEPT,
        "trustPolicy": {"type": "Notary", "status": "disabled"},
    },
    "zoneRedundancy": "Disabled",
}
"""What nobody can choose otherwise here."""


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_CHOSEN, "networkRuleSet", chosen=_CHOSEN)
    if inputs.get("adminUserEnabled") is True:
        yield Problem("adminUserEnabled", "the admin user is not emulated; accepted: False")
    if inputs.get("publicNetworkAccess") == "Disabled" and at(inputs, "sku.name") in _SMALLER:
        reason = "found 'Disabled', which the sku 'Premium' alone has"
        yield Problem("publicNetworkAccess", reason)


def _answer(put: Put) -> Json:
    """As recorded in November 2025, with two forms of times."""
    sku = put.body["sku"]["name"]
    return {
        **tracked(put),
        **_CHOSEN,
        "adminUserEnabled": False,
        "creationDate": put.kept("creationDate", lambda: put.now),
        "dataEndpointHostNames": [],
        "loginServer": f"{put.name.lower()}.{put.cloud.registry}",
        "networkRuleBypassOptions": put.body.get("networkRuleBypassOptions", "AzureServices"),
        "policies": {
            **_CHOSEN["policies"],
            "retentionPolicy": {**_KEPT, "lastUpdatedTime": offset(put.now)},
        },
        "privateEndpointConnections": [],
        **connections.shown(put),
        "provisioningState": "Succeeded",
        "publicNetworkAccess": put.body.get("publicNetworkAccess", "Enabled"),
        "sku": {"name": sku, "tier": sku},
        "systemData": with_offset(system_data(put)),
    }


REGISTRY = ResourceType(
    pulumi_type="azure-native:containerregistry:Registry",
    path=f"{arm_types.REGISTRY}/{{registryName}}",
    api_version="2023-01-01-preview",
    answer=_answer,
    rules=_rules,
    form=of_items("privateEndpointConnections"),
    check=lambda put: put.check_unique("registry names"),
)

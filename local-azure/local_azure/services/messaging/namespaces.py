"""Namespaces of Event Hubs and of Service Bus: one set of host names for both.

Local authentication (shared access keys) is not emulated, so it has to be off.
"""

from collections.abc import Iterator

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.limits import Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated
from local_azure.control_plane.resource_manager.unknown import UNKNOWN

_NOT_EMULATED = (
    "alternateName",
    "clusterArmId",
    "encryption",
    "geoDataReplication",
    "isAutoInflateEnabled",
    "platformCapabilities",
    "privateEndpointConnections",
)
_CHOSEN = ("kafkaEnabled", "maximumThroughputUnits", "premiumMessagingPartitions")
_UNITS: tuple[Json, Json] = (
    {"capacity": 1},
    {"isAutoInflateEnabled": False, "maximumThroughputUnits": 0},
)
"""What the SKU of Event Hubs says where nothing is given, and what stands beside it (recorded)."""


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_EMULATED)
    if inputs.get("disableLocalAuth") not in {True, UNKNOWN}:
        reason = "found local authentication on, emulated: True (Entra tokens only)"
        yield Problem("disableLocalAuth", reason)


def _check(put: Put) -> None:
    put.check_unique("namespaces' names", arm_types.EVENT_HUBS, arm_types.SERVICE_BUS)


def _answer(put: Put) -> Json:
    name = (put.body.get("sku") or {}).get("name", "Standard")
    units, inflation = _UNITS if put.type.arm_type == arm_types.EVENT_HUBS else ({}, {})
    return {
        **tracked(put),
        **inflation,
        **chosen(put.body, _CHOSEN),
        "createdAt": put.kept("createdAt", lambda: put.now),
        "disableLocalAuth": True,
        "metricId": f"{put.id.split('/')[2]}:{put.name.lower()}",
        "minimumTlsVersion": put.body.get("minimumTlsVersion", "1.2"),
        "provisioningState": "Succeeded",
        "publicNetworkAccess": put.body.get("publicNetworkAccess", "Enabled"),
        "serviceBusEndpoint": f"https://{put.name.lower()}.{put.cloud.messaging}:443/",
        "sku": {"tier": name, **units, **(put.body.get("sku") or {}), "name": name},
        "status": "Active",
        # Recorded of both kinds with a capital, of their ids without.
        "type": put.type.arm_type.replace("/n", "/N"),
        "updatedAt": put.now,
        "zoneRedundant": put.body.get("zoneRedundant", False),
    }


def _type(pulumi_type: str, arm_type: str, api_version: str) -> ResourceType:
    return ResourceType(
        pulumi_type=pulumi_type,
        path=f"{arm_type}/{{namespaceName}}",
        api_version=api_version,
        answer=_answer,
        rules=_rules,
        limits=dict.fromkeys(("sku.capacity", "maximumThroughputUnits"), Limit(0)),
        check=_check,
    )


EVENT_HUBS_NAMESPACE = _type("azure-native:eventhub:Namespace", arm_types.EVENT_HUBS, "2024-01-01")
SERVICE_BUS_NAMESPACE = _type(
    "azure-native:servicebus:Namespace", arm_types.SERVICE_BUS, "2026-01-01"
)

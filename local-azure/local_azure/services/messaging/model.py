"""Where messages can be sent, and how large they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local_azure.control_plane import arm_types
from local_azure.runs.durations import seconds

if TYPE_CHECKING:
    from local_azure.control_plane.resource_manager.store import Resource

_KIB = 1024


@dataclass(frozen=True)
class Entity:
    """An event hub, a queue or a topic.

    Attributes:
        id: resource id.
        most_bytes: what a message may have.
        too_large: the status for more.
        window: seconds within which messages with the same ``MessageId`` are one; 0 for never.
    """

    id: str
    most_bytes: int
    too_large: int
    window: float = 0


def limits(entity: Resource, namespace: Resource) -> Entity:
    """What may be sent to an entity.

    Source of the sizes: learn.microsoft.com, event-hubs-quotas, service-bus-messaging-quotas.
    """
    told = entity.properties
    if namespace.type == arm_types.EVENT_HUBS:
        basic = namespace.properties["sku"]["name"] == "Basic"
        return Entity(entity.id, (256 if basic else 1024) * _KIB, too_large=413)
    window = told["duplicateDetectionHistoryTimeWindow"]
    return Entity(
        entity.id,
        int(told["maxMessageSizeInKilobytes"]) * _KIB,
        too_large=403,
        window=seconds(window) if told["requiresDuplicateDetection"] else 0,
    )

"""Event hubs, and the queues and topics of Service Bus, on the control plane.

They take messages and keep them to be looked at; nothing receives, forwards or expires them.
Sources: the SDK's docstrings for defaults; learn.microsoft.com, event-hubs-quotas for limits.
"""

from collections.abc import Iterator
from typing import Any

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import chosen, proxied
from local_azure.control_plane.resource_manager.errors import NameTakenError
from local_azure.control_plane.resource_manager.limits import POSITIVE, Limit
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem, not_emulated, other_than
from local_azure.control_plane.resource_manager.store import Resource

_FOREVER = "P10675199DT2H48M5.4775807S"
_HUB_LIMITS = {"partitionCount": Limit(1, 32), "messageRetentionInDays": Limit(1, 7)}
_BUS_LIMITS = {"maxMessageSizeInKilobytes": POSITIVE}
_BUS_DEFAULTS: Json = {
    "autoDeleteOnIdle": _FOREVER,
    "defaultMessageTimeToLive": _FOREVER,
    "duplicateDetectionHistoryTimeWindow": "PT10M",
    "enableBatchedOperations": True,
    "enableExpress": False,
    "enablePartitioning": False,
    "maxMessageSizeInKilobytes": 256,
    "maxSizeInMegabytes": 1024,
    "requiresDuplicateDetection": False,
}
_QUEUE_DEFAULTS: Json = {
    "deadLetteringOnMessageExpiration": False,
    "lockDuration": "PT1M",
    "maxDeliveryCount": 10,
    "requiresSession": False,
}
_COUNTED = ("active", "deadLetter", "scheduled", "transferDeadLetter", "transfer")
_NEVER_USED: Json = {
    "accessedAt": "0001-01-01T00:00:00Z",
    "countDetails": {f"{kind}MessageCount": 0 for kind in _COUNTED},
    "sizeInBytes": 0,
}
"""What a queue or topic tells of its use; it does not grow here."""
_PARTITIONS = 16


def _hub_rules(inputs: Json) -> Iterator[Problem]:
    yield from other_than(inputs, "status", "Active")
    yield from not_emulated(inputs, "captureDescription", "retentionDescription")


def _bus_rules(inputs: Json) -> Iterator[Problem]:
    yield from other_than(inputs, "status", "Active")
    yield from not_emulated(
        inputs,
        *("duplicateDetectionHistoryTimeWindow", "requiresDuplicateDetection"),
        *("forwardDeadLetteredMessagesTo", "forwardTo"),
        chosen=_BUS_DEFAULTS,
    )


def _common(put: Put) -> Json:
    return {
        **proxied(put),
        **chosen(put.body, ["userMetadata"]),
        "createdAt": put.kept("createdAt", lambda: put.now),
        "location": _namespace(put).properties["location"],
        "status": "Active",
        "updatedAt": put.now,
    }


def _hub_answer(put: Put) -> Json:
    partitions = int(put.body.get("partitionCount", 4))
    return {
        **_common(put),
        "messageRetentionInDays": put.body.get("messageRetentionInDays", 7),
        "partitionCount": partitions,
        "partitionIds": [str(number) for number in range(partitions)],
    }


def _bus_answer(put: Put, defaults: Json) -> Json:
    told = {**_common(put), **_NEVER_USED, **defaults, **chosen(put.body, defaults)}
    if told["enablePartitioning"]:
        told["maxSizeInMegabytes"] *= _PARTITIONS
    return told


def _queue_answer(put: Put) -> Json:
    return {**_bus_answer(put, _BUS_DEFAULTS | _QUEUE_DEFAULTS), "messageCount": 0}


def _topic_answer(put: Put) -> Json:
    told = _bus_answer(put, _BUS_DEFAULTS)
    ordered = put.body.get("supportOrdering", not told["enablePartitioning"])
    return {**told, "subscriptionCount": 0, "supportOrdering": ordered}


def _check_queue(put: Put) -> None:
    _check_name(put, arm_types.BUS_TOPIC)


def _check_topic(put: Put) -> None:
    _check_name(put, arm_types.BUS_QUEUE)
    if _namespace(put).properties["sku"]["name"] == "Basic":
        raise put.refuse("namespaceName", "a Basic namespace has no topics; accepted: Standard")


def _check_name(put: Put, other: str) -> None:
    found = f"{_namespace(put).id}/{other.rpartition('/')[2]}/{put.name}"
    if put.control.resources.find(found):
        raise NameTakenError(str(put), put.name, f"by '{found}'")


def _namespace(put: Put) -> Resource:
    return put.linked("namespaceName", "/".join(put.id.split("/")[:9]))


def _type(pulumi_name: str, arm_type: str, key: str, **more: Any) -> ResourceType:
    """A type of what lies in a namespace; ``more`` is of ``ResourceType``."""
    namespace, _, what = arm_type.rpartition("/")
    return ResourceType(
        pulumi_type=f"azure-native:{pulumi_name}",
        path=f"{namespace}/{{namespaceName}}/{what}/{{{key}}}",
        regional=False,
        **more,
    )


EVENT_HUB_TYPE = _type(
    "eventhub:EventHub",
    arm_types.EVENT_HUB,
    "eventHubName",
    api_version="2024-01-01",
    answer=_hub_answer,
    rules=_hub_rules,
    limits=_HUB_LIMITS,
)
QUEUE_TYPE = _type(
    "servicebus:Queue",
    arm_types.BUS_QUEUE,
    "queueName",
    api_version="2026-01-01",
    answer=_queue_answer,
    rules=_bus_rules,
    limits=_BUS_LIMITS,
    check=_check_queue,
    replaces=("enablePartitioning", "requiresSession"),
)
TOPIC_TYPE = _type(
    "servicebus:Topic",
    arm_types.BUS_TOPIC,
    "topicName",
    api_version="2026-01-01",
    answer=_topic_answer,
    rules=_bus_rules,
    limits=_BUS_LIMITS,
    check=_check_topic,
    replaces=("enablePartitioning",),
)

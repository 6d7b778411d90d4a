"""System topics and their event subscriptions on the control plane.

A subscription is made only once its destination is ready (a webhook has answered the validation
handshake), and its dead-letter container takes blobs from the topic's identity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local_azure.authorization.errors import AuthorizationFailedError
from local_azure.eventgrid.destinations import kinds
from local_azure.eventgrid.errors import FilterError
from local_azure.eventgrid.filters import parse
from local_azure.resource_manager.answers import chosen, present, proxied, system_data, tracked
from local_azure.resource_manager.errors import AuthorizationFailed, ConflictError
from local_azure.resource_manager.resource_type import IN_GROUP, ResourceType, region
from local_azure.resource_manager.shape import Problem, not_emulated
from local_azure.resource_manager.unknown import UNKNOWN, at, holds_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.azure import Azure
    from local_azure.resource_manager.resource_type import Json, Put
    from local_azure.resource_manager.store import Resource

_STORAGE = "Microsoft.Storage/storageAccounts"
_WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
_TOPIC = "Microsoft.EventGrid/systemTopics"
_TOPIC_PATH = f"{IN_GROUP}/{_TOPIC}/{{systemTopicName}}"
_SOURCES = {
    "microsoft.storage.storageaccounts": _STORAGE,
    "microsoft.machinelearningservices.workspaces": _WORKSPACE,
}
_EVENTS = {
    _STORAGE: ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"),
    _WORKSPACE: tuple(
        f"Microsoft.MachineLearningServices.{name}"
        for name in (
            "ModelRegistered",
            "ModelDeployed",
            "RunCompleted",
            "RunStatusChanged",
            "DatasetDriftDetected",
        )
    ),
}
_WRITE_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"

_RANGES = {
    "retryPolicy.maxDeliveryAttempts": (1, 30),
    "retryPolicy.eventTimeToLiveInMinutes": (1, 1440),
}
_MOST_VALUES, _LONGEST_VALUE = 25, 512


def _topic_rules(inputs: Json) -> Iterator[Problem]:
    for key in ("source", "topicType"):
        if key not in inputs:
            yield Problem(key, "missing; a system topic has it")
    kind = inputs.get("topicType")
    if isinstance(kind, str) and kind.lower() not in _SOURCES:
        accepted = (
            "'Microsoft.Storage.StorageAccounts', 'Microsoft.MachineLearningServices.Workspaces'"
        )
        yield Problem("topicType", f"found {kind!r}, emulated: {accepted}")


def _check_topic(put: Put) -> None:
    arm_type = _SOURCES[put.body["topicType"].lower()]
    source = put.linked("source", put.body["source"], arm_type)
    there = region(source.properties["location"])
    if put.location != there:
        raise put.refuse("location", f"found {put.location!r}, accepted: the source's, {there!r}")
    for other in put.azure.resources.select(_TOPIC):
        if other.id.lower() != put.id.lower() and _same(other.body["source"], source.id):
            message = (
                f"{put}: only one system topic is allowed per source. '{other.id}' exists already "
                f"for '{source.id}': adopt it."
            )
            raise ConflictError(message)


def _topic_answer(put: Put) -> Json:
    return {
        **tracked(put),
        "metricResourceId": put.kept("metricResourceId"),
        "provisioningState": "Succeeded",
        "source": put.body["source"],
        "systemData": system_data(put),
        "topicType": put.body["topicType"],
    }


SYSTEM_TOPIC = ResourceType(
    pulumi_type="azure-native:eventgrid:SystemTopic",
    arm_type=_TOPIC,
    path=_TOPIC_PATH,
    api_version="2025-02-15",
    answer=_topic_answer,
    rules=_topic_rules,
    check=_check_topic,
    replaces=("source", "topicType"),
)


def _subscription_rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(
        inputs, "deliveryWithResourceIdentity", "deadLetterDestination", "expirationTimeUtc"
    )
    if "destination" not in inputs:
        yield Problem("destination", "missing; events go somewhere")
    yield from _destination_rules(at(inputs, "destination") or {})
    schema = inputs.get("eventDeliverySchema", "EventGridSchema")
    if schema not in {"EventGridSchema", UNKNOWN}:
        yield Problem("eventDeliverySchema", f"found {schema!r}, emulated: 'EventGridSchema'")
    for path, (least, most) in _RANGES.items():
        value = at(inputs, path)
        if value is not None and not least <= value <= most:
            yield Problem(path, f"found {value}, accepted: {least} to {most}")
    if not holds_unknown(filters := at(inputs, "filter.advancedFilters") or []):
        yield from _filter_rules(filters)


def _destination_rules(destination: Json) -> Iterator[Problem]:
    kind = destination.get("endpointType", UNKNOWN)
    if kind is UNKNOWN:
        return
    if not kinds.emulated(kind):
        accepted = ", ".join(map(repr, kinds.KINDS))
        yield Problem("destination.endpointType", f"found {kind!r}, emulated: {accepted}")
        return
    yield from kinds.kind(kind).problems(destination)


def _filter_rules(filters: list[Json]) -> Iterator[Problem]:
    where = "filter.advancedFilters"
    values = [value for one in filters for value in _values(one)]
    if len(filters) > _MOST_VALUES or len(values) > _MOST_VALUES:
        reason = f"found {len(filters)} filters with {len(values)} values, accepted: 25 of each"
        yield Problem(where, reason)
    if any(isinstance(value, str) and len(value) > _LONGEST_VALUE for value in values):
        yield Problem(where, f"a value is longer than {_LONGEST_VALUE} characters")
    for index, one in enumerate(filters):
        try:
            parse(one)
        except FilterError as error:
            yield Problem(f"{where}[{index}]", str(error))


def _values(one: Json) -> list[Any]:
    return list(one.get("values") or ([one["value"]] if "value" in one else []))


def _check_subscription(put: Put) -> None:
    topic = _topic(put)
    accepted = _EVENTS[_SOURCES[topic.body["topicType"].lower()]]
    for index, found in enumerate(at(put.body, "filter.includedEventTypes") or []):
        if found not in accepted:
            path = f"filter.includedEventTypes[{index}]"
            raise put.refuse(path, f"found {found!r}, accepted: {', '.join(accepted)}")
    destination = put.body["destination"]
    kinds.kind(destination["endpointType"]).check(put, destination)
    if dead := put.body.get("deadLetterWithResourceIdentity"):
        _check_dead_letters(put, topic, dead)


def _check_dead_letters(put: Put, topic: Resource, dead: Json) -> None:
    path = "deadLetterWithResourceIdentity"
    if at(dead, "identity.type") != "SystemAssigned":
        raise put.refuse(f"{path}.identity.type", "emulated: 'SystemAssigned'")
    identity = at(topic.properties, "identity.principalId")
    principal = put.azure.directory.find(identity) if identity else None
    if principal is None:
        reason = f"the topic '{topic.name}' has no system-assigned identity; give it one"
        raise put.refuse(f"{path}.identity", reason)
    destination = dead["deadLetterDestination"]
    account = put.linked(f"{path}.resourceId", destination["resourceId"], _STORAGE)
    container = f"{account.id}/blobServices/default/containers/{destination['blobContainerName']}"
    put.linked(f"{path}.blobContainerName", container)
    try:
        put.azure.authorization.authorize(principal, _WRITE_BLOB, container, data=True)
    except AuthorizationFailedError as cause:
        raise AuthorizationFailed(cause) from None


def _subscription_answer(put: Put) -> Json:
    given = put.body
    accepted = _EVENTS[_SOURCES[_topic(put).body["topicType"].lower()]]
    chosen_filter = {
        "isSubjectCaseSensitive": False,
        "enableAdvancedFilteringOnArrays": False,
        "includedEventTypes": list(accepted),
        "subjectBeginsWith": "",
        "subjectEndsWith": "",
        **(given.get("filter") or {}),
    }
    retry = {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440}
    dead = given.get("deadLetterWithResourceIdentity")
    return {
        **proxied(put),
        **chosen(given, ["labels"]),
        **present({"deadLetterWithResourceIdentity": dead and {**dead}}),
        "destination": kinds.kind(given["destination"]["endpointType"]).told(given["destination"]),
        "eventDeliverySchema": "EventGridSchema",
        "filter": chosen_filter,
        "provisioningState": "Succeeded",
        "retryPolicy": {**retry, **(given.get("retryPolicy") or {})},
        "systemData": system_data(put),
        "topic": _topic(put).body["source"],
    }


async def _prepare(put: Put) -> None:
    destination = put.body["destination"]
    await kinds.kind(destination["endpointType"]).prepare(put, destination)


async def _take_leave(azure: Azure, subscription: Resource) -> None:
    await azure.eventgrid.leave(subscription.id)


def _topic(put: Put) -> Resource:
    return put.linked("systemTopicName", put.id.rpartition("/eventSubscriptions/")[0], _TOPIC)


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()


SYSTEM_TOPIC_EVENT_SUBSCRIPTION = ResourceType(
    pulumi_type="azure-native:eventgrid:SystemTopicEventSubscription",
    arm_type=f"{_TOPIC}/eventSubscriptions",
    path=f"{_TOPIC_PATH}/eventSubscriptions/{{eventSubscriptionName}}",
    api_version="2025-02-15",
    answer=_subscription_answer,
    rules=_subscription_rules,
    check=_check_subscription,
    write_only=("destination.endpointUrl",),
    regional=False,
    autoname="copy",
    prepare=_prepare,
    release=_take_leave,
)

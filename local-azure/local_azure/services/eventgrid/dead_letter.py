"""Undelivered events, written as blobs under the identity that the subscription names.

Source: D:event-grid/delivery-and-retry, D:event-grid/manage-event-delivery. One blob per event;
Azure may put several into one. UNVERIFIED: the reason of an event that is not tried again.
"""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import aiohttp

from local_azure.control_plane.clock import iso_at
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.eventgrid import identity
from local_azure.services.eventgrid.schedule import Delivery, Outcome
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS, rendered
from local_azure.services.eventgrid.subscriptions import Subscription

_VERSION = "2021-12-02"


async def write(control: ControlPlane, delivery: Delivery, subscription: Subscription) -> Outcome:
    """Write the dead letter; what came of it, with what refused it as its word.

    A second call for the same delivery writes the same blob.
    """
    letters = subscription.dead_letters
    assert letters is not None  # noqa: S101 a delivery without is dropped before
    where = letters.properties
    account = control.resources.find(where["resourceId"])
    principal = identity.find(control, letters.identity_id)
    if account is None or principal is None:
        told = f"The storage account {where['resourceId']}, or the identity, does not exist."
        return Outcome(0, told, told)
    endpoint = account.properties["primaryEndpoints"]["blob"]
    token = control.tokens.issue(principal, STORAGE_AUDIENCE).value
    try:
        async with control.http.put(
            f"{endpoint}{where['blobContainerName']}/{_path(delivery, subscription)}",
            data=json.dumps([content(delivery, subscription.schema)]).encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "x-ms-blob-type": "BlockBlob",
                "x-ms-version": _VERSION,
            },
        ) as answer:
            told = "" if answer.ok else f"{answer.status} {await answer.text()}"
            return Outcome(answer.status, told, told)
    except (aiohttp.ClientError, OSError) as error:
        return Outcome(0, str(error), str(error))


def content(delivery: Delivery, schema: str) -> dict[str, Any]:
    """The event with what is told about its end.

    A CloudEvent has attributes of its own for that, in lower case.
    """
    last = delivery.last_attempt
    told = {
        "deadLetterReason": delivery.reason,
        "deliveryAttempts": delivery.attempts,
        "lastDeliveryOutcome": delivery.outcome,
        "publishTime": iso_at(delivery.published),
        "lastDeliveryAttemptTime": None if last is None else iso_at(last),
    }
    if schema == CLOUD_EVENTS:
        told = {key.lower(): value for key, value in told.items()}
    event: dict[str, Any] = json.loads(rendered(delivery.body, schema))
    return {**event, **told}


def _path(delivery: Delivery, subscription: Subscription) -> str:
    moment = datetime.fromtimestamp(delivery.last_attempt or delivery.published, UTC)
    name = uuid5(NAMESPACE_OID, f"{delivery.id} {delivery.subscription} {delivery.published}")
    folder = f"{moment.year}/{moment.month}/{moment.day}/{moment.hour}"
    return f"{subscription.name.upper()}/{folder}/{name}.json"

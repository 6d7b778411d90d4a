"""The validation handshake: a webhook says that it wants events before it gets any.

It answers at once, or accepts the question and calls an address within 10 minutes. Sources:
D:event-grid/end-point-validation-event-grid-events-schema,
D:event-grid/end-point-validation-cloud-events-schema. UNVERIFIED: that a wrong code is refused at
once; the form in which a deletion is told to a receiver of CloudEvents.
"""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from local_azure.control_plane import strict_json
from local_azure.control_plane.clock import iso
from local_azure.control_plane.plane import ControlPlane
from local_azure.services.eventgrid import webhook
from local_azure.services.eventgrid.errors import HandshakeError
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS, as_cloud_event
from local_azure.services.eventgrid.subscriptions import Subscription
from local_azure.services.eventgrid.webhook import Answer

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
_DELETION = "Microsoft.EventGrid.SubscriptionDeletedEvent"
_OK = 200


async def consents(control: ControlPlane, asked: Subscription, validation_url: str) -> bool:
    """Ask a webhook: True when it consents, False when it accepts the question without consent.

    Raises:
        HandshakeError: it does neither; with what came back.
    """
    if asked.schema == CLOUD_EVENTS:
        return await _allows(control, asked, validation_url)
    return await _repeats_code(control, asked, validation_url)


async def _repeats_code(control: ControlPlane, asked: Subscription, validation_url: str) -> bool:
    code = str(uuid4()).upper()
    data = {"validationCode": code, "validationUrl": validation_url}
    event = _event(control, _VALIDATION, asked.source, data)
    headers = webhook.headers(webhook.VALIDATION, asked.name)
    answer = await webhook.post(control, _url(asked), json.dumps([event]), headers)
    response = _response(answer)
    if answer.status != _OK or response not in {"", code}:
        raise _failed(control, asked, "POST", answer)
    return bool(response)


async def _allows(control: ControlPlane, asked: Subscription, validation_url: str) -> bool:
    headers = {"WebHook-Request-Origin": webhook.ORIGIN, "WebHook-Request-Callback": validation_url}
    answer = await webhook.ask(control, _url(asked), headers)
    allowed = answer.headers.get("WebHook-Allowed-Origin", "")
    if answer.status != _OK or allowed not in {"", "*", webhook.ORIGIN}:
        raise _failed(control, asked, "OPTIONS", answer)
    return bool(allowed)


async def announce_deletion(control: ControlPlane, asked: Subscription) -> None:
    """Tell a webhook, once, that its subscription was deleted; nobody waits for its answer."""
    event = _event(control, _DELETION, asked.source, {"eventSubscriptionId": asked.id})
    headers = webhook.headers(webhook.DELETION, asked.name)
    body = json.dumps([event])
    if asked.schema == CLOUD_EVENTS:
        headers |= webhook.cloud_event_headers(single=True)
        body = json.dumps(as_cloud_event(event))
    await webhook.post(control, _url(asked), body, headers)


def without_secret(asked: Subscription) -> str:
    """A webhook's address as it may be shown."""
    return base(_url(asked))


def base(url: str) -> str:
    """An address without its query, which may hold a signature."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _url(asked: Subscription) -> str:
    return str(asked.endpoint.properties["endpointUrl"])


def _event(control: ControlPlane, kind: str, topic: str, data: dict[str, str]) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "topic": topic,
        "subject": "",
        "data": data,
        "eventType": kind,
        "eventTime": iso(control.clock.now()),
        "metadataVersion": "1",
        "dataVersion": "1",
    }


def _response(answer: Answer) -> str:
    """The code that came back; empty without one."""
    try:
        said = strict_json.read(answer.body)
    except ValueError:
        return ""
    response = said.get("validationResponse") if isinstance(said, dict) else None
    return "" if response is None else str(response)


def _failed(
    control: ControlPlane, asked: Subscription, method: str, answer: Answer
) -> HandshakeError:
    word = answer.outcome if answer.status else "Unknown"
    now = control.clock.now()
    return HandshakeError(without_secret(asked), method, word, _came_back(answer), now)


def _came_back(answer: Answer) -> str:
    if not answer.status:
        return f"nothing came back ({answer.outcome})."
    text = answer.body[:200].decode("utf-8", "replace")
    return f"what came back is status {answer.status} with {text!r}."

"""The validation handshake: a webhook says that it wants events before it gets any.

Source: D:event-grid/webhook-event-delivery. Only the synchronous answer is emulated, so the event
carries no ``validationUrl`` to call instead.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from local_azure.clock import iso
from local_azure.eventgrid import webhook
from local_azure.eventgrid.errors import HandshakeError

if TYPE_CHECKING:
    from local_azure.azure import Azure
    from local_azure.eventgrid.webhook import Answer

_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
_DELETION = "Microsoft.EventGrid.SubscriptionDeletedEvent"


async def shake_hands(azure: Azure, url: str, topic: str, subscription: str) -> None:
    """Ask a webhook for its consent.

    Args:
        azure: clock and HTTP.
        url: the webhook.
        topic: resource id of the events' source, or "".
        subscription: its name, or "".

    Raises:
        HandshakeError: when it does not give it; with what came back.
    """
    code = str(uuid4()).upper()
    event = _event(azure, _VALIDATION, topic, {"validationCode": code})
    headers = webhook.headers(webhook.VALIDATION, subscription)
    answer = await webhook.post(azure, url, event, headers)
    if answer.status == 200 and hmac.compare_digest(_response(answer), code):  # noqa: PLR2004 the only status accepted
        return
    raise HandshakeError(_without_secret(url), _came_back(answer))


async def announce_deletion(
    azure: Azure, url: str, topic: str, subscription_id: str, name: str
) -> None:
    """Tell a webhook, once, that its subscription was deleted; nobody waits for its answer."""
    event = _event(azure, _DELETION, topic, {"eventSubscriptionId": subscription_id})
    await webhook.post(azure, url, event, webhook.headers(webhook.DELETION, name))


def _event(azure: Azure, kind: str, topic: str, data: dict[str, str]) -> str:
    event = {
        "id": str(uuid4()),
        "topic": topic,
        "subject": "",
        "data": data,
        "eventType": kind,
        "eventTime": iso(azure.clock.now()),
        "metadataVersion": "1",
        "dataVersion": "1",
    }
    return json.dumps([event])


def _response(answer: Answer) -> str:
    try:
        said: Any = json.loads(answer.body)
    except ValueError:
        return ""
    response = said.get("validationResponse") if isinstance(said, dict) else None
    return response if isinstance(response, str) and response.isascii() else ""


def _came_back(answer: Answer) -> str:
    if not answer.status:
        return f"nothing came back ({answer.outcome})."
    text = answer.body[:200].decode("utf-8", "replace")
    return f"what came back is status {answer.status} with {text!r}."


def _without_secret(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"

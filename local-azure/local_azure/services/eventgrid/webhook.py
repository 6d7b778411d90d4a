"""One exchange with a webhook: an array of events, the documented headers, 30 seconds.

Sources: D:event-grid/delivery-and-retry, D:event-grid/webhook-event-delivery.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from local_azure.control_plane.http_client import HostNotEmulatedError, status_name
from local_azure.control_plane.networks import origins
from local_azure.control_plane.plane import ControlPlane

NOTIFICATION = "Notification"
VALIDATION = "SubscriptionValidation"
DELETION = "SubscriptionDeletion"
ORIGIN = "eventgrid.azure.net"
"""Whom a receiver of CloudEvents allows to send."""
_PATIENCE = 30.0
"""Seconds that a handler has to answer."""
_MOST = 64 * 1024
"""Bytes of an answer that are read."""


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status; 0 when there was no answer.
        outcome: in a word, as dead letters have it: ``OK``, ``NotFound``, ``TimedOut``, …
        body: the beginning of the answer.
        headers: the answer's, found whatever their case.
    """

    status: int
    outcome: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def headers(kind: str, subscription: str, attempts: int = 0) -> dict[str, str]:
    """The headers of a delivery.

    Args:
        kind: one of the three above.
        subscription: its name.
        attempts: how many there were before.
    """
    return {
        "Content-Type": "application/json; charset=utf-8",
        "aeg-event-type": kind,
        "aeg-subscription-name": subscription.upper(),
        "aeg-delivery-count": str(attempts),
        "aeg-data-version": "",
        "aeg-metadata-version": "1",
    }


def cloud_event_headers(*, single: bool) -> dict[str, str]:
    """What is different about a delivery of CloudEvents (D:event-grid/cloud-event-schema).

    Args:
        single: whether the body is one event and not an array.
    """
    form = "cloudevents" if single else "cloudevents-batch"
    return {"Content-Type": f"application/{form}+json; charset=utf-8", "Origin": ORIGIN}


async def post(control: ControlPlane, url: str, events: str, headers: dict[str, str]) -> Answer:
    """Send events and tell what came of it; never raises for what a webhook does."""
    return await _exchange(control, "POST", url, headers, events.encode())


async def ask(control: ControlPlane, url: str, headers: dict[str, str]) -> Answer:
    """Ask for what an endpoint allows (OPTIONS), and tell what came of it; never raises either."""
    return await _exchange(control, "OPTIONS", url, headers)


async def _exchange(
    control: ControlPlane, method: str, url: str, headers: dict[str, str], body: bytes | None = None
) -> Answer:
    try:
        target = URL(url, encoded=True)
        sent = control.http.request(
            method, target, data=body, headers=headers, allow_redirects=False
        )
        with origins.calling(origins.EVENT_GRID):
            async with control.clock.timeout(_PATIENCE), sent as answer:
                content = await answer.content.read(_MOST)
                return Answer(answer.status, status_name(answer.status), content, answer.headers)
    except TimeoutError:
        return Answer(0, "TimedOut")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        unknown = isinstance(error.__cause__ or error, HostNotEmulatedError)
        return Answer(0, "ResolutionError" if unknown else "SocketError")

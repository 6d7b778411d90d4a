"""An HTTPS endpoint that has proved, by the handshake, that it wants the events.

Source: D:event-grid/delivery-and-retry, D:event-grid/webhook-event-delivery.
"""

from collections.abc import Iterator

from yarl import URL

from local_azure.control_plane import notices
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.errors import EndpointValidationError
from local_azure.control_plane.resource_manager.resource_type import Json, Put
from local_azure.control_plane.resource_manager.shape import Problem
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.eventgrid import webhook
from local_azure.services.eventgrid.destinations.destination import Batch, Destination
from local_azure.services.eventgrid.errors import HandshakeError, NoConsentError
from local_azure.services.eventgrid.handshake import (
    announce_deletion,
    base,
    consents,
    without_secret,
)
from local_azure.services.eventgrid.place import Place
from local_azure.services.eventgrid.provisional import awaiting
from local_azure.services.eventgrid.schedule import Outcome
from local_azure.services.eventgrid.schemas import CLOUD_EVENTS
from local_azure.services.eventgrid.subscriptions import Subscription, subscription
from local_azure.services.eventgrid.validations import Validation, Validations

_DECLINED = ("azureActiveDirectoryApplicationIdOrUri", "azureActiveDirectoryTenantId")


class WebHook(Destination):
    """The destination ``WebHook``."""

    def problems(self, given: Json) -> Iterator[Problem]:
        """An https URL is needed, and nothing that is not emulated."""
        for key in _DECLINED:
            if key in given:
                yield Problem(f"destination.{key}", "not emulated; leave it out")
        url = given.get("endpointUrl")
        if url is None:
            yield Problem("destination.endpointUrl", "missing; accepted: an https URL")
        elif isinstance(url, str) and not url.startswith("https://"):
            # The URL holds a signature: it is never shown.
            yield Problem("destination.endpointUrl", "found another scheme, accepted: an https URL")
        elif isinstance(url, str) and not _is_address(url):
            accepted = "https://<host>/<path>, with a port and a query or without"
            yield Problem("destination.endpointUrl", f"it can't be called, accepted: {accepted}")

    async def prepare(self, put: Put, where: Place, validations: Validations) -> None:
        """Shake hands; a webhook that consents later keeps the subscription waiting for it.

        Raises:
            EndpointValidationError: the webhook does not want the events.
        """
        proposed = Resource(put.id, put.type.arm_type, put.name, put.body, {})
        asked = subscription(proposed, where)
        with validations.asking(_host(put, where), put.name) as validation:
            try:
                if not await consents(put.control, asked, validation.url):
                    await _consent(put, asked, validation)
            except HandshakeError as refusal:
                raise EndpointValidationError(str(put), str(refusal)) from None

    def told(self, given: Json) -> Json:
        """The URL without its query, which holds the signature."""
        return {
            "endpointType": "WebHook",
            "endpointBaseUrl": base(given["endpointUrl"]),
            "maxEventsPerBatch": given.get("maxEventsPerBatch", 1),
            "preferredBatchSizeInKilobytes": given.get("preferredBatchSizeInKilobytes", 64),
            **chosen(given, ["minimumTlsVersionAllowed"]),
        }

    async def deliver(self, control: ControlPlane, batch: Batch) -> Outcome:
        """POST the events as an array; a CloudEvent that no batch is asked for goes alone."""
        subscription = batch.subscription
        headers = webhook.headers(webhook.NOTIFICATION, subscription.name, batch.attempts)
        given = subscription.endpoint.properties
        body = f"[{','.join(batch.events)}]"
        if subscription.schema == CLOUD_EVENTS:
            single = given.get("maxEventsPerBatch", 1) == 1
            headers |= webhook.cloud_event_headers(single=single)
            body = batch.events[0] if single else body
        answer = await webhook.post(control, given["endpointUrl"], body, headers)
        return Outcome(answer.status, answer.outcome)

    async def leave(self, control: ControlPlane, subscription: Subscription) -> None:
        """Send the documented event, once; the answer does not matter."""
        await announce_deletion(control, subscription)


def _is_address(url: str) -> bool:
    """Whether a request can go there; names and passwords in it would be shown."""
    try:
        target = URL(url, encoded=True)
        return bool(target.host and target.port) and target.user is None and url.isprintable()
    except ValueError:
        return False


async def _consent(put: Put, asked: Subscription, validation: Validation) -> None:
    """Wait for a call of the validation URL."""
    shown = without_secret(asked)
    await notices.say(
        f"{put}: {shown} accepted the validation handshake without answering it; for up to "
        "10 minutes it can call the validation URL that it was sent."
    )
    with awaiting(put):
        if not await validation.given():
            method = "OPTIONS" if asked.schema == CLOUD_EVENTS else "POST"
            raise NoConsentError(shown, method, put.control.clock.now())


def _host(put: Put, where: Place) -> str:
    """The host that validates for the region of the topic, domain or source."""
    found = where.owner or put.control.resources.find(where.source)
    location = found.properties.get("location") if found else None
    return f"rp-{location or 'global'}.{put.cloud.event_grid}"

"""Webhooks that were asked for their consent and may give it by calling an address.

Source: D:event-grid/webhook-event-delivery (validation URL, 10 minutes), the CloudEvents
specification of webhooks (``WebHook-Request-Callback``). UNVERIFIED: the address beyond its form in
the documented sample, whose port is 553; what a wrong or late call is answered.
"""

import asyncio
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from local_azure.control_plane.clock import Clock, iso
from local_azure.control_plane.web import router

PATIENCE = 600.0
"""Seconds that an address is good for."""


class Validation:
    """One webhook that is being asked.

    Attributes:
        url: calling it, by GET or POST, gives consent; a secret.
    """

    def __init__(self, url: str, token: str, clock: Clock) -> None:
        self.url = url
        self._token = token
        self._clock = clock
        self._given = asyncio.Event()

    def call(self, token: str) -> bool:
        """Whether a call of the address is the right one; then consent is given."""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return False
        self._given.set()
        return True

    async def given(self) -> bool:
        """Wait for consent; False when it was not given in time."""
        try:
            async with self._clock.timeout(PATIENCE):
                await self._given.wait()
        except TimeoutError:
            return False
        return True


class Validations:
    """All webhooks that are being asked, and what they call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Validation] = {}

    @contextmanager
    def asking(self, host: str, subscription: str) -> Iterator[Validation]:
        """Ask, until the webhook has answered, or its time is over.

        Args:
            host: the validating host of the region and cloud.
            subscription: name of the event subscription.
        """
        identifier, token = str(uuid4()), secrets.token_urlsafe(32)
        query = urlencode({"id": identifier, "t": iso(self._clock.now()), "token": token})
        url = f"https://{host}/eventsubscriptions/{subscription}/validate?{query}"
        self._open[identifier] = Validation(url, token, self._clock)
        try:
            yield self._open[identifier]
        finally:
            del self._open[identifier]

    def router(self) -> Router:
        """What the validating hosts answer."""
        path = "/eventsubscriptions/{name}/validate"
        return router([Route(path, self._validate, methods=["GET", "POST"])], "Event Grid")

    async def _validate(self, request: Request) -> Response:
        validation = self._open.get(request.query_params.get("id", ""))
        if validation and validation.call(request.query_params.get("token", "")):
            return PlainTextResponse("Webhook successfully validated as a subscription endpoint.")
        return PlainTextResponse("There is no such validation, or its time is over.", 404)

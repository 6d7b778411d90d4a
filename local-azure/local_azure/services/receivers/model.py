"""Receivers by their URLs, sealed at rest: they survive a restart."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from local_azure.control_plane.clouds import CLOUDS
from local_azure.control_plane.state import State
from local_azure.errors import LocalAzureError

SCHEMA = """
CREATE TABLE IF NOT EXISTS receivers (url TEXT PRIMARY KEY, receiver BLOB NOT NULL);
"""
FUNCTION_HOSTS = tuple(f".{cloud.sites}" for cloud in CLOUDS)


class ReceiverError(LocalAzureError):
    """A receiver that can't be."""


@dataclass(frozen=True)
class Receiver:
    """One handler.

    Attributes:
        url: https, without port and query.
        key: what a caller has to bring, as `code` or `x-functions-key`; empty for any.
        status: what events are answered.
        handshake: whether the question for consent is answered; else it is accepted in silence.
    """

    url: str
    key: str = ""
    status: int = 200
    handshake: bool = True

    @property
    def host(self) -> str:
        """The host of the URL."""
        return urlsplit(self.url).netloc

    def lets_in(self, given: str) -> bool:
        """Whether a caller with this key may call; a function takes none without one.

        Source: D:azure-functions/functions-bindings-http-webhook-trigger, authorization level
        `function`, the default.
        """
        if self.key:
            return given == self.key
        return bool(given) or not self.host.endswith(FUNCTION_HOSTS)


class Receivers:
    """All of them."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(SCHEMA)

    def put(self, receiver: Receiver) -> None:
        """Keep a receiver, in the place of an earlier one of its URL."""
        sealed = self._state.seal(asdict(receiver))
        self._state.execute("REPLACE INTO receivers VALUES (?, ?)", receiver.url, sealed)

    def find(self, url: str) -> Receiver | None:
        """The receiver of a URL."""
        row = self._state.row("SELECT receiver FROM receivers WHERE url = ?", url)
        return Receiver(**self._state.open(row["receiver"])) if row else None

    def all(self) -> list[Receiver]:
        """Every receiver, by URL."""
        rows = self._state.rows("SELECT receiver FROM receivers ORDER BY url")
        return [Receiver(**self._state.open(row["receiver"])) for row in rows]


def read(asked: dict[str, Any]) -> Receiver:
    """A receiver as a command asks for it.

    Raises:
        ReceiverError: its URL is no plain https address, its status none of HTTP's.
    """
    receiver = Receiver(**asked)
    url = urlsplit(receiver.url)
    plain = url.hostname and url.netloc == url.hostname and len(url.path) > 1 and not url.query
    if url.scheme != "https" or not plain or url.fragment:
        raise ReceiverError(f"{receiver.url}: accepted: https://<host in small letters>/<path>")
    least, most = 200, 599
    if not least <= receiver.status <= most:
        raise ReceiverError(f"status {receiver.status}: accepted: {least} to {most}")
    return receiver

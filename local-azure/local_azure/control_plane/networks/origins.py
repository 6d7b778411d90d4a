"""Where a call comes from: the internet, Azure's own services, or the inside of a network.

A client is outside, with one public address. It is inside where the proxy was told so, by the name
of a virtual network as the proxy's user. A service is Azure's, with an address of Azure's, unless
what it does runs inside of a network: its calls say so in a header that only this process can make.
"""

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

HEADER = "x-local-azure-origin"


@dataclass(frozen=True)
class Origin:
    """Where a call comes from.

    Attributes:
        address: the public IPv4 address that it is seen with; empty inside of a network.
        network: that network's resource id, or a virtual network's name alone.
    """

    address: str = ""
    network: str = ""

    def is_in(self, network_id: str) -> bool:
        """Whether it is in the network with this id."""
        names = {network_id.lower(), network_id.rpartition("/")[2].lower()}
        return bool(self.network) and self.network.lower() in names


CLIENT = Origin("203.0.113.10")
"""Whoever calls from this machine: an address for documentation (RFC 5737)."""
AZURE = Origin("198.51.100.1")
"""What Azure's services call from where they are in no network of the caller's."""

EVENT_GRID = Origin("198.51.100.2")
"""What Event Grid delivers from."""
SERVICE_TAGS = {"AzureEventGrid": EVENT_GRID}
"""Names for a service's addresses, in rules of who is let in."""

_CALLING: ContextVar[Origin] = ContextVar("calling", default=AZURE)
_CALLED: ContextVar[Origin] = ContextVar("called", default=CLIENT)


@contextmanager
def inside(network_id: str) -> Iterator[None]:
    """Let what is called meanwhile be called from inside of a network; of none if it is empty."""
    with calling(Origin(network=network_id) if network_id else AZURE):
        yield


@contextmanager
def calling(origin: Origin) -> Iterator[None]:
    """Let what is called meanwhile be called from there."""
    before = _CALLING.set(origin)
    try:
        yield
    finally:
        _CALLING.reset(before)


def caller() -> Origin:
    """Where the request that is being answered comes from."""
    return _CALLED.get()


class Origins:
    """Tells the origin of each request, and makes that of each call between services."""

    def __init__(self) -> None:
        self._key = secrets.token_hex()
        self._inside: dict[int, Origin] = {}

    def header(self) -> str:
        """What a call of a service carries."""
        origin = _CALLING.get()
        return f"{self._key} {origin.address} {origin.network}"

    def join(self, port: int, network: str) -> None:
        """Let the connection from a local port be one from inside of a network."""
        self._inside[port] = Origin(network=network)

    def leave(self, port: int) -> None:
        """The connection is closed."""
        self._inside.pop(port, None)

    def enter(self, headers: Mapping[bytes, bytes], port: int) -> None:
        """Let the request that begins be known by its origin.

        Args:
            headers: the request's, by name in small letters.
            port: where its connection comes from.
        """
        key, _, told = headers.get(HEADER.encode(), b"").decode("latin-1").partition(" ")
        if hmac.compare_digest(key.encode(), self._key.encode()):
            address, _, network = told.partition(" ")
            _CALLED.set(Origin(address, network))
        else:
            _CALLED.set(self._inside.get(port, CLIENT))

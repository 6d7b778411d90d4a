"""The HTTP exchange that an action makes, apart from how it is carried out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import aiohttp
from yarl import URL

_LEGAL = "%/:=&?~+!$,;'@()*[]"


@dataclass(frozen=True)
class HttpRequest:
    """A request as it goes over the wire."""

    method: str
    uri: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class HttpAnswer:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class ConnectionFailedError(Exception):
    """No answer came: the host is unknown, refused, or ended the connection."""


Transport = Callable[[HttpRequest], Awaitable[HttpAnswer]]


def over(client: Callable[[], aiohttp.ClientSession]) -> Transport:
    """Exchanges over a client session; redirects are answers like any other.

    Args:
        client: gives the session when the first exchange needs it.
    """

    async def send(request: HttpRequest) -> HttpAnswer:
        try:
            # What is no legal character of a URI is percent-encoded, what is encoded already stays.
            target = URL(quote(request.uri.partition("#")[0], safe=_LEGAL), encoded=True)
            async with client().request(
                request.method,
                target,
                headers=request.headers,
                data=request.body or None,
                allow_redirects=False,
                skip_auto_headers=("User-Agent", "Content-Type"),
            ) as answer:
                return HttpAnswer(answer.status, dict(answer.headers), await answer.read())
        except (aiohttp.ClientError, OSError, ValueError) as error:
            why = error.__cause__ or error
            raise ConnectionFailedError(str(why) or type(why).__name__) from error

    return send

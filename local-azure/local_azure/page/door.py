"""Who gets to the page: whoever opened its address, at this machine's own name, from the page.

The address has a token; a cookie takes its place, so that it stands in no later address. A name
that somebody else's DNS leads here is refused, and so is a form that another page sends.
"""

import hashlib
import hmac

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLOSED = "Run `local-azure page` and open the address that it prints."
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # with no-referrer a form's Origin would be null
    "x-content-type-options": "nosniff",
}


def token(key: str) -> str:
    """What the address of the page has.

    Args:
        key: opens the console.
    """
    return hmac.new(key.encode(), b"page", hashlib.sha256).hexdigest()


class Door:
    """The application behind its door.

    Args:
        application: what is behind it.
        key: opens the console; the token is made of it.
    """

    def __init__(self, application: ASGIApp, key: str) -> None:
        self._application = application
        self._token = token(key)
        self._cookie = token(f"cookie {key}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have the application answer."""
        request = Request(scope)
        headers = {"cache-control": "no-store", **_HEADERS}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        answer = self._refusal(request) or self._application
        await answer(scope, receive, guarded)

    def _refusal(self, request: Request) -> Response | None:
        host, port = request.headers.get("host", ""), request.scope["server"][1]
        if host not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return PlainTextResponse(f"The page is at http://127.0.0.1:{port} alone.", 421)
        name = f"local-azure-{port}"
        if request.method == "GET" and _same(request.query_params.get("token"), self._token):
            return self._opened(name)
        if not _same(request.cookies.get(name), self._cookie):
            return PlainTextResponse(_CLOSED, 403)
        if request.method not in {"GET", "HEAD"} and not _from(request, f"http://{host}"):
            return PlainTextResponse("Only the page itself may ask for that.", 403)
        return None

    def _opened(self, name: str) -> Response:
        """Go on without the token; a redirection would come without the cookie from a link."""
        answer = PlainTextResponse("The page opens.", headers={"refresh": "0; url=/"})
        answer.set_cookie(name, self._cookie, httponly=True, samesite="strict")
        return answer


def _same(given: str | None, expected: str) -> bool:
    # Of text only ASCII is compared.
    return hmac.compare_digest((given or "").encode(), expected.encode())


def _from(request: Request, origin: str) -> bool:
    return request.headers.get("origin") == origin

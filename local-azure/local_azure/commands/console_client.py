"""What the commands ask the running server: the console's client."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from local_azure.commands import process
from local_azure.errors import LocalAzureError
from local_azure.home import Home, identity_header

# The console is on loopback: no proxy of the shell's stands between.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Console:
    """The console of a running server.

    Args:
        port: where it listens on loopback.
        key: opens it.
    """

    def __init__(self, port: int, key: str) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._key = key

    @classmethod
    def of(cls, home: Home) -> Console:
        """The console of the server that runs on a state folder.

        Raises:
            LocalAzureError: when none runs.
        """
        told = process.running(home)
        if told is None:
            message = "The embedded Azure is not running: `local-azure start` starts it."
            raise LocalAzureError(message)
        return cls.at(home, told)

    @classmethod
    def at(cls, home: Home, told: Mapping[str, Any]) -> Console:
        """The console of the server that tells this."""
        return cls(told["ports"]["console"], home.secret("console"))

    def get(self, path: str) -> Any:
        """The answer to a GET.

        Raises:
            LocalAzureError: when the console refuses or does not answer.
        """
        return self._send("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """The answer to a POST of a JSON body.

        Raises:
            LocalAzureError: when the console refuses or does not answer.
        """
        return self._send("POST", path, body)

    def delete(self, path: str) -> Any:
        """The answer to a DELETE.

        Raises:
            LocalAzureError: when the console refuses or does not answer.
        """
        return self._send("DELETE", path, None)

    def token(self, object_id: str, audience: str) -> str:
        """A token of a principal for an audience.

        Raises:
            LocalAzureError: there is no such principal or audience, or the console is gone.
        """
        path = f"/identity/{quote(object_id, safe='')}/token?{urlencode({'resource': audience})}"
        header = identity_header(self._key, object_id)
        told = self._send("GET", path, None, {"x-identity-header": header})
        return str(told["access_token"])

    def _send(
        self, method: str, path: str, body: Any, headers: Mapping[str, str] | None = None
    ) -> Any:
        data = None if body is None else json.dumps(body).encode()
        own = {"x-console-key": self._key, "content-type": "application/json"}
        headers = {**own, **(headers or {})}
        request = urllib.request.Request(self._base + path, data, headers, method=method)  # noqa: S310 loopback
        try:
            with _OPENER.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            raise LocalAzureError(_refusal(refusal, f"{method} {path}")) from None
        except (urllib.error.URLError, TimeoutError) as error:
            message = f"The console did not answer {method} {path}: {error}. Look at the log."
            raise LocalAzureError(message) from None


def _refusal(answer: urllib.error.HTTPError, request: str) -> str:
    """What the console says against a request, or at least that it does not do it."""
    try:
        told = json.load(answer)
        return str(told.get("message") or told["error"]["message"])
    except (AttributeError, ValueError, KeyError, TypeError):
        return f"The console did not answer {request}: {answer}. Look at the log."

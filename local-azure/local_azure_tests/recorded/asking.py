"""Requests to Azure's own hosts, as plain HTTPS: whoever answers there, answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

ARM = "https://management.azure.com"
GRAPH = "https://graph.microsoft.com"
_AUDIENCES = {
    "vault.azure.net": "https://vault.azure.net",
    "inference.ml.azure.com": "https://ml.azure.com",
    "graph.microsoft.com": GRAPH,
    "core.windows.net": "https://storage.azure.com",
}
"""Whom tokens are for, by the end of the host's name; all others take Resource Manager's."""
_SECONDS = 120
"""How long an answer, and a new application's first sign-in, may take."""


class Caller:
    """Somebody who calls Azure, or nobody.

    Args:
        credential: whose tokens are sent; None for nobody's.
        new: whether whoever it is may not be known everywhere yet.
    """

    def __init__(self, credential: TokenCredential | None, *, new: bool = False) -> None:
        self._credential = credential
        self._patience = _SECONDS if new else 0
        self._session = requests.Session()

    def call(
        self, method: str, url: str, headers: dict[str, str] | None = None, data: bytes = b""
    ) -> requests.Response:
        """The answer, whatever its status."""
        sent = {"content-type": "application/json", **(headers or {})}
        if self._credential:
            sent.setdefault("authorization", f"Bearer {self._token(url.split('/')[2])}")
        return self._session.request(
            method, url, headers=sent, data=data, timeout=_SECONDS, allow_redirects=False
        )

    def told(self, method: str, url: str, body: dict[str, Any] | None = None) -> Any:
        """The body of an answer.

        Raises:
            requests.HTTPError: it is a refusal.
        """
        answer = self.call(method, url, data=json.dumps(body).encode() if body else b"")
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _token(self, host: str) -> str:
        assert self._credential is not None
        found = (each for end, each in _AUDIENCES.items() if host.endswith(end))
        scope, deadline = f"{next(found, ARM)}/.default", time.monotonic() + self._patience
        while True:
            try:
                return self._credential.get_token(scope).token
            except ClientAuthenticationError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(5)


@dataclass(frozen=True)
class Stranger:
    """A service principal without any right."""

    object_id: str
    client_id: str
    secret: str

    @staticmethod
    def made_by(owner: Caller, name: str) -> Stranger:
        """A new one, of an application of this name."""
        application = owner.told("POST", f"{GRAPH}/v1.0/applications", {"displayName": name})
        added = f"{GRAPH}/v1.0/applications/{application['id']}/addPassword"
        password = owner.told("POST", added, {"passwordCredential": {"displayName": "questions"}})
        given = {"appId": application["appId"], "accountEnabled": True}
        principal = owner.told("POST", f"{GRAPH}/v1.0/servicePrincipals", given)
        return Stranger(principal["id"], application["appId"], password["secretText"])


class Asker:
    """Asks as the owner of a subscription, as a stranger or as nobody.

    Args:
        owner: who may do everything in the subscription, and make an application.
        subscription_id: a GUID.
        tenant_id: a GUID.
        stem: the stranger's name begins with it.
        heard: is told each exchange.
    """

    def __init__(
        self,
        owner: Caller,
        subscription_id: str,
        tenant_id: str,
        stem: str,
        heard: Callable[[requests.Response], None] = lambda _: None,
    ) -> None:
        self.subscription_id = subscription_id
        self.tenant_id = tenant_id
        self.stranger = Stranger.made_by(owner, f"{stem}-stranger")
        credential = ClientSecretCredential(
            tenant_id, self.stranger.client_id, self.stranger.secret
        )
        stranger = Caller(credential, new=True)
        self._callers = {"owner": owner, "stranger": stranger, "nobody": Caller(None)}
        self._heard = heard

    def ask(
        self, method: str, url: str, headers: dict[str, str], data: bytes, who: str
    ) -> requests.Response:
        """The answer to ``owner``, ``stranger`` or ``nobody``."""
        answer = self._callers[who].call(method, url, headers, data)
        self._heard(answer)
        return answer

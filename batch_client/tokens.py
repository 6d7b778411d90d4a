"""Tokens that are asked for once in a while, for all connections of a command.

azure-identity remembers none of the Azure CLI's (its TOKEN_CACHING.md), which is a process that
takes a second each time: for thousands of dead letters, hours.
"""

import time
from threading import Lock
from typing import Any

from azure.core.credentials import AccessToken, TokenCredential

_LEFT = 300
"""Seconds before its end from which on a token is asked for anew, as azure-core does."""
_KEPT = 300
"""Seconds after which it is, too: by then it may be refused, and somebody have signed in anew."""


class RememberedTokens:
    """A credential that remembers."""

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential
        self._lock = Lock()
        self._tokens: dict[tuple[Any, ...], tuple[float, AccessToken]] = {}

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; one with claims, which a service has challenged for, is always a new one."""
        key = (*scopes, options.get("tenant_id"))
        with self._lock:  # threads that begin together wait for one token
            until, token = self._tokens.get(key, (0.0, None))
            if token is None or options.get("claims") or time.time() >= until:
                token = self._credential.get_token(*scopes, **options)
                self._tokens[key] = min(time.time() + _KEPT, token.expires_on - _LEFT), token
        return token

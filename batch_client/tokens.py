"""Tokens that are asked for once, for all connections of a command.

azure-identity remembers none of the Azure CLI's (its TOKEN_CACHING.md), which is a process that
takes a second each time: for thousands of dead letters, hours.
"""

import time
from typing import Any

from azure.core.credentials import AccessToken, TokenCredential

_LEFT = 300
"""Seconds before its end from which on a token is asked for anew, as azure-core does."""


class RememberedTokens:
    """A credential that remembers.

    Args:
        credential: signs in.
    """

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential
        self._tokens: dict[tuple[Any, ...], AccessToken] = {}

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; one with claims, which a service has challenged for, is always a new one."""
        key = (*scopes, options.get("tenant_id"))
        token = self._tokens.get(key)
        if token is None or options.get("claims") or token.expires_on - time.time() < _LEFT:
            token = self._tokens[key] = self._credential.get_token(*scopes, **options)
        return token

"""Signed access tokens (JWT, RS256): issued for known audiences, verified before every call."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.entra.directory import Directory, Principal
from local_azure.control_plane.entra.errors import (
    AudienceError,
    ExpiredTokenError,
    InvalidTokenError,
    NoTokenError,
    ResourceNotFoundError,
)
from local_azure.home import Home, write_private

LIFETIME = 3599
"""Seconds; what Entra writes into ``expires_in`` for its hour."""

_KEY_ID = "embedded-azure"


@dataclass(frozen=True)
class AccessToken:
    """A token and when it ends (seconds since 1970)."""

    value: str
    expires_on: int


class Tokens:
    """Issues and verifies access tokens.

    Args:
        home: keeps the signing key.
        clock: decides what has expired.
        directory: whose principals tokens are issued for.
        audiences: the resources of the tenant, each without a trailing slash.
        tenant: tenant id (GUID).
    """

    def __init__(
        self,
        home: Home,
        clock: Clock,
        directory: Directory,
        audiences: Collection[str],
        tenant: str,
    ) -> None:
        self._clock = clock
        self._directory = directory
        self._audiences = {_bare(audience) for audience in audiences}
        self._tenant = tenant
        self._issuer = f"https://sts.windows.net/{tenant}/"
        self._key = signing_key(home)
        # Whoever calls once calls often: a signature needs checking once, an expiry each time.
        self._signed = lru_cache(1024)(self._decoded)
        self._issued: dict[str, dict[str, Any]] = {}

    def issue(self, principal: Principal, audience: str) -> AccessToken:
        """A token with which the principal may call the audience.

        Raises:
            ResourceNotFoundError: when the audience is no resource of the tenant.
        """
        if _bare(audience) not in self._audiences:
            raise ResourceNotFoundError(audience)
        now = int(self._clock.timestamp())
        claims = {
            "aud": audience,
            "iss": self._issuer,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "appid": principal.client_id,
            "oid": principal.object_id,
            "sub": principal.object_id,
            "tid": self._tenant,
            "idtyp": "app",
            "uti": uuid4().hex,
            "ver": "1.0",
        }
        value = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": _KEY_ID})
        # Most are used at once, and what was signed here needs no checking.
        self._issued = {value: claims}
        return AccessToken(value, now + LIFETIME)

    def verify(self, authorization: str | None, audiences: Collection[str]) -> Principal:
        """Whose call this is.

        Args:
            authorization: the request's ``Authorization`` header.
            audiences: what the called service accepts.

        Raises:
            InvalidTokenError: no bearer token, not ours, for another audience, or expired.
        """
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not value:
            raise NoTokenError("The request carries no bearer token.")
        claims = self._claims(value)
        if _bare(claims["aud"]) not in {_bare(audience) for audience in audiences}:
            raise AudienceError(claims["aud"], audiences)
        principal = self._directory.find(claims["oid"])
        if principal is None:
            message = f"The principal {claims['oid']} of the token does not exist any more."
            raise InvalidTokenError(message)
        return principal

    def _claims(self, value: str) -> dict[str, Any]:
        claims = self._signed(value)
        if claims["exp"] <= self._clock.timestamp():
            raise ExpiredTokenError(claims["exp"])
        return claims

    def _decoded(self, value: str) -> dict[str, Any]:
        if value in self._issued:
            return self._issued[value]
        try:
            claims: dict[str, Any] = jwt.decode(
                value,
                self._key.public_key(),
                algorithms=["RS256"],
                issuer=self._issuer,
                options={
                    "require": ["aud", "exp", "oid"],
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError(f"The token is not one of this tenant: {error}.") from None
        return claims


def _bare(audience: str) -> str:
    return audience.rstrip("/").lower()


def signing_key(home: Home) -> rsa.RSAPrivateKey:
    """What the tokens of a state folder are signed with; made where there is none yet."""
    path = home.folder / "signing-key.pem"
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(path, pem.decode())
    # It was made here: to try its primes again would be a third of a start.
    key = serialization.load_pem_private_key(
        path.read_bytes(), None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key; delete it and start again.")
    return key

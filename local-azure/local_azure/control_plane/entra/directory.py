"""Principals of the tenant, and the secrets of applications (kept as salted hashes only)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from local_azure.control_plane.entra.errors import (
    ApplicationNotFoundError,
    InvalidClientSecretError,
    SecretExpiredError,
)

if TYPE_CHECKING:  # load asyncio, cryptography, sqlite3; short commands know this module too
    from sqlite3 import Row

    from local_azure.control_plane.clock import Clock
    from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS principals (
    object_id TEXT PRIMARY KEY, client_id TEXT UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS application_secrets (
    key_id TEXT PRIMARY KEY, client_id TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
    expires TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Principal:
    """A user, group, service principal or managed identity of the tenant.

    Attributes:
        object_id: GUID that role assignments name.
        client_id: GUID that tokens are asked for with; None for users and groups.
        kind: ``User``, ``Group``, ``ServicePrincipal``, or ``ManagedIdentity``, which role
            assignments call ``ServicePrincipal`` as well.
        name: display name.
    """

    object_id: str
    client_id: str | None
    kind: str
    name: str

    def __str__(self) -> str:
        return f"'{self.name}' (object id {self.object_id})"

    @property
    def principal_type(self) -> str:
        """What a role assignment for this principal has as ``principalType``."""
        return "ServicePrincipal" if self.kind == "ManagedIdentity" else self.kind


class Directory:
    """The tenant's principals.

    Args:
        state: who there is, and their secrets.
        clock: when secrets end.
        is_known: whether a principal or a secret (its id) is known everywhere; one that is not
            signs nobody in.
    """

    def __init__(
        self, state: State, clock: Clock, is_known: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._is_known = is_known
        self._state = state
        self._clock = clock
        self._known: dict[str, Principal] = state.memory()
        state.define(SCHEMA)

    def add(self, principal: Principal) -> None:
        """Create a principal, or change its name."""
        self._state.execute(
            "INSERT OR REPLACE INTO principals VALUES (?, ?, ?, ?)",
            principal.object_id.lower(),
            principal.client_id and principal.client_id.lower(),
            principal.kind,
            principal.name,
        )
        self._known.clear()

    def remove(self, object_id: str) -> None:
        """Delete a principal; its role assignments stay, as in Azure, and name nobody."""
        self._state.execute("DELETE FROM principals WHERE object_id = ?", object_id.lower())
        self._known.clear()

    def find(self, object_id: str) -> Principal | None:
        """The principal with this object id; each request asks for its caller."""
        key = object_id.lower()
        if key not in self._known:
            row = self._state.row("SELECT * FROM principals WHERE object_id = ?", key)
            if row is None:
                return None
            self._known[key] = _principal(row)
        return self._known[key]

    def all(self) -> list[Principal]:
        """Every principal, by creation."""
        return [_principal(row) for row in self._state.rows("SELECT * FROM principals")]

    def find_client(self, client_id: str) -> Principal | None:
        """The service principal or managed identity with this client id."""
        row = self._state.row("SELECT * FROM principals WHERE client_id = ?", client_id.lower())
        return _principal(row) if row else None

    def add_secret(self, client_id: str, key_id: str, secret: str, expires: datetime) -> None:
        """Let an application authenticate with a secret until its end date."""
        salt = secrets.token_bytes(16)
        self._state.execute(
            "INSERT OR REPLACE INTO application_secrets VALUES (?, ?, ?, ?, ?)",
            key_id,
            client_id.lower(),
            salt,
            _hash(salt, secret),
            expires.isoformat(),
        )

    def remove_secret(self, key_id: str) -> None:
        """Take a secret away; tokens that it was used for stay valid, as in Azure."""
        self._state.execute("DELETE FROM application_secrets WHERE key_id = ?", key_id)

    def authenticate(self, client_id: str, secret: str) -> Principal:
        """The principal whose application this secret belongs to.

        Raises:
            ApplicationNotFoundError: no such application in the tenant.
            InvalidClientSecretError: none of its secrets is this one.
            SecretExpiredError: it was one, until its end date.
        """
        principal = self.find_client(client_id)
        if principal is None or not self._is_known(principal.object_id):
            raise ApplicationNotFoundError(client_id)
        rows = self._state.rows(
            "SELECT * FROM application_secrets WHERE client_id = ?", client_id.lower()
        )
        known = [row for row in rows if self._is_known(row["key_id"])]
        matching = [r for r in known if hmac.compare_digest(_hash(r["salt"], secret), r["hash"])]
        if not matching:
            raise InvalidClientSecretError(client_id)
        if all(datetime.fromisoformat(r["expires"]) <= self._clock.now() for r in matching):
            raise SecretExpiredError(client_id)
        return principal


def _principal(row: Row) -> Principal:
    return Principal(row["object_id"], row["client_id"], row["kind"], row["name"])


def _hash(salt: bytes, secret: str) -> bytes:
    # Secrets are random and long, made by Entra: a fast hash is enough against guessing.
    return hashlib.sha256(salt + secret.encode()).digest()

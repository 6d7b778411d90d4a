"""Secrets and their versions. A deleted secret keeps its name for as long as there is its vault."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any
from uuid import uuid4

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State
from local_azure.services.keyvault.errors import (
    InvalidSecretError,
    SecretIsDeletedError,
    SecretNotFoundError,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS vault_secrets (
    vault TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE, version TEXT NOT NULL,
    sealed BLOB NOT NULL, about TEXT NOT NULL, created INTEGER NOT NULL, deleted INTEGER,
    PRIMARY KEY (vault, name, version));
"""
LONGEST_VALUE = 25_600
"""Bytes (25 KB)."""

_NAME = re.compile(r"[0-9a-zA-Z-]{1,127}")


@dataclass(frozen=True)
class Secret:
    """One version of a secret.

    Attributes:
        name: the secret's name.
        version: 32 hexadecimal digits.
        value: the secret itself.
        about: what was given with it: ``contentType``, ``tags``, ``attributes``.
        created: seconds since 1970.
    """

    name: str
    version: str
    value: str
    about: Mapping[str, Any]
    created: int

    @property
    def enabled(self) -> bool:
        """Whether its value may be read."""
        return bool((self.about.get("attributes") or {}).get("enabled", True))

    def __repr__(self) -> str:
        return f"Secret({self.name!r}, {self.version!r})"


class Secrets:
    """The secrets of all vaults."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        state.define(SCHEMA)

    def put(
        self,
        vault: str,
        name: str,
        value: str,
        about: Mapping[str, Any] | None = None,
        version: str = "",
    ) -> Secret:
        """Make a secret, or a new version of it.

        Raises:
            InvalidSecretError: a name or value that no secret can have.
            SecretIsDeletedError: the name belongs to a deleted secret.
        """
        _check(name, value)
        if self._rows(vault, name, deleted=True):
            raise SecretIsDeletedError(name)
        now = int(self._clock.timestamp())
        version = version or uuid4().hex
        self._state.execute(
            "INSERT INTO vault_secrets VALUES (?, ?, ?, ?, ?, ?, NULL)",
            vault,
            name,
            version,
            self._state.seal(value),
            json.dumps(about or {}),
            now,
        )
        return Secret(name, version, value, about or {}, now)

    def get(self, vault: str, name: str, version: str = "") -> Secret:
        """A version of a secret; the newest, if none is named.

        Raises:
            SecretNotFoundError: there is none.
        """
        for secret in self.versions(vault, name):
            if version in ("", secret.version):
                return secret
        raise SecretNotFoundError(f"{name}/{version}" if version else name)

    def versions(self, vault: str, name: str) -> list[Secret]:
        """All versions of a secret, newest first; none where there is no such secret."""
        return [self._secret(row) for row in self._rows(vault, name, deleted=False)]

    def latest(self, vault: str) -> list[Secret]:
        """The newest version of each secret of a vault, by name."""
        rows = self._state.rows(
            "SELECT *, max(rowid) FROM vault_secrets WHERE vault = ? AND deleted IS NULL "
            "GROUP BY name ORDER BY name",
            vault,
        )
        return [self._secret(row) for row in rows]

    def delete(self, vault: str, name: str) -> None:
        """Delete a secret, if there is one, with all its versions; its name stays taken."""
        self._state.execute(
            "UPDATE vault_secrets SET deleted = ? WHERE vault = ? AND name = ?",
            int(self._clock.timestamp()),
            vault,
            name,
        )

    def purge_vault(self, vault: str) -> None:
        """Remove everything that a vault holds."""
        self._state.execute("DELETE FROM vault_secrets WHERE vault = ?", vault)

    def _rows(self, vault: str, name: str, *, deleted: bool) -> list[Row]:
        return self._state.rows(
            "SELECT * FROM vault_secrets WHERE vault = ? AND name = ? "
            "AND (deleted IS NOT NULL) = ? ORDER BY rowid DESC",
            vault,
            name,
            deleted,
        )

    def _secret(self, row: Row) -> Secret:
        return Secret(
            row["name"],
            row["version"],
            self._state.open(row["sealed"]),
            json.loads(row["about"]),
            row["created"],
        )


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        message = f"A secret's name has 1 to 127 letters, digits and hyphens; found {name!r}."
        raise InvalidSecretError(message)
    if not isinstance(value, str) or len(value.encode()) > LONGEST_VALUE:
        message = f"The value of the secret '{name}' is a text of at most {LONGEST_VALUE} bytes."
        raise InvalidSecretError(message)

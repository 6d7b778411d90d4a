"""Storage accounts, each mapped to one of a fixed pool of accounts that Azurite knows.

Azurite takes its accounts when it starts; the emulated ones come and go.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.store import Resources
from local_azure.control_plane.state import State
from local_azure.errors import LocalAzureError
from local_azure.services.storage.errors import AccountNotFoundError

POOL_SIZE = 100
_SERVICES = ("blob", "dfs", "queue")
SCHEMA = """
CREATE TABLE IF NOT EXISTS storage_accounts (name TEXT PRIMARY KEY, slot INTEGER UNIQUE NOT NULL);
"""


@dataclass(frozen=True)
class Account:
    """A storage account.

    Attributes:
        name: its name, all lower case.
        id: resource id.
        host: the host name of the service that was asked: of its blobs, its files or its queues.
        pool: name of Azurite's account that holds them.
        is_hierarchical: whether its blobs lie in directories (Data Lake Storage Gen2).
    """

    name: str
    id: str
    host: str
    pool: str
    is_hierarchical: bool = False

    def container_id(self, container: str) -> str:
        """Resource id of a container: the scope that calls on its blobs are checked for."""
        return f"{self.id}/blobServices/default/containers/{container}"

    def queue_id(self, queue: str) -> str:
        """Resource id of a queue: the scope that calls on its messages are checked for."""
        return f"{self.id}/queueServices/default/queues/{queue}"


class Pool:
    """Azurite's accounts and their keys, derived from a secret of the state folder."""

    def __init__(self, secret: str) -> None:
        self._keys = {
            name: hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()
            for name in map(pool_name, range(POOL_SIZE))
        }

    def signature(self, pool: str) -> str:
        """The query of a SAS of an account of Azurite that allows everything, for good."""
        return _signature(pool, self._keys[pool])

    def declaration(self) -> str:
        """All accounts and keys, as ``AZURITE_ACCOUNTS`` has them."""
        keys = self._keys.items()
        return ";".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in keys)


class Accounts:
    """Which storage accounts there are."""

    def __init__(self, state: State, resources: Resources) -> None:
        self._state = state
        self._resources = resources
        self._known: dict[str, Account] = {}
        self._version = -1
        state.define(SCHEMA)

    def add(self, name: str) -> str:
        """Give an account a place in the pool; it keeps the one it has.

        Raises:
            LocalAzureError: when the pool is used up.
        """
        taken = self._slots()
        if name in taken:
            return pool_name(taken[name])
        free = sorted(set(range(POOL_SIZE)) - set(taken.values()))
        if not free:
            message = f"The embedded Azure has {POOL_SIZE} storage accounts already; delete one."
            raise LocalAzureError(message)
        self._state.execute("INSERT INTO storage_accounts VALUES (?, ?)", name, free[0])
        self._version = -1
        return pool_name(free[0])

    def remove(self, name: str) -> None:
        """Give an account's place back."""
        self._state.execute("DELETE FROM storage_accounts WHERE name = ?", name)
        self._version = -1

    def pool(self, name: str) -> str | None:
        """Azurite's account for an account, or None where it has none."""
        row = self._state.row("SELECT slot FROM storage_accounts WHERE name = ?", name)
        return pool_name(row["slot"]) if row else None

    def any(self) -> bool:
        """Whether there is at least one."""
        return bool(self._slots())

    def find(self, host: str) -> Account | None:
        """The account whose blobs, files or queues are under a host name, or None."""
        version = self._resources.version(arm_types.STORAGE_ACCOUNT)
        if version != self._version:
            self._known = {account.host: account for account in self._all()}
            self._version = version
        return self._known.get(host)

    def at(self, host: str) -> Account:
        """The account of a host name.

        Raises:
            AccountNotFoundError: there is none.
        """
        if found := self.find(host):
            return found
        raise AccountNotFoundError(host)

    def _all(self) -> list[Account]:
        slots = self._slots()
        return [
            Account(
                resource.name,
                resource.id,
                _host(endpoint),
                pool_name(slots[resource.name]),
                resource.properties.get("isHnsEnabled") is True,
            )
            for resource in self._resources.select(arm_types.STORAGE_ACCOUNT)
            if resource.name in slots
            for service, endpoint in resource.properties["primaryEndpoints"].items()
            if service in _SERVICES
        ]

    def _slots(self) -> dict[str, int]:
        rows = self._state.rows("SELECT name, slot FROM storage_accounts")
        return {row["name"]: row["slot"] for row in rows}


@lru_cache(maxsize=POOL_SIZE)
def _signature(pool: str, key: bytes) -> str:
    """Made once: every request has it. Source: learn.microsoft.com, "Create an account SAS"."""
    parts = {"sp": "rwdlacup", "ss": "bq", "srt": "sco", "st": "", "se": "9999-12-31T23:59:59Z"}
    parts |= {"sip": "", "spr": "", "sv": "2021-12-02", "ses": ""}
    text = f"{pool}\n" + "".join(f"{each}\n" for each in parts.values())
    made = hmac.digest(key, text.encode(), hashlib.sha256)
    said = {name: value for name, value in parts.items() if value}
    return urlencode({**said, "sig": base64.b64encode(made).decode()})


def pool_name(slot: int) -> str:
    """Name of Azurite's account with this number."""
    return f"pool{slot:03}"


def _host(endpoint: str) -> str:
    return endpoint.removeprefix("https://").rstrip("/").lower()

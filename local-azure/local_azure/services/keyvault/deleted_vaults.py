"""Names of deleted vaults, which no vault has until their retention is over.

Recovering and purging are not emulated; a vault that is protected from purging has no other end.
"""

from datetime import timedelta

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.resource_manager.errors import ControlPlaneError
from local_azure.control_plane.resource_manager.resource_type import Put
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.state import State

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deleted_vaults (
    name TEXT PRIMARY KEY COLLATE NOCASE, until REAL NOT NULL);
"""
_DAYS = 90


class VaultIsDeletedError(ControlPlaneError):
    """The name of a deleted vault.

    In the words that azure-native passed on (alan-turing-institute/data-safe-haven#2523).
    """

    code = "ConflictError"
    status = 409
    said = (
        "A vault with the same name already exists in deleted state. You need to either"
        " recover or purge existing key vault. Follow this link"
        " https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete."
    )


class DeletedVaults:
    """The names, each for as long as its vault could be recovered."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        state.define(_SCHEMA)

    def add(self, vault: Resource) -> None:
        """Keep a deleted vault's name."""
        days = vault.body.get("properties", {}).get("softDeleteRetentionInDays", _DAYS)
        until = self._clock.now() + timedelta(days=days)
        sql = "INSERT OR REPLACE INTO deleted_vaults VALUES (?, ?)"
        self._state.execute(sql, vault.name, until.timestamp())

    def refuse(self, put: Put) -> None:
        """Refuse a new vault under such a name.

        Raises:
            VaultIsDeletedError: it is one.
        """
        if put.before is not None:
            return
        sql = "SELECT until FROM deleted_vaults WHERE name = ?"
        found = self._state.row(sql, put.name)
        if found and found["until"] > self._clock.timestamp():
            raise VaultIsDeletedError

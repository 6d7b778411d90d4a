"""Key Vault: the service of every vault's host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.clouds import VAULT_SUFFIXES
from local_azure.keyvault.model import Secret, Secrets
from local_azure.keyvault.routes import Vaults

if TYPE_CHECKING:
    from local_azure.azure import Azure


class KeyVault:
    """The service.

    Args:
        azure: what it is a part of.
    """

    def __init__(self, azure: Azure) -> None:
        self._secrets = Secrets(azure.state, azure.clock)
        patterns = [f"{{vault}}.{suffix}" for suffix in VAULT_SUFFIXES]
        azure.hosts.register(patterns, Vaults(azure, self._secrets).router())

    async def start(self) -> None:
        """Nothing waits to be taken up."""

    async def stop(self) -> None:
        """Nothing is held."""

    def put(self, vault: str, name: str, value: str) -> str:
        """Make a secret, or a new version of it, and tell the version.

        Raises:
            VaultError: a name or value that no secret can have, or a deleted secret's name.
        """
        return self._secrets.put(vault, name, value).version

    def get(self, vault: str, name: str) -> Secret | None:
        """The newest version of a secret, or None."""
        versions = self._secrets.versions(vault, name)
        return versions[0] if versions else None

    def remove(self, vault: str, name: str) -> None:
        """Remove a secret for good, so that its name is free at once."""
        if self.get(vault, name):
            self._secrets.delete(vault, name)
            self._secrets.purge(vault, name)

    def remove_vault(self, vault: str) -> None:
        """Remove all secrets of a vault that is deleted."""
        self._secrets.purge_vault(vault)

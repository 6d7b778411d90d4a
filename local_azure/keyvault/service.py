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

    def put(self, vault: str, name: str, value: str, version: str = "") -> str:
        """Make a secret, or a new version of it, and tell the version.

        Args:
            vault: the vault's name.
            name: the secret's name.
            value: the secret itself.
            version: the new version's name, else one is made; one that exists already stays.

        Raises:
            VaultError: a name or value that no secret can have, or a deleted secret's name.
        """
        known = {secret.version for secret in self._secrets.versions(vault, name)}
        if version in known:
            return version
        return self._secrets.put(vault, name, value, version=version).version

    def get(self, vault: str, name: str) -> Secret | None:
        """The newest version of a secret, or None."""
        versions = self._secrets.versions(vault, name)
        return versions[0] if versions else None

    def delete(self, vault: str, name: str) -> None:
        """Delete a secret, if there is one; it can be recovered, and its name is not free."""
        if self.get(vault, name):
            self._secrets.delete(vault, name)

    def remove_vault(self, vault: str) -> None:
        """Remove all secrets of a vault that is deleted."""
        self._secrets.purge_vault(vault)

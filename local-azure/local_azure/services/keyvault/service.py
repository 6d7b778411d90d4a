"""Key Vault: the service of every vault's host."""

from collections.abc import Iterable
from dataclasses import replace

from local_azure.control_plane.clouds import VAULT_SUFFIXES
from local_azure.control_plane.hosts import Host
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.errors import ConflictError
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.service import Service
from local_azure.services.keyvault.deleted_vaults import DeletedVaults
from local_azure.services.keyvault.errors import VaultError
from local_azure.services.keyvault.model import Secret, Secrets
from local_azure.services.keyvault.resources import SECRET, VAULT, check_vault
from local_azure.services.keyvault.routes import Vaults


class KeyVault(Service):
    """The service.

    Args:
        control: the control plane.
    """

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._secrets = Secrets(control.state, control.clock)
        self._deleted = DeletedVaults(control.state, control.clock)

    def hosts(self) -> Iterable[Host]:
        """The vaults' own."""
        patterns = [f"{{vault}}.{suffix}" for suffix in VAULT_SUFFIXES]
        yield Host(patterns, Vaults(self._control, self._secrets).router())

    def types(self) -> Iterable[ResourceType]:
        """A deleted vault's secrets are gone with it; its name is not free."""
        yield replace(VAULT, check=self._check, forget=self._forget)
        yield replace(SECRET, commit=self._store, forget=self._drop)

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

    def _check(self, put: Put) -> None:
        check_vault(put)
        self._deleted.refuse(put)

    def _forget(self, _: ControlPlane, vault: Resource) -> None:
        self._secrets.purge_vault(vault.name)
        self._deleted.add(vault)

    def _store(self, put: Put, answer: Json) -> None:
        version = answer["properties"]["secretUriWithVersion"].rpartition("/")[2]
        try:
            self.put(put.path["vaultName"], put.name, put.body["properties"]["value"], version)
        except VaultError as refusal:
            raise ConflictError(f"{put}: {refusal}") from None

    def _drop(self, _: ControlPlane, secret: Resource) -> None:
        """Its name is not free."""
        self._secrets.delete(secret.id.split("/")[8], secret.name)

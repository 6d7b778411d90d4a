"""Code and models: downloaded once for each version, as the compute's identity, and kept.

A kept asset is handed out only while that identity may still read where it came from: a new node
would have to download it again.
"""

import asyncio
import hashlib
import shutil
from pathlib import Path

from local_azure.control_plane import arm_types
from local_azure.control_plane.authorization.errors import AuthorizationFailedError
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.blobs import Blobs
from local_azure.services.machinelearning.endpoints import settings
from local_azure.services.machinelearning.errors import InvalidRequestError, JobFailedError
from local_azure.services.machinelearning.uris import Location, resolve

_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"


class Assets:
    """The versions that were downloaded, each in a folder of its own."""

    def __init__(self, control: ControlPlane, folder: Path) -> None:
        self._control = control
        self._folder = folder
        self._locks: dict[Path, asyncio.Lock] = {}

    async def code(self, version: Resource, workspace: Resource, compute: Blobs) -> Path:
        """The folder with a code asset's files."""
        return await self._kept(version, "codeUri", workspace, compute) / "content"

    async def model(self, version: Resource, workspace: Resource, compute: Blobs) -> Path:
        """What ``AZUREML_MODEL_DIR`` is: a folder with the model's file, or folder, in it."""
        return await self._kept(version, "modelUri", workspace, compute)

    async def _kept(self, version: Resource, key: str, workspace: Resource, compute: Blobs) -> Path:
        source = self._source(version, key, workspace)
        mark = f"{version.id.lower()} {version.changed} {source.url}"
        folder = self._folder / hashlib.sha256(mark.encode()).hexdigest()[:32]
        async with self._locks.setdefault(folder, asyncio.Lock()):
            if folder.exists():
                self._check(source, compute)
            else:
                name = "content" if key == "codeUri" else source.path.rstrip("/").rpartition("/")[2]
                await _download(source, name, folder, compute)
        return folder

    def _source(self, version: Resource, key: str, workspace: Resource) -> Location:
        uri = settings(version).get(key) or ""
        try:
            return resolve(uri, workspace, self._control.resources)
        except InvalidRequestError as error:
            message = f"The asset '{version.id}' can't be found: {error}"
            raise JobFailedError(message) from None

    def _check(self, source: Location, compute: Blobs) -> None:
        account = self._control.resources.named(arm_types.STORAGE_ACCOUNT, source.account)
        if account is None:
            message = f"The storage account '{source.account}' does not exist."
            raise JobFailedError(message)
        scope = f"{account.id}/blobServices/default/containers/{source.container}"
        try:
            self._control.authorization.authorize(compute.principal, _READ, scope, data=True)
        except AuthorizationFailedError as error:
            raise JobFailedError(str(error)) from None


async def _download(source: Location, name: str, folder: Path, compute: Blobs) -> None:
    """Download a file or a folder; the result appears whole or not at all."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    names, _ = await compute.names(source, delimiter="")
    for each in names:
        blob = type(source)(source.host, source.container, each)
        path = fresh / name / each.removeprefix(f"{source.path.rstrip('/')}/")
        if not path.resolve().is_relative_to(fresh.resolve()):
            message = f"The blob '{each}' would be written outside of its asset's folder."
            raise JobFailedError(message)
        path.parent.mkdir(parents=True, exist_ok=True)
        await compute.download(blob, path)
    if not names:
        await compute.download(source, fresh / name)
    fresh.rename(folder)

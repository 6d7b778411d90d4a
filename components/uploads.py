"""Uploads of code and models with the deployer's own identity.

azure-native's blob resource signs with account keys, which are off here (pitfalls:
pulumi-azure-native#2015). So a folder is uploaded in a hook, before the asset that points at it is
registered, to a path that carries the hash of its content: the same content is the same asset, and
what is registered never changes. Nothing is ever deleted here.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

import pulumi
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

WAITS = (2, 4, 8, 15, 30, 30, 30)
"""Seconds before each new attempt while a fresh grant is not yet known to the storage account."""

HASH_LENGTH = 16
"""Hexadecimal digits of a hash that stand in names: 64 bits."""


def files_of(folder: Path) -> list[Path]:
    """The folder's files in a fixed order, without what Python leaves behind.

    Raises:
        ValueError: the folder is missing or empty, or holds a symbolic link.
    """
    found = sorted(path for path in folder.rglob("*") if not _is_junk(path.relative_to(folder)))
    links = [path for path in found if path.is_symlink()]
    if links:
        message = f"{links[0]} is a symbolic link; uploads take files only"
        raise ValueError(message)
    files = [path for path in found if path.is_file()]
    if not files:
        message = f"{folder} is no folder with files in it"
        raise ValueError(message)
    return files


def content_hash(folder: Path) -> str:
    """A name for what is in the folder: file names and bytes, not times, owners or modes."""
    total = hashlib.sha256()
    for path in files_of(folder):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        total.update(f"{digest} {path.relative_to(folder).as_posix()}\n".encode())
    return total.hexdigest()[:HASH_LENGTH]


def upload_before_create(
    folder: Path, url: pulumi.Output[str], login_host: str
) -> pulumi.ResourceHookBinding:
    """Uploads the folder to the URL before the resource that this is bound to is created.

    Args:
        folder: what is uploaded.
        url: where to: `https://<account>.blob.<suffix>/<container>/<path>`.
        login_host: host that issues tokens in this cloud.
    """

    async def upload(_: pulumi.ResourceHookArgs) -> None:
        target = await url.future()
        if target is None:
            raise ValueError("The place to upload to is not known")
        await asyncio.to_thread(upload_folder, folder, target, login_host)

    hook: Callable[[pulumi.ResourceHookArgs], Awaitable[None]] = upload
    return pulumi.ResourceHookBinding(before_create=[hook])


def upload_folder(folder: Path, url: str, login_host: str) -> None:
    """Uploads each file; what lies there already under the same name is written again.

    Raises:
        PermissionError: the deployer has no right to write there, after all attempts.
        azure.core.exceptions.AzureError: any other refusal.
    """
    account, container, path = url.removeprefix("https://").split("/", 2)
    with (
        DefaultAzureCredential(authority=login_host) as credential,
        ContainerClient(f"https://{account}", container, credential=credential) as client,
    ):
        for file in files_of(folder):
            blob = f"{path}/{file.relative_to(folder).as_posix()}"
            upload_file(client, file, blob, time.sleep)


def upload_file(
    client: ContainerClient, file: Path, blob: str, wait: Callable[[float], None]
) -> None:
    """Uploads one file, again and again while a fresh grant is not known to the account yet.

    Raises:
        PermissionError: there is still no right to write when all attempts are used up.
        azure.core.exceptions.AzureError: any other refusal.
    """
    for pause in (*WAITS, None):
        try:
            with file.open("rb") as content:
                client.upload_blob(blob, content, overwrite=True)
        except HttpResponseError as refusal:
            if refusal.status_code != HTTPStatus.FORBIDDEN:
                raise
            if pause is None:
                message = (
                    f"You may not write to {client.url} ({refusal.reason}). Add yourself to "
                    "`publishers` in the stack file, or have somebody who is one run `up`."
                )
                raise PermissionError(message) from refusal
            wait(pause)
        else:
            return


def _is_junk(path: Path) -> bool:
    return "__pycache__" in path.parts or path.suffix == ".pyc" or path.name == ".DS_Store"

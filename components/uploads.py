"""Uploads with the deployer's own identity, never with account keys.

azure-native's blob resource signs with account keys, which are off here (pitfalls:
pulumi-azure-native#2015). A folder goes to a path that carries the hash of its content, so what is
registered never changes. Nothing is ever deleted here.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import ContainerClient

from components.content import files_of

WAITS = (2, 4, 8, 15, 30, 30, 30)
"""Seconds before each new attempt while a fresh grant is not yet known to the storage account."""


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

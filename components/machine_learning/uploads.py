"""Uploads with the deployer's own identity, never with account keys.

azure-native's blob resource signs with account keys, which are off here (pitfalls:
pulumi-azure-native#2015). A folder goes to a path that carries the hash of its content, so what is
registered never changes. Nothing is ever deleted here.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from pathlib import Path

from azure.core.exceptions import HttpResponseError
from azure.storage.blob import ContainerClient

from components.azure.content import files_of
from components.azure.deployer import deployer
from components.identity.propagation import TOLD_BEFORE, pause

NOT_YET: dict[int, str] = {
    HTTPStatus.FORBIDDEN: "Add yourself to `publishers` in the stack file, or have somebody who "
    "is one run `up`.",
    HTTPStatus.NOT_FOUND: "Azure ML makes this container with its workspace; if it is missing, "
    "make it.",
}
"""What may pass, by the status of the refusal, and what to do where it does not: a fresh grant
that the account does not know, a container that the new workspace has not made yet."""
_OUTSIDE = (
    "The account lets nobody in from this address: add it to `network.allowed_addresses`, or run "
    "`up` inside of the network, as a machine of Azure in the account's own region has to. Where "
    "that was done a minute ago, another `up` goes on from here."
)
"""Of a firewall's refusal, `AuthorizationFailure`; a missing role is told by other codes. A new
rule takes seconds (MicrosoftDocs/azure-docs#45840, Azure/azure-cli#18415), and holds for nobody in
the region (D:storage/common/storage-network-security-limitations)."""


def upload_folder(folder: Path, url: str, login_host: str) -> None:
    """Uploads each file; what lies there already under the same name is written again.

    Raises:
        PermissionError: grant or container is missing still after all attempts, or a firewall
            lets nobody in from here.
        azure.core.exceptions.AzureError: any other refusal.
    """
    account, container, path = url.removeprefix("https://").split("/", 2)
    with (
        deployer(login_host) as credential,
        ContainerClient(f"https://{account}", container, credential=credential) as client,
    ):
        for file in files_of(folder):
            blob = f"{path}/{file.relative_to(folder).as_posix()}"
            upload_file(client, file, blob, time.sleep)


def upload_file(
    client: ContainerClient, file: Path, blob: str, wait: Callable[[float], None]
) -> None:
    """Uploads one file, again and again while grant or container may not be there yet.

    Raises:
        PermissionError: as ``upload_folder``; of a firewall after half a minute.
        azure.core.exceptions.AzureError: any other refusal.
    """
    for refused in count(1):
        try:
            with file.open("rb") as content:
                client.upload_blob(blob, content, overwrite=True)
        except HttpResponseError as refusal:
            remedy = _remedy(refusal)
            if remedy is None:
                raise
            closed = remedy == _OUTSIDE and refused == TOLD_BEFORE
            what = f"The upload to {client.url} ({refusal.reason})"
            seconds = None if closed else pause(refused, what, remedy)
            if seconds is None:
                message = f"You may not write to {client.url} ({refusal.reason}). {remedy}"
                raise PermissionError(message) from refusal
            wait(seconds)
        else:
            return


def _remedy(refusal: HttpResponseError) -> str | None:
    if getattr(refusal, "error_code", None) == "AuthorizationFailure":
        return _OUTSIDE
    return NOT_YET.get(refusal.status_code or 0)

"""A filesystem by its real clients, and by requests that are made by hand."""

from typing import Any

import requests
from azure.storage.filedatalake import FileSystemClient

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world


class Lake:
    """The filesystem ``input``.

    Attributes:
        files: its real client.
        blobs: the blob endpoint's.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self.files = world.lake().get_file_system_client("input")
        self.blobs = world.blobs().get_container_client("input")

    def ask(
        self, method: str, path: str, service: str = "dfs", body: Any = None, **headers: str
    ) -> requests.Response:
        """What the writer is answered by hand, as clients of other languages ask."""
        return world.ask(self._running, method, path, body, service=service, **headers)

    def read(self, name: str) -> bytes:
        """What a file has."""
        content: bytes = self.files.get_file_client(name).download_file().readall()
        return content


def names(files: FileSystemClient, below: str, *, recursive: bool = True) -> list[str]:
    """What lies in a directory."""
    return [each.name for each in files.get_paths(below, recursive=recursive)]

"""The one folder that holds everything the embedded Azure keeps, and the names of its parts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from local_azure import project
from local_azure.errors import LocalAzureError

ENVIRONMENT_VARIABLE = "LOCAL_AZURE_HOME"
IN_PROJECT, ELSEWHERE = ".local/azure", ".local/state/local-azure"


@dataclass(frozen=True)
class Home:
    """Paths below the state folder, which only its owner may read."""

    folder: Path

    @classmethod
    def locate(cls) -> Home:
        """The folder that ``LOCAL_AZURE_HOME`` names, else ``.local/azure`` of the Pulumi project.

        Outside of a project it is ``.local/state/local-azure`` of the user.
        """
        if named := os.environ.get(ENVIRONMENT_VARIABLE):
            return cls(Path(named).resolve())
        folder = project.find()
        return cls(folder / IN_PROJECT if folder else Path.home() / ELSEWHERE)

    def create(self) -> None:
        """Make the folder, readable by its owner alone. A second call changes nothing.

        Raises:
            LocalAzureError: it can't be made or written to, or others can look into it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            self._refuse(error.strerror)
        if not os.access(self.folder, os.W_OK | os.X_OK):
            self._refuse("no permission to write")
        found = self.folder.stat()
        if found.st_uid != os.geteuid():
            self._refuse("it belongs to another user")
        if stat.S_IMODE(found.st_mode) & 0o077:
            self._refuse("other users can look into it, until you `chmod 700` it")

    def _refuse(self, reason: str | None) -> NoReturn:
        message = (
            f"The state folder {self.folder} can't be used ({reason}). "
            f"Name another in {ENVIRONMENT_VARIABLE}."
        )
        raise LocalAzureError(message)

    @property
    def database(self) -> Path:
        """State of all services (SQLite)."""
        return self.folder / "state.db"

    @property
    def authority(self) -> Path:
        """The certificate authority's key and certificate (PEM)."""
        return self.folder / "authority.pem"

    @property
    def authority_certificate(self) -> Path:
        """The authority's certificate alone (PEM), for clients to trust."""
        return self.folder / "authority-certificate.pem"

    @property
    def server(self) -> Path:
        """What a running server tells other processes: its process id and ports."""
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        """What the background process prints."""
        return self.folder / "server.log"

    @property
    def blobs(self) -> Path:
        """The folder of Azurite's blob service."""
        return self.folder / "azurite"

    @property
    def queues(self) -> Path:
        """The folder of Azurite's queue service, made at the first queue."""
        return self.folder / "azurite-queues"

    @property
    def jobs(self) -> Path:
        """A folder for each batch job, with its input, output and log."""
        return self.folder / "jobs"

    def secret(self, name: str) -> str:
        """A random secret (32 bytes in URL-safe base64), made at its first use and then kept.

        Raises:
            LocalAzureError: the file was emptied, where a key that anybody knows is none; or it
                was removed, and what was made with it can't be read with another one.
        """
        path = self.folder / f"{name}.secret"
        if not path.exists():
            if self._has_used(name):
                raise self.damaged(f"{path.name} is missing")
            write_private(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
        kept = path.read_text()
        if not kept:
            raise self.damaged(f"{path.name} is empty")
        return kept

    def derived(self, name: str) -> bytes:
        """A secret that follows from the state's own: folders of before have no file of it."""
        return hmac.digest(self.secret("sealing").encode(), name.encode(), hashlib.sha256)

    def damaged(self, reason: object) -> LocalAzureError:
        """What is told where something in the folder can't be read."""
        return LocalAzureError(
            f"The state in {self.folder} can't be read ({reason}). Nothing in it was changed: put "
            "a copy of it back, or move it away and start with an empty Azure."
        )

    def _has_used(self, name: str) -> bool:
        if name == "passphrase":
            return any((self.folder / "stacks").glob("*.made"))
        return self.server.exists()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; readers see the old text or the whole new one."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)


def identity_header(key: str, object_id: str) -> str:
    """What ``X-IDENTITY-HEADER`` must be for a token of this managed identity.

    Args:
        key: opens the console.
        object_id: the identity's principal.
    """
    return hmac.new(key.encode(), object_id.encode(), hashlib.sha256).hexdigest()

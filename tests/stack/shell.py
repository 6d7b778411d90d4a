"""A stack, and what a user does with it: Pulumi's commands, and blobs as the shell's somebody."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from unittest import mock

import yaml
from azure.identity import EnvironmentCredential
from azure.storage.blob import BlobClient, ContainerClient

from components.settings.namespaces import NAMESPACE
from local_azure.commands import stacks
from local_azure.home import Home
from tests import PROJECT
from tests.stack import warm

Entry = dict[str, Any]

CONFIRMED = ("--yes", "--skip-preview")
NO_CHANGES = (*CONFIRMED, "--expect-no-changes")
SAMPLES = PROJECT / "samples" / "digits" / "inputs"
SEVEN = SAMPLES / "digit-7.pgm"


class Stack:
    """A stack on an embedded Azure.

    Args:
        home: the state folder of a running server.
        told: its ports.
        name: whose stack file it is.

    Attributes:
        variables: what its shell has.
    """

    def __init__(self, home: Home, told: Mapping[str, Any], name: str = "dev") -> None:
        self.name = name
        self.variables = stacks.prepare(home, told, name)

    def shell(self) -> AbstractContextManager[Any]:
        """Real SDK clients that are made inside find the embedded Azure."""
        return mock.patch.dict(os.environ, self.variables)

    def pulumi(
        self, operation: str, *arguments: str, cold: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """What one pulumi command did, its output included.

        Args:
            operation: its name.
            arguments: and what follows it.
            cold: whether the program is started by Pulumi's own language host.
        """
        command = ["pulumi", operation, "--stack", self.name, "--non-interactive", *arguments]
        with warm.client("" if cold else operation, self.variables) as client:
            return subprocess.run(
                [*command, *client],
                cwd=PROJECT,
                env={**os.environ, **self.variables},
                capture_output=True,
                text=True,
                check=False,
            )

    @property
    def file(self) -> Path:
        """The copy of the stack's file that its shell has."""
        return Path(self.variables["PULUMI_OPTION_CONFIG_FILE"])

    def configure(self, settings: Mapping[str, Any], namespace: str = NAMESPACE) -> None:
        """Write values into the stack's file."""
        said = yaml.safe_load(self.file.read_text())
        said["config"] |= {f"{namespace}:{key}": value for key, value in settings.items()}
        self.file.write_text(yaml.safe_dump(said))

    def say(self, other: Path) -> None:
        """Have the stack's file say what another one says, signed in as before."""
        said = yaml.safe_load(self.file.read_text())["config"]
        kept = {key: said[key] for key in said if not key.startswith(NAMESPACE)}
        config = {**kept, **yaml.safe_load(other.read_text())["config"]}
        self.file.write_text(yaml.safe_dump({"config": config}))

    def succeeds(self, operation: str, *arguments: str, cold: bool = False) -> str:
        """What a command prints that ends well."""
        done = self.pulumi(operation, *arguments, cold=cold)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, operation: str, *arguments: str) -> str:
        """What a command says that does not get through."""
        done = self.pulumi(operation, *arguments)
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def up(self, *arguments: str, cold: bool = False) -> str:
        """Bring the stack up; what Pulumi printed."""
        vars(self).pop("outputs", None)
        return self.succeeds("up", *CONFIRMED, *arguments, cold=cold)

    def changes_nothing(self, *operations: str) -> None:
        """Run these one after the other: each finds the stack as it is wanted.

        A refresh tells what the program ignores too; the preview after it does not.
        """
        for operation in operations:
            if operation == "refresh":
                self.succeeds("preview", "--refresh", "--expect-no-changes")
                self.succeeds("refresh", *CONFIRMED)
            else:
                self.succeeds(operation, *NO_CHANGES)

    @cached_property
    def outputs(self) -> Entry:
        """Those of its last `up`, read when a test asks: that takes the CLI a fifth of a second."""
        return cast("Entry", json.loads(self.succeeds("stack", "output", "--json")))

    def state(self) -> list[Entry]:
        """The resources in its state."""
        exported = json.loads(self.succeeds("stack", "export"))
        return exported["deployment"].get("resources") or []

    @contextmanager
    def container(
        self, account: str = "storage_account_name", name: str = "input_container"
    ) -> Iterator[ContainerClient]:
        """A container, by output or name, for the real client with the shell's credential."""
        url = f"https://{self.outputs[account]}.blob.core.windows.net/"
        with self.container_at(url + self.outputs.get(name, name)) as container:
            yield container

    @contextmanager
    def container_at(self, url: str) -> Iterator[ContainerClient]:
        """The same, by its URL."""
        with (
            self.shell(),
            EnvironmentCredential() as credential,
            ContainerClient.from_container_url(url, credential) as container,
        ):
            yield container

    @contextmanager
    def blob(self, url: str) -> Iterator[BlobClient]:
        """A blob, by its URL."""
        with (
            self.shell(),
            EnvironmentCredential() as credential,
            BlobClient.from_blob_url(url, credential) as blob,
        ):
            yield blob

    def upload(self, url: str, content: bytes) -> None:
        """Write a blob."""
        with self.blob(url) as blob:
            blob.upload_blob(content, overwrite=True)

    def read(self, url: str) -> str:
        """A blob's text."""
        with self.blob(url) as blob:
            return blob.download_blob().readall().decode()


def sample(digit: int) -> bytes:
    """A sample input file."""
    return (SAMPLES / f"digit-{digit}.pgm").read_bytes()


def digits_in(predictions: str) -> list[tuple[str, int]]:
    """File and digit of each row of predictions."""
    rows = [json.loads(line) for line in predictions.splitlines()]
    return sorted((row["file"], row["digit"]) for row in rows)

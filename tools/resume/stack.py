"""A stack's state by the Pulumi CLI, of whatever backend the shell is logged in to.

The state goes through pipes alone, with its secrets encrypted: it is never written to a file here.
"""

import json
import os
import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import yaml

from batch_client.errors import ClientError

PROJECT = Path(__file__).resolve().parent.parent.parent
_LOCKED = "currently locked"
_HOLDER = re.compile(r"created by \S*@(\S+) \(pid (\d+)\)")
_BROKEN = "failed to load checkpoint"
_EMPTY = f"{_BROKEN}: EOF"
"""Said where the state is whole, and the file of checksums beside it is not."""


class Stack:
    """One stack of this project.

    Args:
        name: as `--stack` takes it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def export(self) -> dict[str, Any]:
        """The state: its version and the deployment.

        Raises:
            ClientError: there is none, or it can't be read.
        """
        told = self._run("stack", "export")
        return dict(json.loads(told))

    def replace(self, state: dict[str, Any]) -> None:
        """Write a changed state; Pulumi checks that it holds together, and takes the lock.

        Raises:
            ClientError: it does not, or somebody may still be working on the stack.
        """
        self._run("stack", "import", told=json.dumps(state))

    def refresh(self) -> None:
        """Have the state say what there is.

        Raises:
            ClientError: something could not be read.
        """
        self._run("refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def _run(self, *asked: str, told: str | None = None) -> str:
        command = (*asked, "--stack", self.name)
        done = self._pulumi(*command, told=told)
        if done.returncode and _LOCKED in done.stderr + done.stdout:
            self._unlock(done.stderr + done.stdout)
            done = self._pulumi(*command, told=told)
        if done.returncode and _EMPTY in done.stderr and self._mended():
            done = self._pulumi(*command, told=told)
        if done.returncode:
            said = done.stderr.strip() or done.stdout.strip()
            if _BROKEN in said:
                raise ClientError(self._how_to_mend(said))
            message = f"`pulumi {' '.join(command)}` failed: {said}"
            raise ClientError(message)
        return done.stdout

    def _pulumi(self, *command: str, told: str | None = None) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(
            [str(PROJECT / ".tools" / "bin"), os.environ.get("PATH", os.defpath)]
        )
        try:
            return subprocess.run(
                ["pulumi", *command, "--non-interactive", "--color=never"],  # noqa: S607 the set-up's CLI
                cwd=PROJECT,
                env={**os.environ, "PATH": path},
                input=told,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            message = "The Pulumi CLI is missing: `make setup` gets it."
            raise ClientError(message) from None

    def _unlock(self, said: str) -> None:
        """Remove the lock of a process of this machine that is gone, and no other."""
        holders = _HOLDER.findall(said)
        if holders and all(
            host == socket.gethostname() and not _lives(int(pid)) for host, pid in holders
        ):
            self._run("cancel", "--yes")
            return
        message = (
            f"{said.strip()}\nWhoever holds it may still be working. Where nobody is: "
            f"`pulumi cancel --stack {self.name}`, then this command again."
        )
        raise ClientError(message)

    def _mended(self) -> bool:
        """Remove checksums that a kill left empty: they are not replaced at once, as the state is.

        A folder as backend has them, and does without (gocloud.dev/blob/fileblob).
        """
        told = self._pulumi("whoami", "--verbose", "--json").stdout
        scheme, _, folder = str(json.loads(told or "{}").get("url", "")).partition("://")
        checksums = Path(folder).expanduser() / ".pulumi" / "stacks" / f"{self._file}.attrs"
        if scheme != "file" or not checksums.exists() or checksums.stat().st_size:
            return False
        checksums.unlink()
        return True

    @property
    def _file(self) -> str:
        """The state's file in a backend that is a folder or a container, below ``stacks``."""
        project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())["name"]
        return f"{project}/{self.name.rpartition('/')[2]}.json"

    def _how_to_mend(self, said: str) -> str:
        return (
            f"The state of {self.name!r} is cut off ({said.rpartition(': ')[2]}): its file was not "
            "written to its end. Pulumi keeps the one before it beside it: in the backend copy "
            f".pulumi/stacks/{self._file}.bak over {self._file.rpartition('/')[2]}, then this "
            "command again."
        )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

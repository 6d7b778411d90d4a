"""azure-cli in a process of its own, signed in as the shell of a stack."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tools import azure_clients

_QUIET = {
    "AZURE_CORE_COLLECT_TELEMETRY": "false",
    "AZURE_CORE_LOGIN_EXPERIENCE_V2": "off",
    "AZURE_CORE_NO_COLOR": "true",
    "AZURE_CORE_ONLY_SHOW_ERRORS": "true",
    "AZURE_CORE_SURVEY_MESSAGE": "false",
    # the index of extensions is no part of the Python package index
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
}
_SIGN_IN = (
    "az login --service-principal --username $AZURE_CLIENT_ID --password $AZURE_CLIENT_SECRET "
    "--tenant $AZURE_TENANT_ID"
)
_SECONDS = 120


class Answer(NamedTuple):
    """What a command ended with."""

    code: int
    out: str
    error: str

    @property
    def said(self) -> str:
        """Its error, or that it was answered, in one line."""
        return self.error.strip().splitlines()[0] if self.code else "answered"

    @property
    def json(self) -> Any:
        """What it printed; None for nothing."""
        assert self.code == 0, self.error
        return json.loads(self.out) if self.out.strip() else None


class Cli:
    """`az` with a configuration folder of its own.

    Args:
        folder: for its configuration and files; made if there is none.
        variables: what the shell of the stack has.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.variables = {
            **os.environ,
            "KEY": "the-functions-key",  # which a documented line takes from its reader's shell
            **variables,
            **_QUIET,
            "AZURE_CONFIG_DIR": str(folder / "configuration"),
            "PATH": os.pathsep.join([str(azure_clients.az().parent), variables["PATH"]]),
        }

    def sign_in(self, more: str = "") -> Answer:
        """Sign in with the credential of the shell."""
        return self.run(f"{_SIGN_IN} {more}")

    def run(self, command: str) -> Answer:
        """What a shell says to a command, in the folder."""
        done = subprocess.run(
            ["bash", "-c", command],  # noqa: S607 whichever there is
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

"""An embedded Azure of the benchmarks' own, with the development stack on it.

Its state lies in a temporary folder: nothing that a user has running or deployed is touched.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from local_azure.azure import Azure
from local_azure.commands import process, stacks
from local_azure.control_plane.clock import Clock
from local_azure.home import Home

PROJECT = Path(__file__).resolve().parent.parent
STACK = "dev"


class Workspace:
    """The state folder and what runs on it.

    Attributes:
        home: the embedded Azure's state folder.
        told: what its running server tells.
        variables: the environment of ``pulumi`` for the stack.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "azure")
        self.start()

    def start(self) -> None:
        """Start the server, and make the stack if it is not there yet."""
        self.told: dict[str, Any] = process.start(self.home)
        self.variables = stacks.prepare(self.home, self.told, STACK)

    @contextmanager
    def opened(self) -> Iterator[Azure]:
        """Its services without a server, which starts again afterwards."""
        process.stop(self.home)
        azure = Azure(self.home, Clock())
        try:
            yield azure
        finally:
            azure.state.close()
            self.start()

    def pulumi(self, *arguments: str, folder: Path = PROJECT, stack_file: bool = True) -> str:
        """Run the CLI and return what it prints.

        Raises:
            RuntimeError: it failed; with what it printed.
        """
        env = {**os.environ, **self.variables}
        # With it the program's own modules, and no other's, would be compiled each time.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        if not stack_file:
            del env["PULUMI_OPTION_CONFIG_FILE"]
        done = subprocess.run(
            [shutil.which("pulumi", path=env["PATH"]) or "pulumi", *arguments],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"pulumi {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)
        return done.stdout

    def project(self, name: str, program: str, settings: Mapping[str, Any]) -> Path:
        """A folder with another Pulumi program, run by this project's own interpreter."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "__main__.py").write_text(program)
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump(dict(settings)))
        return folder


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A workspace that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = Workspace(Path(folder))
        try:
            yield made
        finally:
            process.stop(made.home)

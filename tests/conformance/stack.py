"""The dev stack in a group that exists, by plain `pulumi`, its state in a folder of its own."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

import yaml

from components.settings.namespaces import NAMESPACE
from tests import PROJECT

_PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"


class DevStack:
    """A stack of a name of its own, with the settings of the dev stack.

    Args:
        folder: keeps state, settings and passphrase, from one run to the next.
        name: of the stack.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self._settings = folder / f"Pulumi.{name}.yaml"
        self._passphrase = folder / "passphrase"

    def up(self, group: str, location: str, deployer: dict[str, str]) -> str:
        """Bring it up; the end of what pulumi said where that failed, empty where not."""
        self._passphrase.touch(mode=0o600)
        self._passphrase.write_text(secrets.token_hex())
        (self._folder / "state").mkdir()
        # Where it is made its file gets its salt; selecting it would be the shell's next stack.
        shutil.copy(PROJECT / "Pulumi.yaml", self._folder)
        if trouble := self._pulumi("stack", "init", "--no-select", folder=self._folder):
            return trouble
        settings = yaml.safe_load((PROJECT / "Pulumi.dev.yaml").read_text())
        settings["config"] |= {
            f"{NAMESPACE}:location": location,
            f"{NAMESPACE}:resource_group": {"existing": group},
            f"{NAMESPACE}:publishers": [deployer],
        }
        salted = yaml.safe_load(self._settings.read_text())
        self._settings.write_text(yaml.safe_dump({**settings, **salted}))
        return self._pulumi("up", "--yes", "--skip-preview", *self._configured)

    def destroy(self) -> str:
        """Remove it, if there is one; the end of what pulumi said where that failed."""
        if not (self._folder / "state").exists():
            return ""
        self._pulumi("cancel", "--yes")  # the lock of a run that was killed
        return self._pulumi("destroy", "--yes", "--skip-preview", *self._configured)

    def _pulumi(self, *arguments: str, folder: Path = PROJECT) -> str:
        done = subprocess.run(
            ["pulumi", *arguments, "--stack", self.name, "--non-interactive"],  # noqa: S607 the set-up's CLI
            cwd=folder,
            env=self._variables(),
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{done.stdout}{done.stderr}"[-4000:] if done.returncode else ""

    @property
    def _configured(self) -> tuple[str, str]:
        return "--config-file", str(self._settings)

    def _variables(self) -> dict[str, str]:
        # A passphrase of the shell would be heeded before the file's.
        shell = {name: each for name, each in os.environ.items() if name != _PASSPHRASE}
        return {
            **shell,
            "PULUMI_BACKEND_URL": (self._folder / "state").as_uri(),
            f"{_PASSPHRASE}_FILE": str(self._passphrase),
        }

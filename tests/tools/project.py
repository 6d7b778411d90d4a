"""A throw-away Pulumi project, run by the real CLI with this repository's language host."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / ".tools" / "bin" / "pulumi"
LANGUAGE_HOST = ROOT / "tools" / "language_host"
MINUTE = 60.0


@dataclass(frozen=True)
class Ended:
    code: int
    output: str


@dataclass(frozen=True)
class Project:
    """A project `try` with a stack `dev`, whose state lies in the folder too."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def write(self, program: str, *, options: str = "{virtualenv: venv}") -> None:
        (self.folder / "Pulumi.yaml").write_text(
            f"name: try\nruntime: {{name: python, options: {options}}}\n"
        )
        (self.folder / "__main__.py").write_text(dedent(program))
        (self.folder / "venv").symlink_to(ROOT / "venv")
        (self.folder / "state").mkdir()
        self.pulumi("stack", "init", "dev")

    def pulumi(self, *arguments: str) -> Ended:
        """Run the CLI to its end; its two streams are one text."""
        run = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MINUTE,
            check=False,
        )
        return Ended(run.returncode, run.stdout)

    def command(self, *arguments: str) -> list[str]:
        return [str(CLI), *arguments, "--non-interactive", "--color=never"]

    def environment(self) -> dict[str, str]:
        """Return ours, with our language host before an official one."""
        path = [str(CLI.parent), str(LANGUAGE_HOST), os.environ["PATH"]]
        return os.environ | {
            "PATH": os.pathsep.join(path),
            "PULUMI_BACKEND_URL": f"file://{self.folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "only a test",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.variables,
        }

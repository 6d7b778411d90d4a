"""A throw-away program in a folder of its own, run by the real engine."""

import json
from pathlib import Path

from local_azure.commands import environment
from local_azure.project import locate
from local_azure_tests.conftest import Running
from tests import PROJECT
from tests.commands import printed
from tests.stack import warm


class Project:
    """A program in a folder of its own, with a stack on the embedded Azure.

    Args:
        folder: an empty folder, whose name the project gets.
        running: the embedded Azure.
        program: name of the program's file, beside this one.
    """

    def __init__(self, folder: Path, running: Running, program: str) -> None:
        self.folder = folder
        told = {"ports": running.azure.ports.now}
        self.variables = {
            **environment.for_clients(running.home, told),
            **environment.for_pulumi(running.home, told, locate()),
        }
        options = {"toolchain": "pip", "virtualenv": str(PROJECT / "venv")}
        runtime = {"name": "python", "options": options}
        source = Path(__file__).with_name(f"{program}.py")
        (folder / "__main__.py").write_text(source.read_text())
        settings = json.dumps({"name": folder.name, "runtime": runtime})
        (folder / "Pulumi.yaml").write_text(settings)
        self.pulumi("stack", "init", "test")

    def pulumi(
        self, *arguments: str, exit_code: int = 0, cold: bool = False, **variables: str
    ) -> str:
        """What a command printed; it must end with this exit code."""
        given = {**self.variables, **variables}
        with warm.client("" if cold else arguments[0], given) as client:
            command = ["pulumi", *arguments, "--non-interactive", *client]
            return printed(command, given, folder=self.folder, exit_code=exit_code)

    def up(self, *arguments: str, exit_code: int = 0, cold: bool = False, **variables: str) -> str:
        """`pulumi up` without asking."""
        command = ("up", "--yes", "--skip-preview", *arguments)
        return self.pulumi(*command, exit_code=exit_code, cold=cold, **variables)

    def output(self, name: str) -> str:
        """One of the stack's outputs."""
        return self.pulumi("stack", "output", name, "--show-secrets").strip()

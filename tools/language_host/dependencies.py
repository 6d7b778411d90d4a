"""What a program depends on: how it is installed, and what is installed."""

import json
import subprocess
import sys
from pathlib import Path

from pulumi.runtime.proto.language_pb2 import InstallDependenciesRequest, ProgramInfo

from tools.language_host import interpreter

PIP = ["-m", "pip", "--disable-pip-version-check"]


def install_commands(request: InstallDependenciesRequest) -> list[list[str]]:
    """Return the commands that make the virtual environment and fill it, in their order."""
    folder = interpreter.virtual_environment(request.info)
    python = str(folder / "bin" / "python") if folder else sys.executable
    commands = []
    if folder is not None and not (folder / "bin" / "python").exists():
        commands.append([sys.executable, "-m", "venv", str(folder)])
    if (Path(request.directory) / "requirements.txt").exists():
        commands.append([python, *PIP, "install", "-r", "requirements.txt"])
    return commands


def installed(info: ProgramInfo, *, transitive: bool) -> list[tuple[str, str]]:
    """Return (package, version) of what pip sees; of what nothing else needs, if not transitive."""
    only = [] if transitive else ["--not-required"]
    command = [str(interpreter.python(info)), *PIP, "list", "--format", "json", *only]
    run = subprocess.run(command, capture_output=True, check=True)
    return [(package["name"], package["version"]) for package in json.loads(run.stdout)]

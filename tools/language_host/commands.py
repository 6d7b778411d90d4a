"""What the host starts, as data, and what the end of a program means to the engine."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from pulumi.runtime.proto import language_pb2
from pulumi.runtime.proto.language_pb2 import (
    InstallDependenciesRequest,
    ProgramInfo,
    RunPluginRequest,
    RunRequest,
    RunResponse,
)

from tools.language_host import interpreter
from tools.language_host.program import TOLD_THE_USER

PROGRAM = Path(__file__).with_name("program.py")
PIP = ["-m", "pip", "--disable-pip-version-check"]


def program(request: RunRequest, engine: str) -> list[str]:
    """Return the program's command line. Configuration is not on it: others can read it."""
    settings = {
        "project": request.project,
        "stack": request.stack,
        "organization": request.organization,
        "root_directory": request.info.root_directory,
        "dry_run": request.dryRun,
        "parallel": request.parallel,
        "monitor": request.monitor_address,
        "engine": engine,
    }
    place = Path(request.info.program_directory, request.info.entry_point)
    python = str(interpreter.python(request.info))
    return [python, "-u", str(PROGRAM), json.dumps(settings), str(place), *request.args]


def program_environment(request: RunRequest) -> dict[str, str]:
    """Return the program's environment, with the configuration where the SDK looks for it."""
    return interpreter.environment(request.info) | {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def response(code: int) -> RunResponse:
    """Say how a program ended, from its process's exit code (negative: a signal)."""
    if code == 0:
        return language_pb2.RunResponse()
    if code == TOLD_THE_USER:
        return language_pb2.RunResponse(bail=True)
    if code < 0:
        name = signal.Signals(-code).name
        return language_pb2.RunResponse(error=f"The program was ended by {name}.")
    return language_pb2.RunResponse(error=f"The program ended with exit code {code}.")


def plugin(request: RunPluginRequest) -> list[str]:
    """Return the command line of a provider, a component package or a policy pack.

    A policy pack is run by the SDK's own module, which takes the engine's address before the
    pack's folder; anything else is a folder with a `__main__.py`.
    """
    python = [str(interpreter.python(request.info)), "-u"]
    folder, arguments = request.info.program_directory, list(request.args)
    if request.kind == "analyzer":
        # Engines of before name the folder after the address, as a dot.
        engine, *options = (each for each in arguments if each != ".")
        return [*python, "-m", "pulumi.policy", engine, folder, *options]
    return [*python, folder, *arguments]


def plugin_environment(request: RunPluginRequest) -> dict[str, str]:
    """Return the environment that the engine made for the plug-in, with its Python activated."""
    made = dict(variable.split("=", 1) for variable in request.env)
    return interpreter.environment(request.info, made)


def installing(request: InstallDependenciesRequest) -> list[list[str]]:
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

"""How a program's process is started, and what its end means to the engine."""

import json
import signal
from pathlib import Path

from pulumi.runtime.proto import language_pb2
from pulumi.runtime.proto.language_pb2 import RunRequest, RunResponse

from tools.language_host import interpreter
from tools.language_host.program import TOLD_THE_USER

PROGRAM = Path(__file__).with_name("program.py")


def command(request: RunRequest, engine: str) -> list[str]:
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


def environment(request: RunRequest) -> dict[str, str]:
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

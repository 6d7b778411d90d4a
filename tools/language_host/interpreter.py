"""Which Python runs a program, and with what environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pulumi.runtime.proto.language_pb2 import ProgramInfo

ACCEPTED = ("toolchain", "virtualenv")


class OptionError(Exception):
    """The project file's runtime options can't be followed; the message says why, and the fix."""


def python(info: ProgramInfo) -> Path:
    """Return the interpreter of the runtime option `virtualenv`.

    Without that option it is the host's own, which has the SDK.

    Raises:
        OptionError: an unknown option, or a virtual environment that is not there.
    """
    folder = virtual_environment(info)
    if folder is None:
        return Path(sys.executable)
    program = folder / "bin" / "python"
    if not os.access(program, os.X_OK):
        message = (
            f"The program's virtual environment {folder} is not there, or has no bin/python. "
            f"Make it: `make setup` in this project, `pulumi install` in another."
        )
        raise OptionError(message)
    return program


def virtual_environment(info: ProgramInfo) -> Path | None:
    """Return the folder of the runtime option `virtualenv`, where there is one."""
    options = dict(info.options.items())
    unknown = sorted(set(options) - set(ACCEPTED))
    if unknown:
        message = (
            f"Unknown runtime option {unknown[0]!r}: this project's language host accepts "
            f"{' and '.join(ACCEPTED)}. Remove it, or install the official Pulumi CLI."
        )
        raise OptionError(message)
    toolchain = options.get("toolchain", "pip")
    if toolchain != "pip":
        message = (
            f"Runtime option toolchain is {toolchain!r}: this project's language host accepts "
            f"'pip'. Change it, or install the official Pulumi CLI."
        )
        raise OptionError(message)
    folder = options.get("virtualenv")
    return Path(info.root_directory, str(folder)) if folder else None


def environment(info: ProgramInfo, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `base` with the program's virtual environment activated."""
    result = {**base, "PYTHONUNBUFFERED": "1"}
    folder = virtual_environment(info)
    if folder is not None:
        result["VIRTUAL_ENV"] = str(folder)
        result["PATH"] = f"{folder / 'bin'}{os.pathsep}{base.get('PATH', '')}"
        result.pop("PYTHONHOME", None)
    return result

"""Run one Pulumi program. This file alone runs in the program's own virtual environment.

`python -u program.py SETTINGS PROGRAM [ARGUMENT...]`; SETTINGS is JSON with the arguments of
`pulumi.runtime.Settings`, PROGRAM a folder with a `__main__.py` or a file.
"""

import asyncio
import json
import os
import runpy
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

TOLD_THE_USER = 32
"""Exit code of a program whose failure the user has seen already."""


def main() -> None:
    """Run the program to its end and leave the process."""
    # the engine interrupts the whole process group: a traceback would be noise
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    settings, program = json.loads(sys.argv[1]), Path(sys.argv[2])
    sys.argv = [str(program), *sys.argv[3:]]
    sys.path[0] = str(program if program.is_dir() else program.parent)
    sys.exit(run(settings, program))


def run(settings: dict[str, Any], program: Path) -> int:
    """Run the program inside a stack; errors go to the engine, which shows them once."""
    import pulumi  # noqa: PLC0415 - the program's own, found on the path that was just set

    pulumi.runtime.configure(pulumi.runtime.Settings(**settings))
    pulumi.runtime.set_all_config(
        json.loads(os.environ["PULUMI_CONFIG"]),
        json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]),
    )
    try:
        asyncio.run(pulumi.runtime.run_in_stack(lambda: _execute(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return TOLD_THE_USER
    except Exception as error:  # noqa: BLE001 - whatever the program raises is its user's to see
        pulumi.log.error(f"The program raised an exception:\n{_traceback(error, program)}")
        return TOLD_THE_USER
    return 0


def _execute(program: Path) -> None:
    runpy.run_path(str(program), run_name="__main__")


def _traceback(error: BaseException, program: Path) -> str:
    """Format an exception, from the program's first own line on."""
    folder = program if program.is_dir() else program.parent
    frames = error.__traceback__
    while frames is not None and not _own(frames.tb_frame.f_code.co_filename, folder):
        frames = frames.tb_next
    return "".join(traceback.format_exception(error.with_traceback(frames or error.__traceback__)))


def _own(file: str, folder: Path) -> bool:
    path = Path(file)
    return path.is_relative_to(folder) and not path.is_relative_to(sys.prefix)


if __name__ == "__main__":
    main()

"""``try scoring``: tries a scoring script on local files, before it costs a node.

The script runs as in a job: by the same driver, in the same bounds, with the same mini-batches and
retries. It needs no server, no storage and no rights.
"""

import asyncio
import importlib.util
import math
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from local_azure.errors import LocalAzureError
from local_azure.services.machinelearning.environments import conda, virtual
from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.inputs import InputFile
from local_azure.services.machinelearning.scoring import Outcome, Scoring, Settings
from local_azure.waiting import shown

_TERMINAL = ("TERM", "COLUMNS", "LINES", "PYTHONBREAKPOINT")


def outcome(
    script: str,
    files: Sequence[str],
    model: str,
    settings: Settings,
    *,
    debug: bool = False,
) -> tuple[dict[str, Any], list[str], int]:
    """What a script did, lines that tell it, and 0 where a job would have completed.

    Args:
        script: the scoring script.
        files: files to score, and folders whose files are.
        model: the model's file or folder; empty for none.
        settings: how to score.
        debug: whether the script has this process's own input and output, in place of a log.

    Raises:
        LocalAzureError: a file that does not exist, or nothing to score.
    """
    path = _existing(script)
    found = [InputFile(str(each), str(each)) for each in _files(files)]
    with tempfile.TemporaryDirectory(prefix="run-scoring-") as folder:
        work = Path(folder)
        environment = {
            "PATH": os.pathsep.join([str(Path(settings.python).parent), os.defpath]),
            "LANG": "C.UTF-8",
            "HOME": folder,
            "TMPDIR": folder,
            "AZUREML_BI_OUTPUT_PATH": str(work / "output"),
            # the folder with the model's file, or folder, in it, as in a job
            **({"AZUREML_MODEL_DIR": str(_existing(model).parent)} if model else {}),
        }
        (work / "output").mkdir()
        if debug:
            environment |= {each: os.environ[each] for each in _TERMINAL if each in os.environ}
        scoring = Scoring(settings, path, found, environment, work)
        count = scoring.outcome
        with nullcontext() if debug else shown("Scoring files", lambda: (count.done, count.files)):
            told = asyncio.run(_try(scoring, work, debug=debug))
    return told, _lines(told), 1 if told["error"] else 0


def _lines(told: Mapping[str, Any]) -> list[str]:
    written = [f"written: {name}" for name in told["written"]]
    end = f"Failed: {told['error']}" if told["error"] else "Completed"
    end += f" ({told['files']} files, {told['failed']} failed)"
    return [*filter(None, [told["log"], *told["errors"], told["rows"], *written]), end]


async def _try(scoring: Scoring, work: Path, *, debug: bool) -> dict[str, Any]:
    error = ""
    printed = work / "printed.txt"
    with printed.open("ab") as log:
        try:
            await scoring.run(None if debug else log)
        except JobFailedError as failure:
            error = str(failure)
            if not debug and any(map(_asked_somebody, scoring.outcome.errors)):
                error += " Nobody answers it here: --debug gives it this terminal."
    return await asyncio.to_thread(_told, scoring.outcome, work, error)


def _asked_somebody(failure: str) -> bool:
    """Whether a script failed because it wanted an answer: `breakpoint()`, `input()`."""
    return failure.rstrip().endswith(("bdb.BdbQuit", "EOFError: EOF when reading a line"))


def _told(outcome: Outcome, work: Path, error: str) -> dict[str, Any]:
    """What came of a script.

    ``rows`` are as the job would write them, ``written`` the files that the script left in
    ``AZUREML_BI_OUTPUT_PATH``; ``error`` is why a job would have ended as Failed.
    """
    rows = [_text(path) for path in outcome.rows if path.exists()]
    output = work / "output"
    return {
        "files": outcome.files,
        "failed": outcome.failed,
        "rows": "".join(rows).rstrip("\n"),
        "written": sorted(str(each.relative_to(output)) for each in output.rglob("*")),
        "errors": outcome.errors,
        "log": _text(work / "printed.txt").rstrip("\n"),
        "error": error,
    }


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _files(named: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for each in map(_existing, named):
        found += (
            sorted(path for path in each.iterdir() if path.is_file()) if each.is_dir() else [each]
        )
    if not found:
        message = f"There is no file in {', '.join(named)}. Name files, or a folder with files."
        raise LocalAzureError(message)
    return found


def _existing(name: str) -> Path:
    path = Path(name).absolute()
    if not path.exists():
        raise LocalAzureError(f"'{name}' does not exist. Name a file or folder of this machine.")
    return path


def interpreter(conda_file: str, *, debugpy: bool) -> str:
    """What runs Python with the packages of a conda file, which are installed first.

    Args:
        conda_file: its path.
        debugpy: whether a debugger's package is to be there too.

    Raises:
        LocalAzureError: it is none, or a package can't be had.
    """
    try:
        told = conda.read(_text(_existing(conda_file)))
        wanted = replace(told, lines=(*told.lines, *["debugpy"] * debugpy))
        with tempfile.TemporaryDirectory() as log, shown("Installing the packages"):
            return str(asyncio.run(virtual.interpreter(wanted, Path(log) / virtual.LOG)))
    except (conda.CondaFileError, JobFailedError) as error:
        reason = str(error).removesuffix(f" {virtual.LOG} has more.")
        raise LocalAzureError(f"'{conda_file}': {reason}") from None


def settings_of(given: Mapping[str, Any], *, debug: bool, debugpy: int) -> Settings:
    """The settings that are given; the others are a deployment's defaults.

    Args:
        given: by their names; None where a setting is not given.
        debug: whether somebody sits at the terminal.
        debugpy: the port of a debugger, 0 for none.

    Raises:
        LocalAzureError: there is no debugpy.
    """
    named = {name: value for name, value in given.items() if value is not None}
    if not debug and not debugpy:
        return Settings(**named)
    if debugpy and "python" not in named and importlib.util.find_spec("debugpy") is None:
        raise LocalAzureError(f"debugpy is not installed: {sys.executable} -m pip install debugpy")
    # One process that nobody hurries, and that fails once.
    alone = {"workers": 1, "timeout": math.inf, "max_retries": 0, "debugpy": debugpy}
    return Settings(**(named | alone))

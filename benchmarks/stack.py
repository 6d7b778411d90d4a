"""Preview and up of the development stack, against an empty program that imports the same modules.

Both run on the same engine with the same providers attached. The empty program registers nothing:
what is left is Python's start, the SDK's import and the engine's own work.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import yaml

from benchmarks.figures import Figure, seconds
from benchmarks.workspace import PROJECT, STACK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.workspace import Workspace

RUNS = 5
_OURS = ("components", "__main__", "__mp_main__")


def measure(on: Workspace) -> list[Figure]:
    """The figures; the stack is up afterwards."""
    modules = _modules(on)
    empty = _program(on, "empty", _imports(modules))
    bare = _program(on, "bare", "")
    measured = _stack_times(on)
    floor = {name: _times(on, empty, name) for name in ("preview", "up")}
    return [
        _figure("preview of the dev stack", measured["preview"], floor["preview"], "1.25 or less"),
        _figure("first up of the dev stack", measured["up"], floor["up"]),
        _figure("second up, nothing changed", measured["again"], floor["up"]),
        *_split(on, bare, modules, measured["preview"], floor["preview"]),
    ]


def _stack_times(on: Workspace) -> dict[str, tuple[float, ...]]:
    """Each round begins with nothing and the last one leaves the stack up."""
    found: dict[str, list[float]] = {"preview": [], "up": [], "again": []}
    for number in range(RUNS):
        if number:
            on.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)
        found["preview"].append(seconds(lambda: on.pulumi("preview", "--stack", STACK)))
        for name in ("up", "again"):
            found[name].append(
                seconds(lambda: on.pulumi("up", "--yes", "--skip-preview", "--stack", STACK))
            )
    return {name: tuple(values) for name, values in found.items()}


def _times(on: Workspace, folder: Path, operation: str) -> tuple[float, ...]:
    arguments = [operation, "--stack", STACK]
    if operation == "up":
        arguments += ["--yes", "--skip-preview"]

    def once() -> object:
        return on.pulumi(*arguments, folder=folder, stack_file=False)

    return tuple(seconds(once) for _ in range(RUNS))


def _split(
    on: Workspace,
    bare: Path,
    modules: Sequence[str],
    stack: tuple[float, ...],
    empty: tuple[float, ...],
) -> list[Figure]:
    """Where a preview's time goes; the parts are differences of medians."""
    start = tuple(seconds(lambda: _python("pass")) for _ in range(RUNS))
    imported = tuple(seconds(lambda: _python(_imports(modules))) for _ in range(RUNS))
    engine = _times(on, bare, "preview")
    parts = {
        "of it: Python's start": _median(start),
        "of it: import of the SDK's modules": _median(imported) - _median(start),
        "of it: engine and language host": _median(engine) - _median(start),
        "of it: the program's resources and the providers": _median(stack) - _median(empty),
    }
    whole = (_median(stack),)
    return [
        Figure(name, (value,), "s", whole, "the whole preview") for name, value in parts.items()
    ]


def _modules(on: Workspace) -> list[str]:
    """What the program has imported when it ends, except for its own modules."""
    listing = on.folder / "modules.json"
    settings = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text())
    settings["runtime"]["options"]["virtualenv"] = sys.prefix
    program = (
        "import json, os, pathlib, runpy, sys\n"
        f"os.chdir({str(PROJECT)!r})\n"
        f"sys.path.insert(0, {str(PROJECT)!r})\n"
        f"runpy.run_path({str(PROJECT / '__main__.py')!r}, run_name='__main__')\n"
        f"pathlib.Path({str(listing)!r}).write_text(json.dumps(sorted(sys.modules)))\n"
    )
    on.pulumi("preview", "--stack", STACK, folder=on.project("recorder", program, settings))
    known = set(sys.stdlib_module_names) | set(_OURS)
    return [name for name in json.loads(listing.read_text()) if name.split(".")[0] not in known]


def _imports(modules: Sequence[str]) -> str:
    """Some names are no modules that can be imported: what is made at run time is left out."""
    return (
        "import contextlib, importlib\n"
        f"for name in {list(modules)!r}:\n"
        "    with contextlib.suppress(ImportError):\n"
        "        importlib.import_module(name)\n"
    )


def _program(on: Workspace, name: str, program: str) -> Path:
    settings = {
        "name": name,
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}},
    }
    folder = on.project(name, program, settings)
    on.pulumi("stack", "init", STACK, folder=folder, stack_file=False)
    return folder


def _python(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PROJECT)


def _figure(
    name: str, values: tuple[float, ...], floor: tuple[float, ...], aim: str = ""
) -> Figure:
    return Figure(name, values, "s", floor, "an empty program with the same imports", aim)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]

"""Preview and up of the development stack, against an empty program that imports the same modules.

Both run on the same engine with the same providers attached. The empty program registers nothing:
what is left is Python's start, the SDK's import and the engine's own work.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from benchmarks.figures import Figure, seconds
from benchmarks.workspace import PROJECT, STACK, Workspace

RUNS = 5
_OURS = ("components", "__main__", "__mp_main__")


def measure(on: Workspace) -> list[Figure]:
    """The figures; the stack is up afterwards."""
    modules = _modules(on)
    empty = _program(on, "empty", _imports(modules))
    bare = _program(on, "bare", "")
    found = _rounds(on, empty)
    return [
        _figure(
            "preview of the dev stack", found["preview"], found["empty preview"], "1.15 or less"
        ),
        _figure("first up of the dev stack", found["up"], found["empty up"]),
        _figure("second up, nothing changed", found["again"], found["empty up"]),
        *_split(on, bare, modules, found),
    ]


def _rounds(on: Workspace, empty: Path) -> dict[str, tuple[float, ...]]:
    """Stack and empty program in turn, so that whatever else runs here slows down both.

    Each round begins with nothing; the last one leaves the stack up.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(RUNS):
        if number:
            _pulumi(on, "destroy")
        found["preview"].append(_pulumi(on, "preview"))
        found["empty preview"].append(_pulumi(on, "preview", empty))
        found["up"].append(_pulumi(on, "up"))
        found["empty up"].append(_pulumi(on, "up", empty))
        found["again"].append(_pulumi(on, "up"))
    return {name: tuple(values) for name, values in found.items()}


def _pulumi(on: Workspace, operation: str, folder: Path = PROJECT) -> float:
    """Seconds that an operation on the stack, or on another program's, takes."""
    confirm = [] if operation == "preview" else ["--yes", "--skip-preview"]
    ours = folder == PROJECT
    return seconds(
        lambda: on.pulumi(operation, "--stack", STACK, *confirm, folder=folder, stack_file=ours)
    )


def _split(
    on: Workspace, bare: Path, modules: Sequence[str], found: Mapping[str, tuple[float, ...]]
) -> list[Figure]:
    """Where a preview's time goes; the parts are differences of medians."""
    start = tuple(seconds(lambda: _python("pass")) for _ in range(RUNS))
    imported = tuple(seconds(lambda: _python(_imports(modules))) for _ in range(RUNS))
    engine = [_pulumi(on, "preview", bare) for _ in range(RUNS)]
    parts = {
        "of it: Python's start": _median(start),
        "of it: import of the SDK's modules": _median(imported) - _median(start),
        "of it: engine and language host": _median(engine) - _median(start),
        "of it: the program's resources and the providers": _median(found["preview"])
        - _median(found["empty preview"]),
    }
    whole = (_median(found["preview"]),)
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

"""The process that a scoring script runs in: started by its path, it imports nothing of ours.

It takes one JSON document a line from the socket whose descriptor it is given, and answers each
with one: first the order to load the script and call ``init()``, then the mini-batches for
``run()``. An order for a command line, of a step of a pipeline, is answered with its exit code.
What the script prints goes to the job's log. When the other end is gone it ends itself,
with whatever the script has started.
"""

from __future__ import annotations

import _thread
import builtins
import contextlib
import io
import json
import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

_LONGEST_TRACE = 20_000


def main() -> None:
    """Load the script as ordered, then score mini-batch after mini-batch."""
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)  # noqa: FBT003 the library's signature
    _thread.start_new_thread(_end_with_parent, (descriptor,))
    channel = io.FileIO(descriptor, "r+")
    lines = io.BufferedReader(channel)
    order = json.loads(lines.readline())
    _limit(order)
    if "command" in order:
        _answer(channel, {"exit": _exit_code(order["command"])})
        return
    if port := order.get("debugpy"):
        _await_debugger(port)
    names: dict[str, str] = {}
    if order["renamed"]:
        _follow(names)
    script = _attempt(channel, lambda: _load(order["script"], order["arguments"]))
    if script is None:
        return
    _answer(channel, {"ready": True})
    for line in lines:
        batch = json.loads(line)
        names.update(batch["renamed"])
        _attempt(channel, partial(_score, channel, script, batch))


def _await_debugger(port: int) -> None:
    import debugpy  # noqa: PLC0415, T100 optional, asked for, and looked for before

    debugpy.listen(("127.0.0.1", port))  # noqa: T100
    print(f"Waiting for a debugger at 127.0.0.1:{port}.", flush=True)  # noqa: T201 the user's terminal
    debugpy.wait_for_client()  # noqa: T100


def _end_with_parent(descriptor: int) -> None:
    watch = select.poll()
    watch.register(descriptor, 0)
    watch.poll()
    # On a terminal the group is that of the shell's command, which ends by itself.
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _limit(order: dict[str, Any]) -> None:
    """Bound memory and file sizes, and be the first that a machine out of memory ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"],) * 2)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123 pathlib takes 5 ms
        score.write("1000")


def _attempt(channel: io.FileIO, step: Callable[[], Any]) -> Any:
    """The step's result; a failure of the script, whatever it is, is told instead."""
    try:
        return step()
    except BaseException:  # noqa: BLE001 a script may raise anything, also SystemExit
        _answer(channel, {"failed": traceback.format_exc()[-_LONGEST_TRACE:]})
        return None
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()


def _load(path: str, arguments: list[str]) -> ModuleType:
    folder, _, name = path.rpartition("/")
    sys.path.insert(0, folder)
    sys.argv = [path, *arguments]
    script = ModuleType(name.removesuffix(".py"))
    script.__file__ = path
    sys.modules[script.__name__] = script
    with open(path, "rb") as file:  # noqa: PTH123 as above
        exec(compile(file.read(), path, "exec"), script.__dict__)  # noqa: S102 it is the script's own process
    for function in ("init", "run"):
        if not callable(getattr(script, function, None)):
            message = f"The scoring script has no function {function}()."
            raise TypeError(message)
    script.init()
    return script


def _exit_code(command: str) -> int:
    """Of a command line; of one that a signal ended, as shells have it: 128 and the signal."""
    import subprocess  # noqa: PLC0415 scoring scripts start faster without

    code = subprocess.call(["bash", "-c", command], stdin=subprocess.DEVNULL)  # noqa: S607 the user's own bash
    return code if code >= 0 else 128 - code


def _score(channel: io.FileIO, script: ModuleType, batch: dict[str, Any]) -> None:
    result = script.run(batch["files"])
    count = _write_rows(result, batch["rows"])
    _answer(channel, {"returned": count})


def _write_rows(result: Any, path: str | None) -> int:
    """Write what ``run`` returned and count its rows.

    A data frame's columns are separated by a space and have no header, any other element is
    written as ``str`` has it (D:machine-learning/how-to-image-processing-batch and
    how-to-mlflow-batch read the file so).
    """
    if hasattr(result, "to_csv"):
        if path:
            result.to_csv(path, sep=" ", header=False, index=False)
        return len(result)
    if isinstance(result, str | bytes | dict) or not hasattr(result, "__len__"):
        message = (
            "The run() method in the entry script should return a list or a pandas DataFrame. "
            f"The actual type of output is {type(result).__name__}."
        )
        raise TypeError(message)
    if path:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as rows:  # noqa: PTH123 as above
            rows.writelines(f"{row}\n" for row in result)
    return getattr(result, "scored", len(result))  # a file of an MLflow model has many rows


def _answer(channel: io.FileIO, document: dict[str, Any]) -> None:
    rest = memoryview(json.dumps(document).encode() + b"\n")
    while rest:
        rest = rest[channel.write(rest) :]


def _follow(names: dict[str, str]) -> None:
    """Let Python's own ways to open a file find those that the file system can't name."""

    def following(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            text = path if isinstance(path, str) else getattr(path, "__fspath__", str)()
            return function(names.get(text, path), *arguments, **named)

        return call

    builtins.open = io.open = following(io.open)
    for name in ("open", "stat", "lstat", "access"):
        setattr(os, name, following(getattr(os, name)))


if __name__ == "__main__":
    main()

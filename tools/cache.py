"""The folder outside the checkout where big downloads and builds are kept.

An entry is a folder that is whole or absent: it is made under another name and renamed at the end,
by one process at a time. The cache is never pruned: `make clean` names its place.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROJECT = "azureml-batch-events"


def folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the cache lies: under XDG_CACHE_HOME, or `~/.cache` where that is unset or relative.

    Source: the XDG base directory specification, which calls a relative path invalid.
    """
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / PROJECT


def entry(name: str, make: Callable[[Path], None], cache: Path | None = None) -> Path:
    """Return the cache's folder `name`; where there is none `make` fills an empty one first.

    Raises:
        Exception: whatever `make` raises; then nothing is left of the entry.
    """
    cache = cache or folder()
    whole = cache / name
    if whole.is_dir():
        return whole
    with alone(cache / f"{name}.lock"):
        if not whole.is_dir():
            _make(whole, make)
    return whole


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file; another process that asks for it waits. The kernel frees it at a kill."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{lock.stem}: waiting for another run that is setting it up")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(whole: Path, make: Callable[[Path], None]) -> None:
    for left in whole.parent.glob(f"{whole.name}.part-*"):
        shutil.rmtree(left, ignore_errors=True)
    # a name of its own: what a killed run has left may still write into the old folder
    part = whole.with_name(f"{whole.name}.part-{os.getpid()}")
    part.mkdir()
    try:
        make(part)
        part.rename(whole)
    finally:
        shutil.rmtree(part, ignore_errors=True)

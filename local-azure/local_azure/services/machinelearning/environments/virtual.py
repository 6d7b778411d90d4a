"""Virtual environments, made by ``uv`` once for each content, and kept for all servers of a user.

``uv`` was chosen over ``venv`` and ``pip`` because the same environment (mlflow-skinny, pandas,
scikit-learn) took 8 s of time and 5 s of CPU instead of 87 and 53 (2026-11). Its own configuration
says where packages come from (``uv.toml``, ``UV_…``); what a shell says to pip alone is handed on.
"""

import asyncio
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from uv import find_uv_bin

from local_azure import cache
from local_azure.services.machinelearning.environments.conda import Packages
from local_azure.services.machinelearning.errors import JobFailedError

LOG = "20_image_build_log.txt"
"""Where Azure writes what came of a build, UNVERIFIED for batch endpoints."""

_OF_PIP = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_CERT": "SSL_CERT_FILE",
}
_LEADING_HERE = ("HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE")
_OURS = "authority-certificate.pem"
_TURN = 0.1
"""Seconds between looks at an environment that another process is making."""


async def interpreter(packages: Packages, log: Path) -> Path:
    """The interpreter of an environment, which is made where it is not there yet.

    Args:
        packages: what is in it.
        log: gets what was installed.

    Raises:
        JobFailedError: a package, or the version of Python, can't be had; which, and what to do.
    """
    version = packages.python or f"{sys.version_info.major}.{sys.version_info.minor}"
    mark = "\n".join([sys.platform, version, *packages.lines])
    whole = cache.folder() / "environments" / hashlib.sha256(mark.encode()).hexdigest()[:24]
    async with _alone(whole.with_suffix(".lock")):
        if not whole.is_dir():
            await _make(whole, packages, version, log)
        else:
            shutil.copyfile(whole / LOG, log)
    return whole / "bin" / "python"


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """Hold a lock file, which the kernel frees at a kill; a job that waits can be cancelled."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            await asyncio.sleep(_TURN)
        yield


async def _make(whole: Path, packages: Packages, version: str, log: Path) -> None:
    for left in whole.parent.glob(f"{whole.name}.part-*"):
        await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
    # A name of its own: what a killed server has left may still write into the old folder.
    part = whole.with_name(f"{whole.name}.part-{os.getpid()}")
    try:
        with log.open("wb") as told:
            await _install(part, packages, version, told)
        shutil.copyfile(log, part / LOG)
        part.rename(whole)
    finally:
        await asyncio.to_thread(shutil.rmtree, part, ignore_errors=True)


async def _install(part: Path, packages: Packages, version: str, log: IO[bytes]) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}" == version
    make = ["venv", "--relocatable", "--no-python-downloads", "--no-project"]
    if await _uv([*make, "--python", sys.executable if here else version, str(part)], log):
        raise JobFailedError(_no_python(version))
    requirements = part / "requirements.txt"
    requirements.write_text("\n".join([*packages.lines, ""]))
    install = ["pip", "install", "--python", str(part / "bin" / "python")]
    if packages.lines and await _uv([*install, "--requirements", str(requirements)], log):
        raise JobFailedError(_not_to_be_had(Path(log.name)))


async def _uv(arguments: list[str], log: IO[bytes]) -> int:
    """The exit code of ``uv``, which ends with the job that waits for it."""
    process = subprocess.Popen(  # noqa: ASYNC220 as a worker's: the event loop's own way forks
        [find_uv_bin(), "--no-progress", "--color", "never", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=_environment(),
        start_new_session=True,
    )
    try:
        return await asyncio.to_thread(process.wait)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """This process's own; a shell that was led here would keep ``uv`` from every package index."""
    own = dict(os.environ)
    if own.get("SSL_CERT_FILE", "").endswith(_OURS):
        own = {name: value for name, value in own.items() if name not in _LEADING_HERE}
    return {of_uv: own[name] for name, of_uv in _OF_PIP.items() if name in own} | own


def _no_python(version: str) -> str:
    return (
        f"The environment asks for Python {version}, which this machine does not have: "
        f"`{Path(sys.executable).parent}/uv python install {version}` gets it, or change the "
        f"version in the conda file. {LOG} has more."
    )


def _not_to_be_had(log: Path) -> str:
    said = log.read_text("utf-8", "replace").splitlines()
    lines = [line.strip("\u2502\u251c\u2500\u2570\u25b6\u00d7 ") for line in said]
    reason = " ".join(filter(None, lines))[-1000:]
    return (
        f"The environment's packages can't be installed: {reason} Correct the conda file, or the "
        f"network to the package index. {LOG} has more."
    )

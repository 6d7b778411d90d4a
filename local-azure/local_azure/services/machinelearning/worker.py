"""A scoring process, seen from the server: started, spoken to, ended.

Its environment is made anew: nothing of the server's own gets in. It still runs with the rights of
whoever started the server; a scoring script is trusted as the program's own code is.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from local_azure.services.machinelearning.inputs import InputFile

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes that a scoring process may write to one file, its log included."""

LARGEST_MEMORY = 4 * 1024**3
"""Bytes of address space that a scoring process may have."""

LARGEST_WITH_PACKAGES = 16 * 1024**3
"""The same in an environment of its own: numeric libraries set 80 MB aside for each core."""

_DRIVER = Path(__file__).with_name("driver.py")
_LONGEST_ANSWER = 256 * 1024


class ScriptError(Exception):
    """The script raised; the message is its traceback."""


class WorkerEndedError(Exception):
    """The process ended while it should have worked."""


@dataclass(frozen=True)
class Worker:
    """One scoring process, which has loaded its script when ``start`` returns."""

    process: subprocess.Popen[bytes]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def start(
        cls,
        order: dict[str, Any],
        environment: dict[str, str],
        folder: Path,
        log: IO[bytes] | None,
    ) -> Worker:
        """Start a process and give it its first order; ``ready`` waits until that is done.

        Args:
            order: what to do, and with which ``python``.
            environment: the process's whole environment.
            folder: where it runs.
            log: gets what it prints.

        Without a log the process has this one's own input and output, a terminal's for example.
        """
        near, far = socket.socketpair()
        with far:
            # First, because a job that is cancelled meanwhile would leave a process behind.
            reader, writer = await asyncio.open_connection(sock=near, limit=_LONGEST_ANSWER)
            # The event loop's own way to start a process forks, which gRPC makes slow and noisy;
            # this one does not run its handlers, and returns within a millisecond.
            process = subprocess.Popen(  # noqa: ASYNC220 told above
                [order["python"], "-I", "-X", "utf8", str(_DRIVER), str(far.fileno())],
                stdin=subprocess.DEVNULL if log else None,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=folder,
                pass_fds=(far.fileno(),),
                # Only what stays in a terminal's own session may read from it.
                start_new_session=log is not None,
            )
        worker = cls(process, reader, writer)
        ours = order["python"] == sys.executable
        memory = LARGEST_MEMORY if ours else LARGEST_WITH_PACKAGES
        worker._send({**order, "largest_file": LARGEST_FILE, "memory": memory})
        return worker

    async def ready(self, limit: float) -> None:
        """Return once ``init()`` has.

        Args:
            limit: seconds of real time.

        Raises:
            ScriptError: the script could not be loaded, or ``init()`` raised.
            WorkerEndedError: the process ended.
            TimeoutError: not in time.
        """
        async with asyncio.timeout(limit):
            await self._answer()

    async def finish(self, limit: float | None) -> int:
        """The exit code of a command line, once it has ended.

        Args:
            limit: seconds of real time; None for as long as it takes.

        Raises:
            WorkerEndedError: the process ended.
            TimeoutError: not in time; the process goes on and must be killed.
        """
        async with asyncio.timeout(limit):
            return int((await self._answer())["exit"])

    async def score(self, files: list[InputFile], rows: Path | None, limit: float) -> int:
        """Let ``run()`` score a mini-batch and return how many rows it gave.

        Args:
            files: the mini-batch.
            rows: where the rows are written, if they are.
            limit: seconds of real time.

        Raises:
            ScriptError: ``run()`` raised, or returned something that has no rows.
            WorkerEndedError: the process ended.
            TimeoutError: not in time; the process goes on and must be killed.
        """
        renamed = {
            spelling: file.actual
            for file in files
            if file.shown != file.actual
            for spelling in (file.shown, str(PurePosixPath(file.shown)))
        }
        shown = [file.shown for file in files]
        self._send({"files": shown, "renamed": renamed, "rows": rows and str(rows)})
        async with asyncio.timeout(limit):
            answer = await self._answer()
        return int(answer["returned"])

    async def kill(self) -> None:
        """End the process, and whatever the script has started."""
        # One on a terminal leads no group; it ends as the other end of its socket does.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.writer.close()
        await asyncio.to_thread(self.process.wait)

    def _send(self, document: dict[str, Any]) -> None:
        self.writer.write(json.dumps(document).encode() + b"\n")

    async def _answer(self) -> dict[str, Any]:
        line = b""
        with contextlib.suppress(ConnectionError):
            line = await self.reader.readline()
        if not line:
            raise WorkerEndedError(_end(await asyncio.to_thread(self.process.wait)))
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise ScriptError(answer["failed"])
        return answer


def _end(code: int) -> str:
    if code >= 0:
        return f"The scoring process ended by itself with exit code {code}."
    return f"The scoring process was ended by {signal.Signals(-code).name}."

"""Scoring: mini-batches handed to worker processes, retried, and counted against the threshold.

Rules: D:machine-learning/how-to-use-parallel-job-in-pipeline and reference-yaml-deployment-batch.
Times here are real ones: a script that hangs is a process that hangs.
"""

import asyncio
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from local_azure.services.machinelearning.errors import JobFailedError
from local_azure.services.machinelearning.inputs import InputFile
from local_azure.services.machinelearning.worker import ScriptError, Worker, WorkerEndedError

INIT_LIMIT = 600.0
"""Seconds for loading the script and ``init()``: the documented overhead time-out."""

CORES = os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """How files are scored; the defaults are Azure's.

    Attributes:
        mini_batch_size: files for each call of ``run``.
        workers: processes at once, on all instances together.
        error_threshold: failed files that are put up with; -1 is any number.
        max_retries: of a failed mini-batch.
        timeout: seconds for each call of ``run``.
        logging_level: passed to the script as ``--logging_level``.
        append_rows: whether what ``run`` returns is written, or nothing but a summary.
        every_file: whether one file that fails, fails the job.
        python: the interpreter that the script runs in.
        debugpy: port at which a debugger is waited for before the script is loaded; 0 for none.
    """

    mini_batch_size: int = 10
    workers: int = 1
    error_threshold: int = -1
    max_retries: int = 3
    timeout: float = 30
    logging_level: str = "Info"
    append_rows: bool = True
    every_file: bool = False
    python: str = sys.executable
    debugpy: int = 0


@dataclass
class Outcome:
    """What came of scoring.

    Attributes:
        files: how many there were.
        done: how many of them were handled.
        failed: how many of them failed.
        progress: lines that tell how many mini-batches were, at most one a second but for the last.
        batches: how many mini-batches there are.
        batches_done: how many of them have been handled.
        batches_failed: how many of them failed at each try.
        rows: the files with the rows of each mini-batch, in the mini-batches' order.
        errors: each failure, as text for the log.
    """

    files: int
    done: int = 0
    failed: int = 0
    progress: list[str] = field(default_factory=list)
    batches: int = 0
    batches_done: int = 0
    batches_failed: int = 0
    rows: list[Path] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Scoring:
    """The scoring step of one job.

    Args:
        settings: how to score.
        script: the scoring script.
        files: the input.
        environment: the processes' whole environment.
        folder: the job's own folder.
        progressed: told of the outcome whenever a mini-batch has been handled.
    """

    def __init__(
        self,
        settings: Settings,
        script: Path,
        files: list[InputFile],
        environment: dict[str, str],
        folder: Path,
        progressed: Callable[[Outcome], None] = lambda _: None,
    ) -> None:
        self._settings = settings
        self._script = script
        self._files = files
        self._environment = environment
        self._folder = folder
        self._begun = time.monotonic()
        self._told_after = -1.0
        self._progressed = progressed
        self.outcome = Outcome(len(files))

    async def run(self, log: IO[bytes] | None) -> None:
        """Score everything; the outcome is filled while this runs.

        Without a log the script has a terminal, and as long as whoever sits there takes.

        Raises:
            JobFailedError: the script can't be loaded, more files failed than are put up with, or
                not one row came back.
        """
        size, files = self._settings.mini_batch_size, self._files
        batches = [files[start : start + size] for start in range(0, len(files), size)]
        self.outcome.batches = len(batches)
        if self._settings.append_rows:
            self.outcome.rows = [self._rows(number) for number in range(len(batches))]
        pending = iter(enumerate(batches))
        count = min(self._settings.workers, len(batches), CORES)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(count):
                    group.create_task(self._work(pending, log))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        if self.outcome.failed >= self.outcome.files:
            message = (
                "There is no succeeded mini batch item returned from run(). "
                f"The last failure: {_last_line(self.outcome.errors)}"
            )
            raise JobFailedError(message)

    def _rows(self, number: int) -> Path:
        return self._folder / f"rows-{number}"

    async def _work(
        self, pending: Iterator[tuple[int, list[InputFile]]], log: IO[bytes] | None
    ) -> None:
        worker: Worker | None = None
        try:
            for number, files in pending:
                for attempt in range(self._settings.max_retries + 1):
                    worker = worker or await self._started(log)
                    failure = await self._try(worker, number, files)
                    if failure is None:
                        break
                    self.outcome.errors.append(f"mini-batch {number}, try {attempt + 1}: {failure}")
                    if not isinstance(failure, ScriptError):
                        await worker.kill()
                        worker = None
                else:
                    self.outcome.batches_failed += 1
                    if self._settings.every_file:
                        raise JobFailedError(_last_line(self.outcome.errors))
                    self._count(len(files))
                self.outcome.done += len(files)
                self.outcome.batches_done += 1
                self._tell()
                self._progressed(self.outcome)
        finally:
            if worker:
                await worker.kill()

    def _tell(self) -> None:
        done, total = self.outcome.batches_done, self.outcome.batches
        passed = time.monotonic() - self._begun
        if passed >= self._told_after + 1 or done == total:
            self._told_after = passed
            told = progress(done, total, timedelta(seconds=int(passed)))
            self.outcome.progress.append(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f} {told}")

    async def _started(self, log: IO[bytes] | None) -> Worker:
        order = {
            "python": self._settings.python,
            "script": str(self._script),
            "arguments": ["--logging_level", self._settings.logging_level.upper()],
            "renamed": any(file.shown != file.actual for file in self._files),
            "debugpy": self._settings.debugpy,
        }
        worker = await Worker.start(order, self._environment, self._script.parent, log)
        try:
            await worker.ready(INIT_LIMIT if log else math.inf)
        except BaseException as error:
            await worker.kill()
            if isinstance(error, ScriptError | WorkerEndedError):
                self.outcome.errors.append(f"init: {error}")
                message = f"The scoring script's init() failed: {_last_line([str(error)])}"
                raise JobFailedError(message) from None
            if isinstance(error, TimeoutError):
                message = f"The scoring script's init() took more than {INIT_LIMIT:.0f} s."
                raise JobFailedError(message) from None
            raise
        return worker

    async def _try(
        self, worker: Worker, number: int, files: list[InputFile]
    ) -> ScriptError | WorkerEndedError | TimeoutError | None:
        rows = self._rows(number) if self._settings.append_rows else None
        try:
            returned = await worker.score(files, rows, self._settings.timeout)
        except (ScriptError, WorkerEndedError) as error:
            return error
        except TimeoutError:
            return TimeoutError(
                f"The run() function in the entry script had timeout: {self._settings.timeout:g} s."
            )
        self._count(max(0, len(files) - returned))
        return None

    def _count(self, failed: int) -> None:
        self.outcome.failed += failed
        threshold = self._settings.error_threshold
        if 0 <= threshold < self.outcome.failed:
            message = (
                f"{self.outcome.failed} of {self.outcome.files} files failed; the deployment's "
                f"error_threshold is {threshold}. The last failure: "
                f"{_last_line(self.outcome.errors)}"
            )
            raise JobFailedError(message)


def progress(done: int, total: int, passed: timedelta) -> str:
    """What the overview says, as a user of Azure quotes it (azure-sdk-for-python issue 30421)."""
    left = timedelta(seconds=round(passed.total_seconds() * (total - done) / done))
    return f"Processed {done} of {total} mini batches in {passed}. Estimated remaining time {left}."


def _last_line(errors: list[str]) -> str:
    lines = errors[-1].strip().splitlines() if errors else []
    return lines[-1] if lines else "run() returned fewer rows than it got files."

"""What a command has done, for scripts and for people."""

from dataclasses import dataclass, field
from typing import Any

from batch_client import windows
from batch_client.errors import Exit
from batch_client.jobs import Job


@dataclass(frozen=True)
class Outcome:
    """What a command has done.

    Attributes:
        document: for scripts.
        lines: for people, on standard output.
        exit: its exit code.
    """

    document: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    exit: Exit = Exit.DONE


def job_told(job: Job) -> dict[str, Any]:
    """A job, for a script; one that a window of time started has its start and its end."""
    told = {"name": job.name, "status": job.status, "page": job.page}
    window = windows.of_job(job)
    times = {"window": [window.start.isoformat(), window.end.isoformat()]} if window else {}
    return {"job": told | times}

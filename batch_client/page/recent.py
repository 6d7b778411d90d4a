"""One row for each file of the last hours: what landed, the endpoint's jobs and the dead letters.

Three lists and the jobs of these hours are all that is asked for, however many files there are:
what started a workflow's run would be a request for each. Files that the subscription refuses are
in none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from batch_client import dead_letters, operating
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.jobs import Job
from batch_client.rights import telling
from batch_client.verify import filters
from batch_client.verify.filters import Filter
from batch_client.verify.resources import Resources

NO_JOB, GIVEN_UP = "no job yet", "given up"


@dataclass
class Row:
    """A file, or a folder that is scored by one job.

    Attributes:
        input: what its job reads; a URI where it is no blob.
        file: URL of the blob that the event tells of.
        landed: when it was last written, ISO 8601; empty where it is there no more.
        jobs: those of this input, in the order in which the service lists them.
        letter: the event, where Event Grid gave it up.
    """

    input: str
    file: str
    landed: str = ""
    jobs: list[Job] = field(default_factory=list)
    letter: Letter | None = None

    @property
    def state(self) -> str:
        """Of its last job, in Azure's word."""
        if self.jobs:
            return self.last.status
        return GIVEN_UP if self.letter else NO_JOB

    @property
    def last(self) -> Job:
        """Its last job; there has to be one."""
        return max(self.jobs, key=lambda job: job.created)

    @property
    def when(self) -> str:
        """What it is sorted by."""
        gave_up = self.letter.when.isoformat() if self.letter else ""
        return self.landed or min((job.created for job in self.jobs), default=gave_up)

    @property
    def seconds(self) -> float | None:
        """From its landing to its first job; None where one of them is not known."""
        first = min((job.created for job in self.jobs if job.created), default="")
        if not first or not self.landed:
            return None
        return (datetime.fromisoformat(first) - datetime.fromisoformat(self.landed)).total_seconds()


class Recent:
    """Looks for the files of the last hours.

    Attributes:
        rows: by their inputs.
        untold: what may not be read, in sentences.
    """

    def __init__(self, caller: Caller, hours: float) -> None:
        self._caller = caller
        self._until = datetime.now(UTC)
        self._since = self._until - timedelta(hours=hours)
        self.rows: dict[str, Row] = {}
        self.untold: list[str] = []
        self._chosen: Filter | None = None
        self._read("The files", "blob_event_subscription_id", self._files)
        self._read("The jobs", "scoring_uri", self._jobs)
        self._read("The dead letters", "dead_letter_account", self._letters)

    def newest(self) -> list[Row]:
        """The newest first."""
        return sorted(self.rows.values(), key=lambda row: row.when, reverse=True)

    def _read(self, what: str, output: str, read: Callable[[], Any]) -> None:
        with telling(self.untold, what):
            if self._caller.environment.get(output):
                read()

    def _files(self) -> None:
        self._chosen = Resources(self._caller).filter()
        root = self._caller.environment.container_url
        for asked, blob in filters.landed(self._caller, self._chosen, self._since, self._until):
            when = blob.last_modified.isoformat()
            self.rows[asked] = Row(asked, f"{root}/{blob.name}", when)

    def _jobs(self) -> None:
        for job in operating.listed(self._caller, self._since):
            landed = (each for each in job.inputs if each in self.rows)
            asked = next(landed, " ".join(job.inputs) or job.name)
            self.rows.setdefault(asked, Row(asked, dead_letters.hidden(asked))).jobs.append(job)

    def _letters(self) -> None:
        for letter in dead_letters.listed(self._caller, self._since):
            asked = self._chosen.input(letter.url) if self._chosen and letter.url else letter.what
            self.rows.setdefault(asked, Row(asked, letter.what)).letter = letter

"""What no event tells: files that never started a job, dead letters, failed jobs, a secret's end.

Compared are the blobs that landed in a stretch of time, the jobs of the endpoint since then, and
the dead-letter container; nothing but reading is needed. A job is a blob's by its input and by
being made after the blob was last written: whether Azure keeps a model deployment's tags is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from azure.storage.blob import BlobProperties

from batch_client import dead_letters, operating, reasoning
from batch_client.caller import Caller
from batch_client.dead_letters import Letter
from batch_client.jobs import COMPLETED, Job
from batch_client.rights import telling
from batch_client.uris import BlobPlace
from batch_client.verify import filters
from batch_client.verify.resources import Resources

_SKEW = timedelta(minutes=1)
"""How far the clocks of storage and machine learning may be apart."""
_EXPLAINED = 20
"""Failed jobs whose logs are read, the newest; `batch-events why` does it for any other."""


@dataclass(frozen=True)
class Finding:
    """Something that somebody has to look at.

    Attributes:
        kind: ``no job``, ``dead letter``, ``job failed`` or ``secret``.
        when: when the file landed, the event was given up, the job was made, the secret ends;
            ISO 8601.
        what: the blob's URL, the event's subject, the job's name, or the application's client id.
        why: as far as it is known.
    """

    kind: str
    when: str
    what: str
    why: str


@dataclass
class Watch:
    """Looks at what happened in a stretch of time.

    Attributes:
        caller: who looks.
        since: its start, with a time zone.
        until: its end; a later file may still be on its way.
        files: how many files should have started a job.
        jobs: how many jobs there were.
    """

    caller: Caller
    since: datetime
    until: datetime
    files: int = 0
    jobs: int = 0
    _waiting: dict[str, BlobProperties] = field(default_factory=dict)
    _started: set[str] = field(default_factory=set)

    def findings(self) -> Iterator[Finding]:
        """What there is to look at.

        Raises:
            ClientError: it can't be read; a missing role is named.
        """
        environment = self.caller.environment
        chosen = None
        if environment.get("workflow_id"):
            chosen = Resources(self.caller).filter()
            landed = filters.landed(self.caller, chosen, self.since, self.until)
            self._waiting.update(landed)
        self.files = len(self._waiting)
        yield from self._failed()
        yield from self._secret()
        for letter in self._letters():
            asked = chosen.input(letter.url) if chosen else letter.url
            if asked in self._started:
                continue
            self._waiting.pop(asked, None)
            yield Finding("dead letter", letter.when.isoformat(), letter.what, letter.why)
        for asked, blob in self._waiting.items():
            if asked not in self._started:
                why = "no job was made since; look at the workflow's runs, and for its event"
                url = BlobPlace(environment.container_url, blob.name).url
                yield Finding("no job", blob.last_modified.isoformat(), url, why)

    def _secret(self) -> Iterator[Finding]:
        """The client secret, once half of the time is over in which an `up` renews it."""
        outputs = self.caller.environment
        ends, renews = outputs.get("invoker_secret_ends"), outputs.get("invoker_secret_renews")
        if not (ends and renews):
            return
        last, first = datetime.fromisoformat(ends), datetime.fromisoformat(renews)
        if self.until > first + (last - first) / 2:
            why = "it ends then, and no `up` has put a new one in its place: run `make up`"
            yield Finding("secret", ends, outputs.get("invoker_client_id") or "", why)

    def _failed(self) -> Iterator[Finding]:
        """The jobs that failed without another one for the same input that did not."""
        failed: dict[str, Job] = {}
        fine: set[str] = set()
        for job in operating.listed(self.caller, self.since - _SKEW):
            self.jobs += 1
            inputs = job.inputs
            for asked in inputs:
                blob = self._waiting.get(asked)
                if blob and _moment(job.created) >= blob.last_modified - _SKEW:
                    self._started.add(asked)
            key = " ".join(inputs) or job.name
            if job.ended and job.status != COMPLETED:
                failed[key] = job
            else:
                fine.add(key)
        bad = [(key, job) for key, job in failed.items() if key not in fine]
        for number, (key, job) in enumerate(bad):
            said = [f"it is {job.status}; its input is {key}"]
            if number < _EXPLAINED:
                with telling(said, "its reasons"):
                    said += [each.line for each in reasoning.why(self.caller, job.name)]
            yield Finding("job failed", job.created, job.name, "; ".join(said))

    def _letters(self) -> Iterator[Letter]:
        if self.caller.environment.get("dead_letter_account"):
            yield from dead_letters.listed(self.caller, self.since)


def _moment(text: str) -> datetime:
    """A job's time; of one that tells none, as if it were made a moment ago."""
    return datetime.fromisoformat(text) if text else datetime.now(UTC)

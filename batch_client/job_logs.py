"""A job's logs, read on from where they were read to, and what they tell of its progress.

No API tells how far a job is. The overview that the parallel runs of batch endpoints write does
(D:machine-learning/how-to-troubleshoot-batch-endpoints); its name has a time, and the last one is
the present one (MicrosoftDocs/azure-docs pull request 75658). The line is as a user quotes it
(azure-sdk-for-python issue 30421). A run's details name its logs' blobs there
(Azure/azureml-examples#1123), and azure-ai-ml's ``stream`` reads these while a job runs.
"""

import re
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from azure.storage.blob import BlobProperties, ContainerClient

from batch_client.caller import Caller
from batch_client.predictions import log_places

_LONGEST = 1024 * 1024
"""Bytes of a log that are read at a time, its last ones."""
_OVERVIEW = "job_progress_overview"
_PROCESSED = re.compile(r"Processed (\d+) of (\d+) mini batches(?: in ([\d:, a-z]+))?")


@dataclass(frozen=True)
class Progress:
    """How far a step of a job is.

    Attributes:
        step: its name; empty where the job has a single one.
        done: mini-batches that were processed, failed ones too.
        of: how many there are.
        passed: the time that this took, as the log has it.
    """

    step: str
    done: int
    of: int
    passed: str


@dataclass
class Logs:
    """The logs of one job."""

    caller: Caller
    job: str
    _read: dict[str, int] = field(default_factory=dict)
    _decoders: dict[str, IncrementalDecoder] = field(default_factory=dict)

    def more(self, wanted: Callable[[str], object] = bool) -> Iterator[tuple[str, str]]:
        """What was written since the last time: each log's name, after its step's, and text.

        Args:
            wanted: whether a log of this name is read.

        Raises:
            ClientError: they can't be read; a missing role is named.
        """
        for step, place in log_places(self.caller, self.job):
            url = place.container_url
            with self.caller.container(url, "read the logs", setting="callers") as client:
                for blob in client.list_blobs(name_starts_with=place.path):
                    log = blob.name[len(place.path) :].removeprefix("logs/")
                    name = f"{step}/{log}".removeprefix("/")
                    if wanted(log) and (text := self._more(client, blob)):
                        yield name, text

    def progress(self) -> list[Progress]:
        """How far each step is that tells it.

        Raises:
            ClientError: as ``more``.
        """
        newest: dict[str, Progress] = {}
        for name, text in sorted(self.more(lambda log: _OVERVIEW in log)):
            step = name.partition(_OVERVIEW)[0].removesuffix("user/").rstrip("/")
            for done, of, passed in _PROCESSED.findall(text):
                newest[step] = Progress(step, int(done), int(of), passed)
        return list(newest.values())

    def _more(self, client: ContainerClient, blob: BlobProperties) -> str:
        before = self._read.get(blob.name, 0)
        # One that got shorter was written anew.
        start = max(before if before <= blob.size else 0, blob.size - _LONGEST)
        if start >= blob.size:
            return ""
        if start != before or not before:
            self._decoders[blob.name] = getincrementaldecoder("utf-8")(errors="replace")
        content = client.download_blob(blob.name, offset=start).readall()
        self._read[blob.name] = start + len(content)
        return self._decoders[blob.name].decode(content)

"""Files that should have started a job: what landed in a stretch of time, and the filter takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from azure.storage.blob import BlobProperties

from batch_client.caller import Caller
from batch_client.verify.resources import Filter

_SUBJECT = "/blobServices/default/containers/{}/blobs/"


@dataclass(frozen=True)
class Landed:
    """Looks for files in the input container.

    Attributes:
        caller: who looks.
        chosen: the subscription's filter.
        since: start of the stretch of time, with a time zone.
        until: its end.
    """

    caller: Caller
    chosen: Filter
    since: datetime
    until: datetime

    def files(self) -> Iterator[tuple[str, BlobProperties]]:
        """Each blob that the filter takes, after the input that a job of it has.

        Raises:
            ClientError: they can't be read; a missing role is named.
        """
        url, chosen = self.caller.environment.container_url, self.chosen
        own = _SUBJECT.format(self.caller.environment.need("input_container"))
        prefix = chosen.begins_with.removeprefix(own) if chosen.begins_with.startswith(own) else ""
        for blob in self._blobs(url, prefix):
            folder = (blob.metadata or {}).get("hdi_isfolder") == "true"
            taken = f"/{blob.name}".endswith(chosen.ends_with)
            if taken and not folder and (blob.size or not chosen.skips_empty):
                yield self.input(f"{url}/{blob.name}"), blob

    def input(self, url: str) -> str:
        """The input that a blob's job has: itself, or the folder that it marks."""
        return url[: len(url) - len(self.chosen.marker)]

    def _blobs(self, url: str, prefix: str) -> Iterator[BlobProperties]:
        """The blobs that were last written in time; storage lists them page by page, by name."""
        with self.caller.container(url, "look for files") as client:
            for blob in client.list_blobs(name_starts_with=prefix, include=["metadata"]):
                if self.since <= blob.last_modified <= self.until:
                    yield blob

"""Which files start a job, as the event subscription has it, and which of them landed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from azure.storage.blob import BlobProperties

from batch_client.caller import Caller

CONTAINERS = "/blobServices/default/containers/"


def subject(container: str, path: str) -> str:
    """What an event tells of a blob, or what those of a folder's begin with."""
    return f"{CONTAINERS}{container}/blobs/{path}"


@dataclass(frozen=True)
class Filter:
    """Which files start a job.

    Attributes:
        source: resource id of the storage account.
        begins_with: start of the events' subject.
        ends_with: end of it; with a slash at its start it is a marker's name.
        skips_empty: whether blobs of zero bytes start none.
    """

    source: str
    begins_with: str
    ends_with: str
    skips_empty: bool = False

    @property
    def marker(self) -> str:
        """Name of the file that starts one job for its folder; empty where each file starts one."""
        return self.ends_with[1:] if self.ends_with.startswith("/") else ""

    def input(self, url: str) -> str:
        """The input that a blob's job has: itself, or the folder that it marks."""
        return url[: len(url) - len(self.marker)]

    def refusals(self, container: str, path: str, size: int | None) -> Iterator[str]:
        """Why no job is started for a blob, as far as its size is known, in bytes."""
        of_blob = subject(container, path)
        if not of_blob.startswith(self.begins_with):
            yield f"its path does not begin with {self.begins_with!r}, as the subscription wants"
        if not of_blob.endswith(self.ends_with):
            yield f"its name does not end with {self.ends_with!r}, as the subscription wants"
        if size == 0 and self.skips_empty:
            yield "it is empty, and the subscription takes no empty files"


def landed(
    caller: Caller, chosen: Filter, since: datetime, until: datetime
) -> Iterator[tuple[str, BlobProperties]]:
    """Each blob that a filter takes and that was last written then, after its job's input.

    Storage lists them page by page, by name.

    Raises:
        ClientError: they can't be read; a missing role is named.
    """
    url, name = caller.environment.container_url, caller.environment.need("input_container")
    below = chosen.begins_with.removeprefix(subject(name, ""))
    prefix = "" if below == chosen.begins_with else below
    with caller.container(url, "look for files", setting="operators") as client:
        for blob in client.list_blobs(name_starts_with=prefix, include=["metadata"]):
            is_folder = (blob.metadata or {}).get("hdi_isfolder") == "true"
            refused = any(chosen.refusals(name, blob.name, blob.size))
            if since <= blob.last_modified <= until and not (is_folder or refused):
                yield chosen.input(f"{url}/{blob.name}"), blob

"""A marked file on its way: dropped, told, scored, fetched, and all of it removed again."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from azure.core.exceptions import AzureError, ResourceNotFoundError

from client import predictions, scoring
from client.blobs import container
from client.errors import ClientError, UsageError
from client.invocation import FILE, FOLDER, Invocation, Port
from client.jobs import COMPLETED
from client.pipelines import SUCCEEDED
from client.rights import WRITE_BLOBS, Need, needing
from client.uploads import FOLDER_OF_UPLOADS
from client.uris import BlobPlace, blob_place

if TYPE_CHECKING:
    from client.caller import Caller
    from client.jobs import Job
    from client.verify.resources import Filter

_SHOWN = 100


def mark() -> str:
    """What the names of a trial's files begin with; no other trial has it."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"verify-{stamp}-{uuid4().hex[:8]}"


@dataclass
class Trial:
    """A file that is dropped for a trial.

    Attributes:
        caller: who drops it.
        sample: a local file that the deployed model can score.
        name: what the names begin with.
        places: what is to be removed in the end.
    """

    caller: Caller
    sample: Path
    name: str = field(default_factory=mark)
    places: list[BlobPlace] = field(default_factory=list)

    def allowed(self) -> str:
        """What whoever verifies may do, found out before anything is dropped, in words.

        Storage refuses before it looks (UNVERIFIED): deleting a blob that is not there tells
        whether one may.

        Raises:
            ClientError: a role is missing; the message names it.
        """
        inputs = self.caller.environment.container_url
        with (
            needing(_dropping(inputs)),
            container(inputs, self.caller.credential) as client,
            suppress(ResourceNotFoundError),
        ):
            client.delete_blob(self.name)
        return f"drop files{self._may_read()}"

    def _may_read(self) -> str:
        """Where a stack's own `job_outputs` or pipelines lead is not among its outputs."""
        environment = self.caller.environment
        told = environment.get("event_predictions_url")
        if not told and (environment.get("workflow_id") or environment.get("factory_id")):
            return ""
        place = blob_place(told or environment.need("predictions_url"))
        scope = f"the container {place.container_url}"
        with (
            needing(Need("read the predictions", WRITE_BLOBS, scope, "publishers")),
            container(place.container_url, self.caller.credential) as client,
        ):
            next(iter(client.list_blob_names(name_starts_with=self.name)), None)
        return ", read predictions"

    def drop(self, chosen: Filter) -> BlobPlace:
        """Drop the file where it starts a job; what raises the event.

        Raises:
            UsageError: the sample's name does not fit the filter.
        """
        watched = self.caller.environment.get("input_folder") or ""
        if chosen.marker:
            folder = f"{watched}{self.name}/"
            self._put(self.sample, f"{folder}{self.sample.name}")
            return self._put(None, f"{folder}{chosen.marker}")
        if not self.sample.name.endswith(chosen.ends_with):
            message = (
                f"Only files whose names end with {chosen.ends_with!r} start a job; the sample is "
                f"{self.sample.name!r}: give another one by --sample (`make verify SAMPLE=`)."
            )
            raise UsageError(message)
        return self._put(self.sample, f"{watched}{self.name}-{self.sample.name}")

    def invoke(self) -> Job:
        """Upload the file and start a job for it without an event.

        Raises:
            ClientError: it could not be started.
        """
        port = scoring.upload_input(self.caller, self.sample, nested=False)
        self.places.append(blob_place(port.value))
        inputs = {self.caller.environment.input_name: Port(FILE, port.value)}
        return scoring.invoke(self.caller, Invocation(inputs))

    def run_pipeline(self) -> str:
        """Drop the file in a folder of its own and run the pipeline for it; the run's id.

        Raises:
            ClientError: it could not be started.
        """
        folder = f"{FOLDER_OF_UPLOADS}/{self.name}/"
        place = self._put(self.sample, f"{folder}{self.sample.name}")
        parameters = {
            "endpoint_input_uri": place.url.rpartition("/")[0] + "/",
            "endpoint_input_type": FOLDER,
        }
        pipeline = self.caller.environment.need("pipeline_name")
        return scoring.run_pipeline(self.caller, pipeline, parameters)

    def job_of_pipeline(self, run: str, seconds: float) -> str:
        """Name of the job of a pipeline run, which has Succeeded.

        Raises:
            ClientError: it ended otherwise, or has not ended.
        """
        ended = scoring.follow_pipeline(self.caller, run, seconds)
        if ended.status != SUCCEEDED:
            message = f"The pipeline run {run} ended as {ended.status}: {ended.message}"
            raise ClientError(message)
        return scoring.job_of_pipeline(self.caller, run)

    def follow(self, name: str, seconds: float) -> Job:
        """The job when it is Completed.

        Raises:
            ClientError: it ended otherwise, or has not ended.
        """
        job = scoring.follow(self.caller, name, seconds)
        if job.status != COMPLETED:
            raise ClientError(scoring.ending(job))
        return job

    def rows(self, job: Job) -> str:
        """The first row of the job's predictions.

        Raises:
            ClientError: there is none.
        """
        found = predictions.places(self.caller, job)
        self.places += found.values()
        with tempfile.TemporaryDirectory() as folder:
            files = scoring.fetch(self.caller, job, Path(folder), replace=False)
            texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
        first = next((line for text in texts for line in text.splitlines() if line.strip()), "")
        if not first:
            message = f"The predictions of {job.name} are empty: look at the scoring script."
            raise ClientError(message)
        return first[:_SHOWN]

    def remove(self) -> list[str]:
        """Remove what was dropped and what came of it; the URLs of what is left."""
        return [place.url for place in self.places if not self._removed(place)]

    def _put(self, source: Path | None, blob: str) -> BlobPlace:
        """Write a file under another name; an empty one without a source."""
        place = BlobPlace(self.caller.environment.container_url, blob)
        self.places.append(place)
        content = source.read_bytes() if source else b""
        with (
            needing(_dropping(place.container_url)),
            container(place.container_url, self.caller.credential) as client,
        ):
            client.upload_blob(blob, content, overwrite=True)
        return place

    def _removed(self, place: BlobPlace) -> bool:
        try:
            with container(place.container_url, self.caller.credential) as client:
                for blob in client.list_blob_names(name_starts_with=place.path):
                    client.delete_blob(blob)
        except ResourceNotFoundError:
            return True
        except AzureError:
            return False
        return True


def _dropping(container_url: str) -> Need:
    return Need("drop a file", WRITE_BLOBS, f"the container {container_url}", "callers")

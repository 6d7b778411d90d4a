"""A marked file on its way: dropped, told, scored, fetched, and all of it removed again."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.blob import ContainerClient

from batch_client import predictions, scoring
from batch_client.answers import RefusedError
from batch_client.blobs import container
from batch_client.caller import Caller
from batch_client.errors import ClientError, UsageError
from batch_client.invocation import FILE, Invocation, Port
from batch_client.jobs import COMPLETED, Job
from batch_client.pipelines import SUCCEEDED
from batch_client.rights import WRITE_BLOBS, MissingRoleError, Need
from batch_client.uploads import FOLDER_OF_UPLOADS
from batch_client.uris import BlobPlace, blob_place
from batch_client.verify.filters import Filter
from batch_client.verify.resources import Deployment, Resources
from batch_client.verify.runs import Dropped
from batch_client.verify.stack import Pipeline, Stack, containers, misfits

SAMPLE = Path(__file__).with_name("digit-7.pgm")
"""What the model that this project comes with can score; of `samples`, which a caller has not."""

_SHOWN = 100
_ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"
_INVOKING = (f"{_ENDPOINTS}/jobs/write", f"{_ENDPOINTS}/deployments/jobs/write")
_FACTORIES = "Microsoft.DataFactory/factories"
_STARTING = (f"{_FACTORIES}/pipelines/createrun/action",)
_FOLLOWING = (
    f"{_FACTORIES}/pipelineruns/read",
    f"{_FACTORIES}/pipelineruns/queryactivityruns/action",
)


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

    def allowed(self, stack: Stack) -> str:
        """What whoever verifies may do, in words; found out before anything is dropped.

        Raises:
            UsageError: the sample does not fit.
            ClientError: a role is missing, or several; the message names each.
        """
        told = misfits(stack, self.sample, self.caller.environment, own=self.sample == SAMPLE)
        problems: list[ClientError] = [UsageError(sentence) for sentence in told]
        may = []
        for what, look in self._looks(stack):
            try:
                found = look()
            except MissingRoleError as refusal:
                problems.append(refusal)
            else:
                may.append(f"{what}{found}")
        if problems:
            raise _joined(problems, self.caller.manager.object_id())
        return ", ".join(may)

    def _looks(self, stack: Stack) -> Iterator[tuple[str, Callable[[], str]]]:
        """Each thing that will be done, and what finds out whether one may."""
        yield "drop files", self._may_drop
        yield "follow jobs", self._may_follow
        if stack.deployment.rows:
            yield "read predictions", partial(self._may_read, stack)
        if stack.pipeline:
            actions = _FOLLOWING if stack.chosen else (*_STARTING, *_FOLLOWING)
            factory = self.caller.environment.need("factory_id")
            need = self.caller.pipelines.need("run and follow pipelines")
            yield "follow pipelines", partial(self._may, need, factory, actions)
        if stack.invoked_by_hand:
            need = self.caller.invoking("invoke the endpoint")
            endpoint = Resources(self.caller).endpoint_id
            yield "invoke the endpoint", partial(self._may, need, endpoint, _INVOKING)

    def _may_drop(self) -> str:
        """Storage refuses before it looks (UNVERIFIED): deleting no blob tells it."""
        with self._dropping() as client, suppress(ResourceNotFoundError):
            client.delete_blob(self.name)
        return ""

    def _may_follow(self) -> str:
        """A private endpoint refuses whoever is outside of its network before it looks."""
        with suppress(RefusedError):
            self.caller.job(self.name, "follow jobs")
        return ""

    def _may_read(self, stack: Stack) -> str:
        found = containers(self.caller, stack)
        inputs = self.caller.environment.container_url
        given = {_host(self.caller.environment.need("predictions_url")), _host(inputs)}
        for url in found:
            setting = "callers" if _host(url) in given else ""
            with self.caller.container(url, "read the predictions", setting=setting) as client:
                next(iter(client.list_blob_names(name_starts_with=self.name)), None)
        return f" in {', '.join(found)}"

    def _may(self, need: Need, scope: str, actions: tuple[str, ...]) -> str:
        if missing := Resources(self.caller).lacking(scope, actions):
            raise need.refused(f"no role of yours allows {', '.join(missing)}")
        return ""

    def drop(self, chosen: Filter) -> Dropped:
        """Drop the file where it starts a job; what raises the event.

        Raises:
            ClientError: it may not be written.
        """
        watched = self.caller.environment.get("input_folder") or ""
        if chosen.marker:
            folder = f"{watched}{self.name}/"
            self._put(self.sample, f"{folder}{self.sample.name}")
            return self._put(None, f"{folder}{chosen.marker}")
        return self._put(self.sample, f"{watched}{self.name}-{self.sample.name}")

    def invoke(self, kind: str) -> Job:
        """Upload the file and start a job for it, or for its folder, without an event.

        Args:
            kind: ``UriFile`` or ``UriFolder``.

        Raises:
            ClientError: it could not be started.
        """
        place = blob_place(scoring.upload_input(self.caller, self.sample, nested=False).value)
        self.places.append(place)
        inputs = {self.caller.environment.input_name: _as_input(place, kind)}
        return scoring.invoke(self.caller, Invocation(inputs))

    def run_pipeline(self, pipeline: Pipeline) -> str:
        """Drop the file in a folder of its own and run the pipeline for it; the run's id.

        Raises:
            ClientError: it could not be started.
        """
        folder = f"{FOLDER_OF_UPLOADS}/{self.name}/"
        put = self._put(self.sample, f"{folder}{self.sample.name}")
        given = _as_input(put.place, pipeline.input_type)
        parameters = {"endpoint_input_uri": given.value, "endpoint_input_type": given.type}
        return scoring.run_pipeline(self.caller, pipeline.name, parameters)

    def job_of_pipeline(self, run: str, seconds: float) -> str:
        """Name of the job of a pipeline run, which has Succeeded.

        Raises:
            ClientError: it ended otherwise, or has not ended.
        """
        ended = scoring.follow_pipeline(self.caller, run, seconds)
        if ended.status != SUCCEEDED:
            message = f"The pipeline run {run} ended as {ended.status}: {ended.message}"
            raise ClientError(message)
        return self.caller.pipelines.job_name(run)

    def follow(self, name: str, seconds: float) -> Job:
        """The job when it is Completed.

        Raises:
            ClientError: it ended otherwise, or has not ended.
        """
        job = scoring.follow(self.caller, name, seconds)
        if job.status != COMPLETED:
            raise ClientError(f"{scoring.ending(job)}{self._unfit()}")
        return job

    def rows(self, job: Job, deployment: Deployment) -> str:
        """The first row of the job's predictions, or that there are to be none.

        Raises:
            ClientError: there is none.
        """
        found = predictions.places(self.caller, job)
        self.places += found.values()
        if not deployment.rows:
            return "none: the deployment writes a summary only"
        with tempfile.TemporaryDirectory() as folder:
            files = scoring.fetch(self.caller, job, Path(folder), replace=False)
            texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
        first = next((line for text in texts for line in text.splitlines() if line.strip()), "")
        if not first:
            what = "the pipeline's steps" if deployment.pipeline else "the scoring script"
            message = f"The predictions of {job.name} are empty: look at {what}.{self._unfit()}"
            raise ClientError(message)
        return first[:_SHOWN]

    def _unfit(self) -> str:
        """What to do where it was this project's own sample that went wrong."""
        if self.sample != SAMPLE:
            return ""
        return (
            f" The sample {SAMPLE.name!r} is an image of a digit: if your model scores something "
            "else, give a file that it can score by --sample (`make verify SAMPLE=`)."
        )

    def remove(self) -> list[str]:
        """Remove what was dropped and what came of it; the URLs of what is left."""
        return [place.url for place in self.places if not self._removed(place)]

    def _put(self, source: Path | None, blob: str) -> Dropped:
        """Write a file under another name; an empty one without a source."""
        place = BlobPlace(self.caller.environment.container_url, blob)
        self.places.append(place)
        content = source.read_bytes() if source else b""
        with self._dropping() as client:
            written = client.get_blob_client(blob).upload_blob(content, overwrite=True)
        return Dropped(place, written["last_modified"])

    def _dropping(self) -> AbstractContextManager[ContainerClient]:
        inputs = self.caller.environment.container_url
        return self.caller.container(inputs, "drop a file", WRITE_BLOBS, "callers")

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


def _as_input(place: BlobPlace, kind: str) -> Port:
    """A blob, or the folder that it lies in."""
    return Port(kind, place.url if kind == FILE else f"{place.url.rpartition('/')[0]}/")


def _joined(problems: list[ClientError], who: str) -> ClientError:
    """All of them in one; whoever is to get a role is named by object id."""
    roles = [each for each in problems if isinstance(each, MissingRoleError)]
    said = [str(each) for each in problems]
    if roles and who:
        said.append(f"Your object id is {who}.")
    return ClientError(" ".join(said)) if roles else UsageError(" ".join(said))


def _host(url: str) -> str:
    return urlsplit(url).netloc

"""What a stack is made of, as far as proving it depends on that: found before anything is dropped.

The outputs tell which ways there are; where predictions go and what is taken is read where it is in
force: from the workflow's parameters, the pipeline's defaults, the default deployment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.errors import ClientError
from batch_client.invocation import ASSET_TYPES, FILE, FOLDER
from batch_client.predictions import DEFAULT_DATASTORE, container_of
from batch_client.uris import datastore_path
from batch_client.verify.filters import CONTAINERS, Filter
from batch_client.verify.resources import Deployment, Resources

SCORING = "Score-Folder"
"""The pipeline that each of this program's pipelines calls, or is."""

_BY_SAMPLE = "give one by --sample (`make verify SAMPLE=`)"


@dataclass(frozen=True)
class Pipeline:
    """The data factory's pipeline that is run.

    Attributes:
        name: its name.
        input_type: what it takes, ``UriFile`` or ``UriFolder``.
        output: datastore URI that its predictions lie below.
        copied_to: container and folder that they are copied on to; empty where they are not.
        copies_before: whether it stands for the stack's own, which copies from elsewhere first.
    """

    name: str
    input_type: str
    output: str
    copied_to: str = ""
    copies_before: bool = False


@dataclass(frozen=True)
class Stack:
    """A stack's way from a sample to predictions.

    Attributes:
        deployment: the endpoint's default one.
        chosen: which files start a job; None without blob events.
        pipeline: what waits for the job; None where no data factory takes part.
        input_type: as what a file that is invoked by hand is given, ``UriFile`` or ``UriFolder``.
        outputs: datastore URIs that the job's outputs lie below; empty where none is named.
    """

    deployment: Deployment
    chosen: Filter | None
    pipeline: Pipeline | None
    input_type: str
    outputs: tuple[str, ...]

    @property
    def invoked_by_hand(self) -> bool:
        """Whether nothing in the stack starts a job."""
        return self.chosen is None and self.pipeline is None


def of_events(resources: Resources, deployment: Deployment, chosen: Filter) -> Stack:
    """A stack whose workflow is told of files."""
    given = resources.workflow_parameters()
    if name := given.get("pipeline_name"):
        pipeline = pipeline_of(resources, str(name), by_marker=True)
        return Stack(deployment, chosen, pipeline, FOLDER, (pipeline.output,))
    named = {} if given.get("plain_payload") else given.get("job_outputs") or {}
    return Stack(deployment, chosen, None, FILE, tuple(_below(port) for port in named.values()))


def _below(port: Mapping[str, str]) -> str:
    """An output's URI; one that is no file ends with a slash."""
    return port["Uri"] if port["JobOutputType"] == FILE else f"{port['Uri'].rstrip('/')}/"


def of_pipeline(resources: Resources, deployment: Deployment, name: str) -> Stack:
    """A stack whose data factory is started by hand or by a schedule."""
    pipeline = pipeline_of(resources, name, by_marker=False)
    return Stack(deployment, None, pipeline, pipeline.input_type, (pipeline.output,))


def by_hand(deployment: Deployment, input_name: str) -> Stack:
    """A stack that callers alone use."""
    declared = deployment.inputs.get(input_name) or {}
    kind = ASSET_TYPES.get(str(declared.get("type")), FILE)
    return Stack(deployment, None, None, kind, ())


def pipeline_of(resources: Resources, name: str, *, by_marker: bool) -> Pipeline:
    """The pipeline to run: the stack's own, or what it calls where it would copy from elsewhere."""
    own = resources.pipeline_defaults(name)
    takes_a_folder = by_marker or "endpoint_input_uri" in own
    meant = own if takes_a_folder else resources.pipeline_defaults(SCORING)
    output = meant.get("output_folder") or _datastore(meant.get("output_datastore"))
    to = [own.get("destination_container"), own.get("destination_folder")]
    return Pipeline(
        name if takes_a_folder else SCORING,
        str(meant.get("endpoint_input_type") or FOLDER),
        str(output),
        "/".join(str(part) for part in to if part) if takes_a_folder else "",
        copies_before=not takes_a_folder,
    )


def _datastore(name: Any) -> str:
    return f"azureml://datastores/{name or DEFAULT_DATASTORE}/paths/"


def containers(caller: Caller, stack: Stack) -> list[str]:
    """URLs of the containers that predictions will lie in."""
    found = {
        container_of(caller, place.datastore): None
        for uri in stack.outputs or (_datastore(None),)
        if (place := datastore_path(uri))
    }
    return list(found)


def apart(caller: Caller, stack: Stack) -> str:
    """Where jobs write, in words, none of which is where files start jobs.

    A folder that the watched one lies in is taken for watched as well. Where jobs keep what has no
    name is known in part (`batch_client.predictions`), so a watched account is taken as a whole.

    Raises:
        ClientError: one is, so that each job would start the next one.
    """
    told = []
    for uri in (*stack.outputs, f"{_datastore(None)}azureml/"):
        place, chosen = datastore_path(uri), stack.chosen
        if place is None or chosen is None:
            continue
        container = container_of(caller, place.datastore)
        written = f"{container}/{place.path}"
        if _starts_a_job(written, chosen):
            message = (
                f"Jobs write to {written}, where new files start jobs: each would start the next "
                f"one, for ever. The datastore {place.datastore!r} has to lie elsewhere, or the "
                "output (`blob_events.job_outputs`, `data_factory.output_folder`), or what is "
                "watched (`storage.folder`, `blob_events.extension_filter`). Nothing was dropped."
            )
            raise ClientError(message)
        told.append(written)
    return ", ".join(told)


def _starts_a_job(url: str, chosen: Filter) -> bool:
    host, _, path = url.removeprefix("https://").partition("/")
    watched = chosen.begins_with.removeprefix(CONTAINERS).replace("/blobs/", "/", 1)
    return (
        host.partition(".")[0] == chosen.source.rpartition("/")[2].lower()
        and (path.startswith(watched) or watched.startswith(path))
        and path.endswith(("/", chosen.ends_with))
    )


def secret_left(ends: str, renews: str, now: datetime) -> str:
    """How long the invoker's client secret is good for, and what to do once another one is due.

    Args:
        ends: when it ends, as the stack's outputs tell it: RFC 3339.
        renews: from when on an `up` puts another one in its place, likewise.
        now: the time, in UTC.

    Raises:
        ClientError: it has ended.
    """
    left = datetime.fromisoformat(ends) - now
    advice = "run `make up`: it puts a new one in its place"
    if left <= timedelta():
        raise ClientError(f"It has ended ({ends}), so nothing is invoked: {advice}.")
    told = f"ends in {left.days} days ({ends})"
    return told if now < datetime.fromisoformat(renews) else f"{told}: {advice}"


def misfits(stack: Stack, sample: Path, environment: Environment, *, own: bool) -> Iterator[str]:
    """Why the sample can't prove the stack, in a sentence each.

    Args:
        stack: what is proved.
        sample: the file.
        environment: the stack's outputs.
        own: whether it is the one that this project comes with.
    """
    chosen, deployment = stack.chosen, stack.deployment
    if chosen and not chosen.marker and not sample.name.endswith(chosen.ends_with):
        yield (
            f"Only files whose names end with {chosen.ends_with!r} start a job; the sample is "
            f"{sample.name!r}: {_BY_SAMPLE}."
        )
    elif own and deployment.pipeline:
        yield (
            f"The default deployment {deployment.name} is a pipeline component, and the sample "
            f"{sample.name!r} is an image of a digit: {_BY_SAMPLE} that the pipeline can read."
        )
    if stack.invoked_by_hand:
        yield from _unsaid(deployment.inputs, environment.input_name)


def _unsaid(declared: Mapping[str, Any], name: str) -> Iterator[str]:
    """What a pipeline component asks for that nothing in the outputs answers."""
    if declared and name not in declared:
        yield f"The pipeline component takes {_listed(declared)}, none called {name!r}. {_SCORE}"
    needed = {
        key: port
        for key, port in declared.items()
        if key != name and not port.get("optional") and port.get("default") is None
    }
    if needed:
        yield f"The pipeline component needs {_listed(needed)} as well. {_SCORE}"


_SCORE = (
    "Without blob events or a data factory the stack does not say it: try it by "
    "`batch-events score --input NAME=DATA --literal NAME=TEXT`."
)


def _listed(ports: Mapping[str, Any]) -> str:
    return ", ".join(repr(name) for name in sorted(ports))

"""Nothing that a stack writes may start its own next job: such a stack never ends.

A watched place is an account, what paths in it (`<container>/<name>`) begin with, and what they end
with. Not listed is what lies where no stack can watch: dead letters in the stack's own container,
and the storage of a workspace that is new, each in an account that `up` makes.
"""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import unquote

from components.settings import watched
from components.settings.ports import INPUT, PREDICTIONS
from components.settings.problems import UNSAID, Misfit
from components.settings.settings import Settings

COPIED = "copied/"
"""Folder of the input container that inputs are copied to, in a folder for each run."""

_ML = "Microsoft.MachineLearningServices"
_NEW = ""
"""Stands for the name of an account that the stack makes for its inputs."""

_DATASTORE = (
    "azureml:/(?:/(subscriptions/[^/]+/resource[gG]roups/[^/]+)/workspaces/([^/]+))?"
    "/datastores/([^/]+)/paths/(.*)"
)
_OF_WORKSPACES = "azureml://datastores/workspaceblobstore/paths/batch/"
"""Where pipelines write if no key says so."""

_LOGS = "azureml"
"""Container of the logs of a workspace's jobs."""


class Place(NamedTuple):
    """Where a stack writes whenever a job, a run or an event makes it, and what."""

    key: str
    """The key that says so; empty where none does, so that what is watched has to be another."""

    what: str
    """What is written there, in words."""

    path: str
    """What its paths begin with: `<container>/<folder>`, or the folder alone of a datastore."""

    account: str | None = _NEW
    """Name of the account; None where only the datastore tells it."""

    ending: str = ""
    """What its paths end with; empty where that isn't known."""

    datastore_id: str = ""
    """Resource id of a datastore of a workspace that is there already."""

    write: Any = UNSAID
    """A value of the key that would be accepted; unsaid, its example."""


class Watched(NamedTuple):
    """Which blobs start a job."""

    path: str
    account: str
    ending: str
    key: str
    """The key that says where."""

    ending_key: str


def meets(place: Place, seen: Watched) -> bool:
    """Whether a blob that is written at a place may be a watched one.

    A folder that the watched one lies in meets it too: a run may name any folder in it.
    """
    return (
        place.account == seen.account
        and _either(str.startswith, place.path, seen.path)
        and _either(str.endswith, place.ending.lower(), seen.ending.lower())
    )


def _either(begins: Callable[[str, str], bool], one: str, other: str) -> bool:
    return begins(one, other) or begins(other, one)


def refusal(place: Place, seen: Watched) -> Misfit:
    """What has to change where a place meets what is watched."""
    because = f"{place.what} would start jobs"
    if place.key:
        accepted = f"a place apart from {seen.path}, which is watched: {because}"
        if not seen.path:
            accepted = f"nothing in the account, all of which is watched: {because}"
        return Misfit(place.key, accepted, place.write)
    if place.ending:
        accepted = f"an end of names apart from {place.ending}: {because}"
        return Misfit(seen.ending_key, accepted, place.write)
    if seen.path:
        write = "incoming/" if seen.key == "storage.folder" else None
        return Misfit(seen.key, f"a folder apart from {place.path}: {because}", write)
    return Misfit(seen.key, f"false: {because}", write=False)


def watched_of(settings: Settings) -> Watched | None:
    """Which blobs start a job; None where none does."""
    events = settings.blob_events
    if not events.enabled:
        return None
    widest_first = ("watch_whole_account", "prefix_filter")
    key = next((f"blob_events.{each}" for each in widest_first if getattr(events, each)), None)
    ending_key = "marker_name" if events.marker_name else "extension_filter"
    return Watched(
        watched.path_of(settings.prefix_filter),
        _inputs(settings),
        events.ends_with or "",
        key or "storage.folder",
        f"blob_events.{ending_key}",
    )


def places(settings: Settings) -> tuple[Place, ...]:
    """Every place that a stack writes."""
    return tuple(place for row in (*_ROWS, _own_storage_of_a_workspace) for place in row(settings))


def _inputs(settings: Settings) -> str:
    return last_name(settings.storage.existing or _NEW)


def last_name(resource_id: str) -> str:
    """The name of what a resource id is of; those of accounts are unique in all of Azure."""
    return resource_id.rpartition("/")[2].lower()


def _copied_before(settings: Settings) -> Iterator[Place]:
    copying = {
        "data_factory.copy_before": settings.data_factory.copy_before,
        "data_factory.window": settings.data_factory.window,
        "retrain_on_event": settings.workspace_events.retrain_on_event,
    }
    for key in [key for key, copies in copying.items() if copies][:1]:
        path = f"{settings.storage.container}/{COPIED}"
        yield Place("", f"what {key} copies", path, _inputs(settings))


def _copied_after(settings: Settings) -> Iterator[Place]:
    if after := settings.data_factory.copy_after:
        key, path = "data_factory.copy_after", f"{after.container}/{after.folder}"
        yield Place(key, "what copy_after copies", path, last_name(after.account_id))


def _outputs_of_pipelines(settings: Settings) -> Iterator[Place]:
    factory = settings.data_factory
    container = factory.output_container
    if container and container != settings.storage.container:
        key = "data_factory.output_container"
        yield Place(key, "predictions", f"{container}/", _inputs(settings), write=None)
    elif factory.enabled:
        uri = factory.output_folder or _OF_WORKSPACES
        place = Place("data_factory.output_folder", "predictions", "")
        yield _in_datastore(settings, place, uri)


def _outputs_of_jobs(settings: Settings) -> Iterator[Place]:
    for name, port in settings.blob_events.job_outputs.items():
        # A file is named to its end, whatever stands for the event's id; in a folder anything is.
        parts = port.uri.split(INPUT)
        ending = parts[-1] if port.type == "UriFile" else ""
        place = Place("blob_events.job_outputs", f"the output {name}", "", ending=ending)
        yield _in_datastore(settings, place, parts[0])


def _in_datastore(settings: Settings, place: Place, uri: str) -> Place:
    """Where an accepted URI of a datastore is, in the account or in a workspace that is there."""
    group, workspace, name, path = re.findall(_DATASTORE, uri)[0]
    path, adopted = re.sub("/+", "/", unquote(path)).removeprefix("/"), settings.workspace_id or ""
    there = f"/{group}/providers/{_ML}/workspaces/{workspace}" if group else adopted
    # Containers that a stack registers as datastores, by their names.
    registered = {
        "batch_inputs": settings.storage.container,
        "batch_outputs": settings.data_factory.output_container,
    }
    suffix = f"_{settings.stack}" if adopted else ""
    own = {re.sub(r"\W", "_", f"{each}{suffix}"): told for each, told in registered.items()}
    if there.lower() == adopted.lower() and own.get(name):
        return place._replace(path=f"{own[name]}/{path}", account=_inputs(settings))
    datastore_id = f"{there}/datastores/{name}" if there else ""
    return place._replace(path=path, account=None, datastore_id=datastore_id)


def _outputs_beside_inputs(settings: Settings) -> Iterator[Place]:
    if settings.blob_events.predictions_beside_inputs:
        what, path = "predictions beside inputs", f"{settings.storage.container}/"
        yield Place("", what, path, _inputs(settings), PREDICTIONS, write=".pgm")


def _claims(settings: Settings) -> Iterator[Place]:
    container = settings.workflows.handled_events_container
    if container != settings.storage.container:
        what = "notes of handled events, in handled_events_container,"
        yield Place("", what, f"{container}/", _inputs(settings), ".json")


def _own_storage_of_a_workspace(settings: Settings) -> Iterator[Place]:
    """What jobs leave where no key says so; that of a new workspace is an account of its own."""
    if workspace := settings.workspace_id:
        what, stores = "what jobs leave in the workspace's own storage", f"{workspace}/datastores/"
        made = "" if settings.endpoint.existing else settings.endpoint.name
        for folder in ["azureml/", *([f"{made}/"] if made else [])]:
            yield Place("", what, folder, None, datastore_id=f"{stores}workspaceblobstore")
        if settings.storage.container == _LOGS:
            yield Place("", what, "", None, datastore_id=f"{stores}workspaceartifactstore")


_ROWS = (
    _copied_before,
    _copied_after,
    _outputs_of_pipelines,
    _outputs_of_jobs,
    _outputs_beside_inputs,
    _claims,
)


def _rule(row: Callable[[Settings], Iterator[Place]]) -> Callable[[Settings], Iterator[Misfit]]:
    @wraps(row)
    def rule(settings: Settings) -> Iterator[Misfit]:
        seen = watched_of(settings)
        for each in row(settings):
            if seen and meets(each, seen):
                yield refusal(each, seen)

    return rule


def containers_are_apart(settings: Settings) -> Iterator[Misfit]:
    """Each container that a stack makes beside its inputs is another one."""
    taken = {settings.storage.container: "storage.container"}
    others = {
        "data_factory.output_container": settings.data_factory.output_container,
        "workflows.handled_events_container": settings.workflows.handled_events_container,
    }
    for key, container in others.items():
        if container in taken:
            yield Misfit(key, f"another container than {taken[container]}")
        if container:
            taken[container] = key


def a_window_s_files_start_nothing_else(settings: Settings) -> Iterator[Misfit]:
    """No file is scored by its window and by its event, too."""
    window, seen = settings.factory and settings.data_factory.window, watched_of(settings)
    if not window or not seen:
        return
    source, path = window.copy_from, f"{settings.storage.container}/{settings.storage.folder}"
    account = _inputs(settings)
    if source:
        path, account = f"{source.container}/{source.folder}", last_name(source.account_id)
    if meets(Place("", "", path, account), seen):
        accepted = (
            f"false, because data_factory.window scores the files of {path}, and each would be"
            " scored by its event as well; or let window.copy_from be another folder"
        )
        yield Misfit("blob_events.enabled", accepted, write=False)


RULES = (
    *map(_rule, _ROWS),
    containers_are_apart,
    a_window_s_files_start_nothing_else,
)

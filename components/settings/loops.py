"""Nothing that a stack writes, or raises, may start its own next job: such a stack never ends.

A watched place is an account, what paths in it (`<container>/<name>`) begin with, and what they end
with. Not listed is what lies where no stack can watch: dead letters in the stack's own container,
and the storage of a workspace that is new, each in an account that `up` makes.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from components.data_factory import pipelines
from components.settings import watched
from components.settings.events import retraining
from components.settings.events.event_types import full_name
from components.settings.payload import INPUT, PREDICTIONS
from components.settings.problems import UNSAID, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from components.settings.rules import Accepted

COPIED = "copied/"
"""Folder of the input container that inputs are copied to, in a folder for each run."""

_ML = "Microsoft.MachineLearningServices"
_NEW = ""
"""Stands for the name of an account that the stack makes for its inputs."""

_OF_JOBS = {full_name("RunCompleted"), full_name("RunStatusChanged")}
"""Events that each job raises in its workspace."""

_DATASTORE = re.compile(
    "azureml:/(?:/(subscriptions/[^/]+/resource[gG]roups/[^/]+)/workspaces/([^/]+))?"
    "/datastores/([^/]+)/paths/(.*)"
)
_OF_WORKSPACES = "azureml://datastores/workspaceblobstore/paths/batch/"
"""Where pipelines write if no key says so."""

_LOGS = "azureml"
"""Container of the logs of a workspace's jobs."""

_REGISTERED = {"batch_inputs": "input_container", "batch_outputs": "output_container"}
"""Containers that a stack registers as datastores, by these names."""


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


def refusal(place: Place, seen: Watched) -> Broken:
    """What has to change where a place meets what is watched."""
    because = f"{place.what} would start jobs"
    if place.key:
        accepted = f"a place apart from {seen.path}, which is watched: {because}"
        if not seen.path:
            accepted = f"nothing in the account, all of which is watched: {because}"
        return Broken(place.key, accepted, place.write)
    if place.ending:
        accepted = f"an end of names apart from {place.ending}: {because}"
        return Broken(seen.ending_key, accepted, place.write)
    if seen.path:
        write = "incoming/" if seen.key == "input_folder" else ""
        return Broken(seen.key, f"a folder apart from {place.path}: {because}", write)
    return Broken(seen.key, f"false: {because}", write=False)


def prefix_filter(values: Mapping[str, Any]) -> str:
    """The prefix of the subjects that start a job; empty for the whole account."""
    if values["watch_whole_account"]:
        return ""
    folder = watched.folder_with_slash(values["input_folder"])
    return str(values["prefix_filter"]) or watched.prefix_of(values["input_container"], folder)


def watched_of(values: Accepted) -> Watched | None:
    """Which blobs start a job; None where none does."""
    if not values["blob_events"]:
        return None
    widest_first = ("watch_whole_account", "prefix_filter", "input_folder")
    key = next((each for each in widest_first if values[each]), "input_folder")
    by_marker = values["trigger_on"] == "folder_marker"
    ending_key = "marker_name" if by_marker else "extension_filter"
    ending = f"/{values[ending_key]}" if by_marker else values[ending_key]
    return Watched(watched.path_of(prefix_filter(values)), _inputs(values), ending, key, ending_key)


def places(values: Accepted) -> tuple[Place, ...]:
    """Every place that a stack writes, from a value for each key that there is."""
    return tuple(place for row in (*_ROWS, _own_storage_of_a_workspace) for place in row(values))


def _inputs(values: Accepted) -> str:
    return last_name(values["existing_storage_account_id"])


def last_name(resource_id: str) -> str:
    """The name of what a resource id is of; those of accounts are unique in all of Azure."""
    return resource_id.rpartition("/")[2].lower()


def _workspace(values: Accepted) -> str:
    """Resource id of a workspace that is there already."""
    return str(values["existing_endpoint"].get("workspace_id") or values["existing_workspace_id"])


def _copied_before(values: Accepted) -> Iterator[Place]:
    for key in ("copy_before", "retrain_on_event"):
        if values[key]:
            path = f"{values['input_container']}/{COPIED}"
            yield Place("", f"what {key} copies", path, _inputs(values))
            return


def _copied_after(values: Accepted) -> Iterator[Place]:
    if after := values["copy_after"]:
        path = f"{after['container']}/{watched.folder_with_slash(after['folder'])}"
        yield Place("copy_after", "what copy_after copies", path, last_name(after["account_id"]))


def _outputs_of_pipelines(values: Accepted) -> Iterator[Place]:
    container, key = values["output_container"], "pipeline_output_folder"
    if container and container != values["input_container"]:
        path = f"{container}/"
        yield Place("output_container", "predictions", path, _inputs(values), write="")
    elif values["data_factory"]:
        uri = values[key] or _OF_WORKSPACES
        yield _in_datastore(values, Place(key, "predictions", ""), uri)


def _outputs_of_jobs(values: Accepted) -> Iterator[Place]:
    for name, port in values["job_outputs"].items():
        # A file is named to its end, whatever stands for the event's id; in a folder anything is.
        parts = port["uri"].split(INPUT)
        ending = parts[-1] if port["type"] == "UriFile" else ""
        place = Place("job_outputs", f"the output {name}", "", ending=ending)
        yield _in_datastore(values, place, parts[0])


def _in_datastore(values: Accepted, place: Place, uri: str) -> Place:
    """Where an accepted URI of a datastore is, in the account or in a workspace that is there."""
    group, workspace, name, path = _DATASTORE.findall(uri)[0]
    path, adopted = re.sub("/+", "/", unquote(path)).removeprefix("/"), _workspace(values)
    there = f"/{group}/providers/{_ML}/workspaces/{workspace}" if group else adopted
    suffix = f"_{values.stack}" if adopted else ""
    own = {re.sub(r"\W", "_", f"{each}{suffix}"): key for each, key in _REGISTERED.items()}
    if there.lower() == adopted.lower() and name in own and values[own[name]]:
        return place._replace(path=f"{values[own[name]]}/{path}", account=_inputs(values))
    datastore_id = f"{there}/datastores/{name}" if there else ""
    return place._replace(path=path, account=None, datastore_id=datastore_id)


def _outputs_beside_inputs(values: Accepted) -> Iterator[Place]:
    if values["predictions_beside_inputs"]:
        path = f"{values['input_container']}/"
        yield Place(
            "", "predictions beside inputs", path, _inputs(values), PREDICTIONS, write=".pgm"
        )


def _claims(values: Accepted) -> Iterator[Place]:
    container = values["handled_events_container"]
    if container != values["input_container"]:
        what = "notes of handled events, in handled_events_container,"
        yield Place("", what, f"{container}/", _inputs(values), ".json")


def _dead_letters(values: Accepted) -> Iterator[Place]:
    """Source: D:event-grid/delivery-and-retry, of the folder's name."""
    domain = values["event_domain"].get("subscriptions", [])
    for key, rules in (("workspace_events", values["workspace_events"]), ("event_domain", domain)):
        for rule in rules:
            if container_id := rule.get("dead_letter_container_id"):
                account, _, container = container_id.lower().split("/")[8::2]
                path = f"{container}/{rule['name'].upper()}/"
                yield Place(key, f"dead letters of {rule['name']}", path, account, ".json")


def _own_storage_of_a_workspace(values: Accepted) -> Iterator[Place]:
    """What jobs leave where no key says so; that of a new workspace is an account of its own."""
    if workspace := _workspace(values):
        what, stores = "what jobs leave in the workspace's own storage", f"{workspace}/datastores/"
        folders = ["azureml/", *([f"{name}/"] if (name := values["endpoint_name"]) else [])]
        for folder in folders:
            yield Place("", what, folder, None, datastore_id=f"{stores}workspaceblobstore")
        if values["input_container"] == _LOGS:
            yield Place("", what, "", None, datastore_id=f"{stores}workspaceartifactstore")


_ROWS = (
    _copied_before,
    _copied_after,
    _outputs_of_pipelines,
    _outputs_of_jobs,
    _outputs_beside_inputs,
    _claims,
    _dead_letters,
)


def _rule(row: Callable[[Accepted], Iterator[Place]]) -> Callable[[Accepted], list[Broken]]:
    @wraps(row)
    def rule(values: Accepted) -> list[Broken]:
        seen = watched_of(values)
        return [refusal(each, seen) for each in row(values) if seen and meets(each, seen)]

    return rule


def containers_are_apart(values: Accepted) -> list[Broken]:
    """Each container that a stack makes beside its inputs is another one."""
    taken, broken = {values["input_container"]: "input_container"}, []
    for key in ("output_container", "handled_events_container"):
        if other := taken.get(values[key]):
            broken.append(Broken(key, f"another container than {other}"))
        taken[values[key]] = key
    return broken


def events_come_to_an_end(values: Accepted) -> list[Broken]:
    """No event of a job that a rule starts starts the next one."""
    broken = []
    for rule in values["workspace_events"]:
        started = rule["destination"].get("parameters", {})
        if _runs_a_job(rule, values) and not _names_its_cause(rule, started, values):
            accepted = f"in the rule {rule['name']} {retraining.ACCEPTED}"
            broken.append(Broken("workspace_events", accepted))
    again = values["retrain_on_event"]
    if again and not _names_its_cause(again, again, values):
        broken.append(Broken("retrain_on_event", retraining.ACCEPTED))
    return broken


def _runs_a_job(rule: Mapping[str, Any], values: Accepted) -> bool:
    """Whether a job in the workspace is what an event of a job leads to."""
    started = rule["destination"]
    factory = started.get("factory_id") or values["existing_data_factory_id"]
    return (
        started.get("pipeline") in pipelines.names()
        and factory.lower() == values["existing_data_factory_id"].lower()
        and not _OF_JOBS.isdisjoint(map(full_name, rule["event_types"]))
    )


def _names_its_cause(rule: Mapping[str, Any], started: Mapping[str, Any], values: Accepted) -> bool:
    uri = started.get("endpoint_uri") or values["endpoint_uri"]
    own = values["existing_endpoint"].get("name") or values["endpoint_name"]
    # Empty where Pulumi is going to choose the name.
    name = str(uri).removeprefix("https://").partition(".")[0] if uri else str(own)
    return retraining.names_its_cause(rule, name)


RULES = (*map(_rule, _ROWS), containers_are_apart, events_come_to_an_end)

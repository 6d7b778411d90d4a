"""Copies before and after a job, by Data Factory's Copy activity, as the factory's identity.

Before: from an account that batch endpoints can't read, to a folder of the input container that is
new in each run. After: from where predictions are written, to an account that they can't write to.
"""

from typing import NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import datafactory

from components import access
from components.factory_documents import FactoryPlace, blob_storage, dataset, pipeline
from components.ordering import after
from components.resource_id import name_of

_TEMPLATES = {
    ("source", "input"): "Copy-Then-Score",
    ("output", "destination"): "Score-Then-Copy",
    ("source", "input", "output", "destination"): "Copy-Score-Copy",
}
"""The pipeline that copies between these, in this order."""


class BlobPlaceArgs(TypedDict):
    """A container of a storage account."""

    account_id: pulumi.Input[str]
    """Resource id of the account."""

    container: pulumi.Input[str]
    """Name of the container."""

    folder: NotRequired[pulumi.Input[str]]
    """Folder in it, with a slash at its end."""

    datastore: NotRequired[pulumi.Input[str]]
    """Name of the datastore that it is registered as in the workspace."""


class CopyingArgs(TypedDict):
    """What is copied: source and input, or output and destination, or all four."""

    source: NotRequired[BlobPlaceArgs | None]
    """Folder that inputs are copied from."""

    input: BlobPlaceArgs
    """Where they are copied to."""

    output: BlobPlaceArgs
    """Where predictions are written, and copied from."""

    destination: NotRequired[BlobPlaceArgs | None]
    """Folder that they are copied to."""

    blob_suffix: pulumi.Input[str]
    """What follows an account's name in the host of its blobs in this cloud."""


class _Side(NamedTuple):
    """One end of a copy, and what the pipeline is told about it."""

    role: str
    place: BlobPlaceArgs
    values: dict[str, pulumi.Input[str]]
    may_write: bool


def copying(
    name: str,
    args: CopyingArgs,
    place: FactoryPlace,
    who: access.Principal,
    score: datafactory.Pipeline,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """The name of the pipeline that copies and scores, known once it may.

    Args:
        name: logical name that the parts' names begin with.
        args: what is copied.
        place: the factory.
        who: its identity.
        score: the pipeline that scores.
        opts: options of each part.

    Raises:
        ValueError: neither source nor destination is given.
    """
    sides = _sides(args)
    made = [_side(name, side, args["blob_suffix"], place, who, opts) for side in sides]
    needed = pulumi.ResourceOptions(depends_on=[score, *(files for files, _ in made)])
    copies = pipeline(
        f"{name}-copies",
        _TEMPLATES[tuple(side.role for side in sides)],
        {key: value for side in sides for key, value in side.values.items()},
        place,
        pulumi.ResourceOptions.merge(opts, needed),
    )
    return after(copies.name, *(grant for _, grant in made))


def _sides(args: CopyingArgs) -> list[_Side]:
    source, destination = args.get("source"), args.get("destination")
    sides = []
    if source:
        sides += [_elsewhere("source", source, may_write=False), _here("input", args["input"])]
    if destination:
        sides += [
            _here("output", args["output"]),
            _elsewhere("destination", destination, may_write=True),
        ]
    if not sides:
        raise ValueError("Give source or destination: without either there is nothing to copy")
    return sides


def _elsewhere(role: str, place: BlobPlaceArgs, *, may_write: bool) -> _Side:
    values = {f"{role}_container": place["container"], f"{role}_folder": place["folder"]}
    return _Side(role, place, values, may_write)


def _here(role: str, place: BlobPlaceArgs) -> _Side:
    values = {f"{role}_container": place["container"], f"{role}_datastore": place["datastore"]}
    return _Side(role, place, values, may_write=role == "input")


def _side(
    name: str,
    side: _Side,
    blob_suffix: pulumi.Input[str],
    place: FactoryPlace,
    who: access.Principal,
    opts: pulumi.ResourceOptions,
) -> tuple[datafactory.Dataset, pulumi.CustomResource]:
    account = side.place["account_id"]
    grant = access.may_write_blobs if side.may_write else access.may_read_blobs
    container = pulumi.Output.concat(
        account, "/blobServices/default/containers/", side.place["container"]
    )
    storage = blob_storage(
        f"{name}-{side.role}-storage",
        f"{side.role.capitalize()}Storage",
        pulumi.Output.concat("https://", name_of(account), ".", blob_suffix, "/"),
        place,
        opts,
    )
    files = dataset(
        f"{name}-{side.role}-files",
        f"{side.role.capitalize()}Files",
        place,
        pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[storage])),
    )
    return files, grant(f"{name}-{side.role}-copies", who, container, opts)

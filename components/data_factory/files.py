"""Files that a data factory copies: the account, a dataset of its files, and the right to them."""

from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

import pulumi

from components.azure.resource_id import name_of
from components.data_factory.documents import (
    BlobService,
    FactoryArgs,
    FactoryPlace,
    blob_storage,
    dataset,
)
from components.identity import access

if TYPE_CHECKING:
    from pulumi_azure_native import datafactory


class BlobPlaceArgs(TypedDict):
    """A container of a storage account."""

    account_id: pulumi.Input[str]
    """Resource id of the account."""

    account_kind: NotRequired[pulumi.Input[str]]
    """Kind of the account, such as `BlockBlobStorage`; `StorageV2` by default."""

    container: pulumi.Input[str]
    """Name of the container."""

    folder: NotRequired[pulumi.Input[str]]
    """Folder in it, with a slash at its end."""

    datastore: NotRequired[pulumi.Input[str]]
    """Name of the datastore that it is registered as in the workspace."""


class CopiedInputArgs(FactoryArgs):
    """What is copied to where a job reads it."""

    source: BlobPlaceArgs
    """Folder that files are copied from."""

    reads_source: NotRequired[bool]
    """Whether the identity may read there already."""

    input: BlobPlaceArgs
    """Where they are copied to, a datastore."""

    output_type: NotRequired[str]
    """UriFile, the default, or UriFolder: what the job writes."""

    blob_suffix: pulumi.Input[str]
    """What follows an account's name in the host of its blobs in this cloud."""


class Side(NamedTuple):
    """One end of a copy, and what the pipeline is told about it."""

    role: str
    """What it is called in the names of its dataset and linked service, such as `source`."""

    place: BlobPlaceArgs

    values: dict[str, pulumi.Input[str]]
    """Parameters of the pipeline."""

    may_write: bool
    """Whether it is written to; else it is read."""

    granted: bool = False
    """Whether the factory's identity may do that already: Azure refuses to grant it twice."""


def elsewhere(role: str, place: BlobPlaceArgs, *, may_write: bool, granted: bool = False) -> Side:
    """A folder of an account that jobs don't use."""
    values = {"container": place["container"], "folder": place["folder"]}
    return Side(role, place, _of(role, values), may_write, granted)


def here(role: str, place: BlobPlaceArgs, *, granted: bool = False) -> Side:
    """A datastore, to which inputs are copied or from which outputs are."""
    values = {"container": place["container"], "datastore": place["datastore"]}
    return Side(role, place, _of(role, values), role.endswith("input"), granted)


def _of(role: str, values: dict[str, pulumi.Input[str]]) -> dict[str, pulumi.Input[str]]:
    return {f"{role.replace('-', '_')}_{key}": value for key, value in values.items()}


def files(
    name: str,
    side: Side,
    blob_suffix: pulumi.Input[str],
    place: FactoryPlace,
    who: access.Principal,
    opts: pulumi.ResourceOptions,
) -> "tuple[datafactory.Dataset, list[pulumi.CustomResource]]":
    """The dataset of one end of a copy, and what lets the factory's identity use it.

    Args:
        name: logical name that the parts' names begin with.
        side: which end.
        blob_suffix: what follows an account's name in the host of its blobs in this cloud.
        place: the factory.
        who: its identity.
        opts: options of each part.
    """
    account = side.place["account_id"]
    container = pulumi.Output.concat(
        account, "/blobServices/default/containers/", side.place["container"]
    )
    storage = blob_storage(
        f"{name}-{side.role}-storage",
        f"{_titled(side.role)}Storage",
        BlobService(
            pulumi.Output.concat("https://", name_of(account), ".", blob_suffix, "/"),
            side.place.get("account_kind", "StorageV2"),
        ),
        place,
        opts,
    )
    made = dataset(
        f"{name}-{side.role}-files",
        f"{_titled(side.role)}Files",
        place,
        pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[storage])),
    )
    grant = access.may_write_blobs if side.may_write else access.may_read_blobs
    copies = f"{name}-{side.role}-copies"
    return made, [] if side.granted else [grant(copies, who, container, opts)]


def _titled(role: str) -> str:
    return role.title().replace("-", "")

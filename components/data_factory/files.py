"""Files that a data factory copies: the account, a dataset of its files, and the right to them."""

from collections.abc import Iterable
from typing import Any, NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, datafactory

from components.azure.options import also
from components.azure.resource_id import name_of
from components.data_factory.documents import FactoryArgs, FactoryPlace, dataset
from components.identity import access


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


class Copied(NamedTuple):
    """What a pipeline copies between."""

    values: dict[str, pulumi.Input[str]]
    """Its parameters that say so."""

    datasets: "list[datafactory.Dataset]"
    """What it refers to."""

    grants: list[authorization.RoleAssignment]
    """What lets the factory's identity copy."""


def copied(
    name: str,
    sides: Iterable[Side],
    blob_suffix: pulumi.Input[str],
    place: FactoryPlace,
    who: access.Principal,
    opts: pulumi.ResourceOptions,
) -> Copied:
    """The datasets of a copy's ends, and what lets the factory's identity use them.

    Args:
        name: logical name that the parts' names begin with.
        sides: both ends, or those of two copies.
        blob_suffix: what follows an account's name in the host of its blobs in this cloud.
        place: the factory.
        who: its identity.
        opts: options of each part.
    """
    made = Copied({}, [], [])
    for side in sides:
        made.values.update(side.values)
        made.datasets.append(_files(f"{name}-{side.role}", side, blob_suffix, place, opts))
        if not side.granted:
            grant = access.may_write_blobs if side.may_write else access.may_read_blobs
            account, container = side.place["account_id"], side.place["container"]
            scope = pulumi.Output.concat(account, "/blobServices/default/containers/", container)
            made.grants.append(grant(f"{name}-{side.role}-copies", who, scope, opts))
    return made


def _files(
    name: str,
    side: Side,
    blob_suffix: pulumi.Input[str],
    place: FactoryPlace,
    opts: pulumi.ResourceOptions,
) -> "datafactory.Dataset":
    """The files of an account, as the factory's own identity.

    The account is fixed here and no parameter: whoever may run a pipeline could otherwise have the
    factory's token sent to any host. In a data flow an identity is refused where the account's kind
    is empty or `Storage` (D:data-factory/connector-azure-blob-storage).
    """
    account, titled = name_of(side.place["account_id"]), side.role.title().replace("-", "")
    properties: Any = {
        "type": "AzureBlobStorage",
        "service_endpoint": pulumi.Output.concat("https://", account, ".", blob_suffix, "/"),
        "account_kind": side.place.get("account_kind", "StorageV2"),
    }
    if runtime := place.runtime_name:
        reference = {"type": "IntegrationRuntimeReference", "reference_name": runtime}
        properties["connect_via"] = reference
    storage = datafactory.LinkedService(
        f"{name}-storage",
        linked_service_name=f"{titled}Storage",
        properties=properties,
        **place.inside(opts),
    )
    return dataset(f"{name}-files", f"{titled}Files", place, also(opts, depends_on=[storage]))

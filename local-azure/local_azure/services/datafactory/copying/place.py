"""A place on blob storage that a dataset names: an account, a container, a folder, a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.activities.conversion import INVALID, is_reference
from local_azure.services.datafactory.copying.blobs import Blobs
from local_azure.services.datafactory.lookup import dataset, linked_service
from local_azure.services.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.services.datafactory.step import Step

FORMATS = ("Binary", "DelimitedText")


@dataclass(frozen=True)
class Place:
    """What a dataset names.

    Attributes:
        blobs: the container.
        folder: empty, or ends with ``/``.
        file: a file's name, or empty for the folder.
        format: the dataset's type.
        settings: how its text is delimited.
    """

    blobs: Blobs
    folder: str
    file: str
    format: str
    settings: Mapping[str, Any]


def place(step: Step, reference: Mapping[str, Any]) -> Place:
    """The place that a dataset reference of a Copy names.

    Raises:
        ActivityError: it can't be looked up, or is none that is emulated.
    """
    found = dataset(step, reference)
    if found.get("type") not in FORMATS:
        raise _wrong(reference, f"is of type {found.get('type')!r}; {' or '.join(FORMATS)} is read")
    own = dict(found.get("typeProperties", {}))
    location = own.pop("location", None) or {}
    if location.get("type") != "AzureBlobStorageLocation" or not location.get("container"):
        raise _wrong(reference, "has no container on blob storage")
    if not is_reference(found.get("linkedServiceName"), "LinkedServiceReference"):
        raise _wrong(reference, "refers to no linked service")
    store = linked_service(step, found["linkedServiceName"])
    endpoint = store.get("typeProperties", {}).get("serviceEndpoint")
    if store.get("type") != "AzureBlobStorage" or not endpoint:
        raise _wrong(
            reference, "has no linked service with an Azure Blob Storage 'serviceEndpoint'"
        )
    folder = str(location.get("folderPath") or "").strip("/")
    return Place(
        Blobs(step, str(endpoint), str(location["container"]), store),
        f"{folder}/" if folder else "",
        str(location.get("fileName") or ""),
        found["type"],
        own,
    )


def _wrong(reference: Mapping[str, Any], why: str) -> ActivityError:
    return ActivityError(f"The dataset {reference['referenceName']!r} {why}.", INVALID)

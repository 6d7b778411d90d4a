"""A place on blob storage that a dataset names, and which of its files a Copy reads.

What they are called at the other end keeps the hierarchy. Source: D:data-factory/
connector-azure-blob-storage ("recursive and copyBehavior examples", "folder and file filter
examples").
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local_azure.services.datafactory.activities.conversion import INVALID, is_reference
from local_azure.services.datafactory.copying.blobs import COPY_FAILED, Blobs, File
from local_azure.services.datafactory.lookup import dataset, linked_service
from local_azure.services.datafactory.records import ActivityError
from local_azure.services.datafactory.step import Step


@dataclass(frozen=True)
class Place:
    """What a dataset names.

    Attributes:
        blobs: the container.
        folder: empty, or ends with ``/``.
        file: a file's name, or empty for the folder.
    """

    blobs: Blobs
    folder: str
    file: str


def place(step: Step, reference: Mapping[str, Any]) -> Place:
    """The place that a dataset reference of a Copy names.

    Raises:
        ActivityError: it can't be looked up, or is none that is emulated.
    """
    found = dataset(step, reference)
    if found.get("type") != "Binary":
        raise _wrong(reference, f"is of type {found.get('type')!r}; Binary is read")
    location = found.get("typeProperties", {}).get("location") or {}
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
    )


def _wrong(reference: Mapping[str, Any], why: str) -> ActivityError:
    return ActivityError(f"The dataset {reference['referenceName']!r} {why}.", INVALID)


async def selected(
    source: Place, sink: Place, settings: Mapping[str, Any]
) -> list[tuple[File, str]]:
    """Each file with the name of the blob that it is copied to.

    Args:
        source: where to read.
        sink: where to write.
        settings: ``recursive`` (true unless told otherwise), ``wildcardFileName``, and the times
            between which a file was modified last: the first one is within, the last one is not.

    Raises:
        ActivityError: there is nothing to read, no name to write to, or a time is none.
    """
    after, before = _time(settings, "Start", -math.inf), _time(settings, "End", math.inf)
    found = await _found(source, sink, settings)
    return [(file, name) for file, name in found if after <= file.modified < before]


async def _found(source: Place, sink: Place, settings: Mapping[str, Any]) -> list[tuple[File, str]]:
    if source.file and not settings.get("wildcardFileName"):
        file = await source.blobs.find(source.folder + source.file)
        return [(file, sink.folder + (sink.file or source.file))]
    found = await source.blobs.below(source.folder)
    if not found:
        message = f"The required blob is missing: no blob lies below {source.blobs.url}/"
        raise ActivityError(message + source.folder, COPY_FAILED)
    if sink.file:
        message = "Files of a folder are copied into a folder; the sink's dataset names a file."
        raise ActivityError(message, COPY_FAILED)
    pairs = [(each, each.name.removeprefix(source.folder)) for each in found]
    kept = [(file, name) for file, name in pairs if name and _is_meant(name, settings)]
    return [(file, sink.folder + name) for file, name in kept]


def _time(settings: Mapping[str, Any], end: str, unless_given: float) -> float:
    name = f"modifiedDatetime{end}"
    if not (given := settings.get(name)):
        return unless_given
    try:
        found = datetime.fromisoformat(str(given))
    except ValueError:
        message = f"{name} is a time in ISO 8601; found {given!r}."
        raise ActivityError(message, COPY_FAILED) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _is_meant(name: str, settings: Mapping[str, Any]) -> bool:
    folder, _, file = name.rpartition("/")
    if folder and not settings.get("recursive", True):
        return False
    return (
        bool(file)
        and _pattern(str(settings.get("wildcardFileName") or "*")).fullmatch(file) is not None
    )


def _pattern(wildcard: str) -> re.Pattern[str]:
    """``*`` stands for any characters, ``?`` for one, ``^`` takes the next one as it is.

    What stands between two stars is matched where it first occurs and looked for no further, so
    that time does not explode with the number of stars.
    """
    pieces = [""]
    for each in re.findall(r"\^.|.", wildcard, re.DOTALL):
        if each == "*":
            pieces.append("")
        else:
            pieces[-1] += "." if each == "?" else re.escape(each[-1])
    first, *between = pieces
    if not between:
        return re.compile(first, re.DOTALL)
    found = "".join(f"(?>.*?{piece})" for piece in between[:-1] if piece)
    return re.compile(f"{first}{found}.*{between[-1]}", re.DOTALL)

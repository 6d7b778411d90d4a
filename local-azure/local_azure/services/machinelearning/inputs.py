"""A job's input: mounted as the compute's identity, read as the invoker's, laid down as files.

D:machine-learning/how-to-access-data-batch-endpoints-jobs: both identities need to read the data.
The file's path ends with the blob's whole name. Where no file system can hold it (a segment of more
than 255 bytes, a path of more than 4,096, or a segment that means another folder) the file has
another name, and the scoring process maps the blob's own name to it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local_azure.services.machinelearning.errors import JobFailedError

if TYPE_CHECKING:  # `try scoring` asks no storage, and starts 0.3 s sooner without its client
    from local_azure.services.machinelearning.blobs import Blobs
    from local_azure.services.machinelearning.uris import Location

_LONGEST_SEGMENT = 255
_LONGEST_PATH = 4000
_READS_AT_ONCE = 8


@dataclass(frozen=True)
class InputFile:
    """A file of the input.

    Attributes:
        shown: the path that the scoring script gets; it ends with the blob's name.
        actual: where the content lies.
    """

    shown: str
    actual: str


async def mount(
    compute: Blobs, kind: str, location: Location, *, nested: bool = False
) -> list[tuple[Location, str]]:
    """The blobs of an input and the names they get, found out as the compute's identity.

    Args:
        compute: storage as the cluster's nodes see it.
        kind: ``UriFile`` or ``UriFolder``.
        location: the blob or folder.
        nested: whether a folder may hold folders, as a pipeline's may.

    Raises:
        JobFailedError: refused, nothing there, or a folder in the folder.
    """
    if location.lake:
        await compute.reach_lake(location)
    if kind == "UriFile":
        if not await compute.exists(location):
            message = f"The input {location.url} does not exist."
            raise JobFailedError(message)
        return [(location, location.path)]
    names, folders = await compute.names(location, delimiter="" if nested else "/")
    if folders:
        message = (
            f"The input folder {location.url} contains the folder '{folders[0]}'. Batch endpoint "
            "jobs don't explore nested folders: put all files into one."
        )
        raise JobFailedError(message)
    if not names:
        message = (
            f"The input folder {location.url} is either not accessible or does not contain any "
            "data."
        )
        raise JobFailedError(message)
    blobs = [type(location)(location.host, location.container, name) for name in names]
    prefix = len(location.path.rstrip("/")) + 1 if location.path else 0
    return [(blob, blob.path[prefix:]) for blob in blobs]


async def read(
    invoker: Blobs, mounted: list[tuple[Location, str]], folder: Path
) -> list[InputFile]:
    """The input's files, downloaded as the invoker's identity.

    Raises:
        JobFailedError: refused.
    """
    at_once = asyncio.Semaphore(_READS_AT_ONCE)

    async def one(blob: Location, name: str) -> InputFile:
        file = _place(folder, name)
        async with at_once:
            await invoker.download(blob, _prepared(file.actual, folder))
        return file

    return list(await asyncio.gather(*(one(blob, name) for blob, name in mounted)))


def _place(folder: Path, name: str) -> InputFile:
    shown = f"{folder}/{name}"
    if _storable(shown, name):
        return InputFile(shown, shown)
    digest = hashlib.sha256(name.encode()).hexdigest()
    return InputFile(shown, f"{folder}.renamed/{digest}")


def _storable(shown: str, name: str) -> bool:
    segments = name.split("/")
    return len(os.fsencode(shown)) <= _LONGEST_PATH and all(
        segment not in ("", ".", "..") and len(segment.encode()) <= _LONGEST_SEGMENT
        for segment in segments
    )


def _prepared(actual: str, folder: Path) -> Path:
    path = type(folder)(actual)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path

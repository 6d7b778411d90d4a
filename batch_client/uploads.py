"""Local files and folders on their way to a container.

A folder of their own is made for each upload, outside of the folder that is watched: a file that
lands there starts a job by itself.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from azure.storage.blob import ContainerClient

from batch_client.blobs import BLOCK, PARALLEL, block_for, container
from batch_client.caller import Caller
from batch_client.errors import UsageError
from batch_client.invocation import FILE, FOLDER, Port
from batch_client.progress import Progress
from batch_client.rights import WRITE_BLOBS, Need, needing
from batch_client.uris import BlobPlace

FOLDER_OF_UPLOADS = "client"
_LONGEST_NAME = 1024


@dataclass(frozen=True)
class Uploaded:
    """What lies in the container now.

    Attributes:
        place: the blob, or the folder.
        files: how many.
        size: bytes of all.
    """

    place: BlobPlace
    files: int
    size: int

    @property
    def port(self) -> Port:
        """It as the input of a job."""
        return Port(FOLDER if self.place.path.endswith("/") else FILE, self.place.url)


def new_folder() -> str:
    """A folder that nothing lies in yet, such as ``client/20260131-120000-1a2b3c4d/``."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return f"{FOLDER_OF_UPLOADS}/{stamp}-{uuid4().hex[:8]}/"


def upload(caller: Caller, source: Path, folder: str, *, marked: bool = False) -> Uploaded:
    """Upload a file, or a folder with all that is in it, its marker last: that starts its job.

    Args:
        caller: who does it, and is told of the bytes.
        source: the file or folder.
        folder: where in the input container, ending with a slash or empty; what lies there under
            the same names is replaced.
        marked: whether a folder gets a marker, where the stack waits for one and none is in it or
            below.

    Raises:
        UsageError: there is nothing to upload, or it can't have such a name.
        MissingRoleError: no right to write there.
        ClientError: the container can't be reached, or refuses.
    """
    container_url = caller.environment.container_url
    marker = caller.environment.get("marker_name") or ""
    named = _names(source)
    if marked and marker and not any(Path(name).name == marker for name in named):
        if not source.is_dir():
            message = (
                f"{str(source)!r} alone starts no job: this stack scores a folder once {marker!r} "
                "is in it. Upload the folder, which gets one."
            )
            raise UsageError(message)
        named[f"{source.resolve().name}/{marker}"] = Path(os.devnull)
    named = dict(sorted(named.items(), key=lambda each: Path(each[0]).name == marker))
    sizes = {name: path.stat().st_size for name, path in named.items()}
    total = sum(sizes.values())
    need = Need("upload", WRITE_BLOBS, f"the container {container_url}", "callers")
    block = block_for(max(sizes.values()))
    before = 0
    with needing(need), container(container_url, caller.credential, block=block) as client:
        for name, path in named.items():
            moved = partial(_moved, caller.progress, f"upload {source.name}", before, total)
            _upload(client, path, f"{folder}{name}", sizes[name], moved)
            before += sizes[name]
    whole = f"{folder}{source.resolve().name}{'/' if source.is_dir() else ''}"
    return Uploaded(BlobPlace(container_url, whole), len(named), total)


def _moved(progress: Progress, label: str, before: int, total: int, done: int, _: object) -> None:
    progress.moved(label, before + done, total)


def _upload(
    client: ContainerClient, path: Path, blob: str, size: int, moved: Callable[[int, Any], None]
) -> None:
    with path.open("rb") as content:
        client.upload_blob(
            blob,
            content,
            length=size,
            overwrite=True,
            max_concurrency=PARALLEL if size > BLOCK else 1,
            progress_hook=moved,
        )


def _names(source: Path) -> dict[str, Path]:
    """The files to upload by their names in the folder.

    Raises:
        UsageError: nothing is there, or a name that no blob can have.
    """
    if source.is_dir():
        top = source.resolve().name
        files = sorted(path for path in source.rglob("*") if path.is_file())
        named = {f"{top}/{path.relative_to(source).as_posix()}": path for path in files}
    else:
        named = {source.name: source} if source.is_file() else {}
    if not named:
        raise UsageError(f"{str(source)!r} is no file and no folder with files in it.")
    for name in named:
        as_utf8, as_it_is = name.encode(errors="replace"), name.encode(errors="surrogateescape")
        if len(name) > _LONGEST_NAME - 100 or as_it_is != as_utf8:
            message = f"{name[:200]!r} can't be a blob's name: too long, or no UTF-8."
            raise UsageError(message)
    return named

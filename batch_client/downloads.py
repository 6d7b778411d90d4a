"""Blobs on their way to a local folder: a file is there whole or not at all.

Each file is written under another name beside its own, ``.<name>.<random>.part``, and renamed when
it is complete; on any failure, Ctrl-C included, that file is removed.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from uuid import uuid4

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import ContainerClient

from batch_client.caller import Caller
from batch_client.errors import ClientError, UsageError
from batch_client.progress import Progress
from batch_client.uris import BlobPlace


def download(caller: Caller, place: BlobPlace, target: Path, *, replace: bool) -> list[Path]:
    """Download a blob, or all blobs of a folder, into a local folder.

    Args:
        caller: who does it, and is told of the bytes.
        place: what; a path without a slash at its end may be either.
        target: the local folder, made if it is missing.
        replace: whether local files of the same names are replaced.

    Returns:
        The files, in the order of their names.

    Raises:
        MissingRoleError: no right to read there.
        ClientError: nothing lies there, a file is in the way, or a name leads out of the folder.
    """
    with _reading(caller, place) as client:
        sizes = _listed(client, place.path)
        if not sizes:
            message = (
                f"There is nothing at {place.url}. A deployment with output_action summary_only "
                "writes no predictions; `download --logs` fetches the job's logs."
            )
            raise ClientError(message)
        files = {name: _local(name, place.path, target) for name in sizes}
        for path in files.values():
            check_free(path, replace=replace)
        for name, path in files.items():
            _download(client, name, path, sizes[name], caller.progress)
    return sorted(files.values())


def exists(caller: Caller, place: BlobPlace) -> bool:
    """Whether anything lies in a folder.

    Raises:
        ClientError: it can't be read; a missing role is named.
    """
    with _reading(caller, place) as client:
        names = client.list_blob_names(name_starts_with=place.path, results_per_page=1)
        return next(iter(names), None) is not None


def beginning(caller: Caller, place: BlobPlace, most: int) -> tuple[str, str]:
    """URL and first lines of the first file in a folder, both empty where nothing lies there.

    Args:
        caller: who looks.
        place: the folder.
        most: bytes that are read.

    Raises:
        ClientError: it can't be read; a missing role is named.
    """
    with _reading(caller, place) as client:
        found = client.list_blobs(name_starts_with=place.path)
        blob = next((each for each in found if each.size), None)
        if blob is None:
            return "", ""
        content = client.download_blob(blob.name, offset=0, length=most).readall()
    if len(content) < blob.size:
        content = content[: content.rfind(b"\n") + 1] or content
    return f"{place.container_url}/{blob.name}", content.decode(errors="replace")


def subfolders(caller: Caller, place: BlobPlace) -> list[str]:
    """Names of the folders directly in a folder, without slashes.

    Raises:
        ClientError: it can't be read; a missing role is named.
    """
    with _reading(caller, place) as client:
        found = [each.name for each in client.walk_blobs(name_starts_with=place.path)]
    return [name[len(place.path) : -1] for name in found if name.endswith("/")]


def _reading(caller: Caller, place: BlobPlace) -> AbstractContextManager[ContainerClient]:
    """Callers may where this program has jobs write; elsewhere others give them the right."""
    return caller.container(place.container_url, "download", setting="callers")


def check_target(target: Path) -> None:
    """Check that files can be written to a local folder, or that it can be made.

    Raises:
        UsageError: something else is in its place, or the folder above can't be written to.
    """
    nearest = next(
        each for each in (target.absolute(), *target.absolute().parents) if each.exists()
    )
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError(f"--into {str(target)!r}: {nearest} is no folder that can be written to.")


def check_free(path: Path, *, replace: bool) -> None:
    """Check that a local file may be written.

    Raises:
        ClientError: it is there already, or a folder has its name.
    """
    if path.is_dir():
        raise ClientError(f"{path} is a folder, and a file is to have this name.")
    if path.exists() and not replace:
        raise ClientError(f"{path} exists already; --overwrite replaces it.")


@contextmanager
def whole_file(path: Path) -> Iterator[int]:
    """A file descriptor whose content becomes the file when the block ends without an error.

    Args:
        path: the file, which is replaced if it exists; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name[:100]}.{uuid4().hex[:8]}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        yield descriptor
        os.fsync(descriptor)
        part.replace(path)
    finally:
        os.close(descriptor)
        part.unlink(missing_ok=True)


def _listed(client: ContainerClient, path: str) -> dict[str, int]:
    """Names and sizes of the blob, or of the blobs of the folder."""
    folder = path if path.endswith("/") or not path else f"{path}/"
    try:
        listed = client.list_blobs(name_starts_with=path, include=["metadata"])
        # Accounts with a hierarchical namespace list their directories too.
        found = {
            blob.name: blob.size
            for blob in listed
            if (blob.metadata or {}).get("hdi_isfolder") != "true"
        }
    except ResourceNotFoundError:
        return {}
    if path in found:
        return {path: found[path]}
    return {name: size for name, size in found.items() if name.startswith(folder)}


def _local(name: str, path: str, target: Path) -> Path:
    """Where a blob goes: its name below the folder that was asked for.

    Raises:
        ClientError: that would be outside of the target, or no file can have this name.
    """
    folder = path.rpartition("/")[0]
    below = PurePosixPath(name[len(folder) :].lstrip("/"))
    parts = below.parts
    if not parts or ".." in parts or any("\0" in part or "\\" in part for part in parts):
        message = f"The blob {name!r} has a name that leads out of {target}; fetch it by itself."
        raise ClientError(message)
    return target.joinpath(*parts)


def _download(
    client: ContainerClient, name: str, path: Path, size: int, progress: Progress
) -> None:
    done = 0
    label = f"download {path.name}"
    with whole_file(path) as descriptor:
        for chunk in client.download_blob(name).chunks():
            view = memoryview(chunk)
            while view:
                view = view[os.write(descriptor, view) :]
            done += len(chunk)
            progress.moved(label, done, size)
        if not size:
            progress.moved(label, 0, 0)
        if done != size:
            message = f"{name} has changed while it was read: {done} bytes of {size}. Try again."
            raise ClientError(message)

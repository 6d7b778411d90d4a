"""What a folder holds: its files in a fixed order, and a name for their content.

The same content is the same asset, wherever and whenever it was checked out.
"""

import hashlib
from pathlib import Path

HASH_LENGTH = 16
"""Hexadecimal digits of a hash that stand in names: 64 bits."""


def files_of(folder: Path) -> list[Path]:
    """The folder's files in a fixed order, without what Python leaves behind.

    Raises:
        ValueError: the folder is missing or empty, or holds a symbolic link.
    """
    found = sorted(path for path in folder.rglob("*") if not _is_junk(path.relative_to(folder)))
    links = [path for path in found if path.is_symlink()]
    if links:
        message = f"{links[0]} is a symbolic link; uploads take files only"
        raise ValueError(message)
    files = [path for path in found if path.is_file()]
    if not files:
        message = f"{folder} is no folder with files in it"
        raise ValueError(message)
    return files


def what_is_wrong(folder: Path) -> str | None:
    """Why a folder can't be uploaded, if it can't."""
    try:
        files_of(folder)
    except (OSError, ValueError) as error:  # a name that is too long, a folder that may not be read
        return str(error)
    return None


def content_hash(folder: Path) -> str:
    """A name for what is in the folder: file names and bytes, not times, owners or modes."""
    total = hashlib.sha256()
    for path in files_of(folder):
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        total.update(f"{digest} {path.relative_to(folder).as_posix()}\n".encode())
    return total.hexdigest()[:HASH_LENGTH]


def text_hash(text: str) -> str:
    """A name for a text, of the same form."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def _is_junk(path: Path) -> bool:
    return "__pycache__" in path.parts or path.suffix == ".pyc" or path.name == ".DS_Store"

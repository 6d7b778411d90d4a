"""A folder of an account that exists already, as a stack file names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.settings import checks, watched
from components.settings.model import BlobFolder

if TYPE_CHECKING:
    from collections.abc import Mapping

_STORAGE = "Microsoft.Storage/storageAccounts"

check = checks.fields(
    account_id=checks.resource_id(_STORAGE),
    container=checks.named(f"{_STORAGE}/blobServices/containers"),
    folder=checks.matching(
        r"(?=.{1,1000}\Z)(?:(?!\.{1,2}/)[^/\\*\x00-\x1f]+/)*(?!\.{1,2}\Z)[^/\\*\x00-\x1f]+/?",
        "a folder of that container, such as exports/ or exports/eu/",
    ),
)


def build(told: Mapping[str, str]) -> BlobFolder:
    """An accepted folder, with a slash at its end."""
    folder = watched.folder_with_slash(told["folder"])
    return BlobFolder(told["account_id"], told["container"], folder)

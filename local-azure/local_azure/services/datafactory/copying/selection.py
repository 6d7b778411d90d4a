"""Which files a Copy reads, and what it calls them at the other end: the hierarchy is kept.

Source: D:data-factory/connector-azure-blob-storage ("recursive and copyBehavior examples",
"folder and file filter examples").
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_azure.services.datafactory.copying.blobs import COPY_FAILED, File
from local_azure.services.datafactory.records import ActivityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_azure.services.datafactory.copying.place import Place


async def selected(
    source: Place, sink: Place, settings: Mapping[str, Any]
) -> list[tuple[File, str]]:
    """Each file with the name of the blob that it is copied to.

    Args:
        source: where to read.
        sink: where to write.
        settings: ``recursive`` (true unless told otherwise) and ``wildcardFileName``.

    Raises:
        ActivityError: there is nothing to read, or no name to write to.
    """
    pattern = settings.get("wildcardFileName")
    if source.file and not pattern:
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

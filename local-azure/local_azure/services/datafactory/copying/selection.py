"""Which files a Copy reads, and what it calls them at the other end: the hierarchy is kept.

Source: D:data-factory/connector-azure-blob-storage ("recursive and copyBehavior examples",
"folder and file filter examples").
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
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

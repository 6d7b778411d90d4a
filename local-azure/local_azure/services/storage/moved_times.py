"""When blobs were written, where the clock had been moved: Azurite knows the machine's time only.

What is kept, by the tag of each version, is by how much the clock was away from the machine's at
the write. So a file that lay there before ``clock advance`` keeps its time, and one that lands
afterwards has the moved one. Declined: conditions on times in requests are the machine's.
"""

from __future__ import annotations

import re
import time
from email.utils import formatdate, parsedate_to_datetime

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.state import State
from local_azure.services.storage.transfer import Headers

SCHEMA = """
CREATE TABLE IF NOT EXISTS moved_writes (etag TEXT PRIMARY KEY, seconds INTEGER NOT NULL);
"""
_WRITES = frozenset(
    {
        *("PutBlob", "PutBlockList", "CopyBlob", "AppendBlock", "PutPage"),
        *("SetBlobMetadata", "SetBlobProperties", "CreateContainer", "SetContainerMetadata"),
    }
)
"""Operations that give what they write a new tag."""
_LISTED = re.compile(
    rb"(?P<before><Last-Modified>)(?P<time>[^<]+)(?P<after></Last-Modified>\s*<Etag>)(?P<etag>[^<]+)",
    re.IGNORECASE,
)


class MovedTimes:
    """The writes of a moved clock.

    Args:
        state: where they are kept.
        clock: the one that may be moved.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        state.define(SCHEMA)
        self._state = state
        self._clock = clock
        rows = state.rows("SELECT etag, seconds FROM moved_writes")
        self._known: dict[str, int] = {row["etag"]: row["seconds"] for row in rows}

    def wrote(self, operation: str, etag: str) -> None:
        """Note an operation that succeeded."""
        seconds = round(self._clock.timestamp() - time.time())
        if operation in _WRITES and etag and seconds:
            self._state.execute(
                "INSERT OR REPLACE INTO moved_writes VALUES (?, ?)", _bare(etag), seconds
            )
            self._known[_bare(etag)] = seconds

    def told(self, headers: Headers) -> Headers:
        """An answer's headers with the time of the write."""
        by_name = dict(headers)
        seconds = self._known.get(_bare(by_name.get(b"etag", b"").decode()))
        if not seconds or b"last-modified" not in by_name:
            return headers
        moved = _later(by_name[b"last-modified"].decode(), seconds).encode()
        return [(name, moved if name == b"last-modified" else each) for name, each in headers]

    def listed(self, text: bytes) -> bytes:
        """A listing with the times of the writes."""
        return _LISTED.sub(self._listed, text) if self._known else text

    def _listed(self, found: re.Match[bytes]) -> bytes:
        seconds = self._known.get(_bare(found["etag"].decode()))
        if not seconds:
            return found[0]
        moved = _later(found["time"].decode(), seconds).encode()
        return found["before"] + moved + found["after"] + found["etag"]


def _bare(etag: str) -> str:
    return etag.replace("&quot;", "").strip('"')


def _later(written: str, seconds: int) -> str:
    return formatdate(parsedate_to_datetime(written).timestamp() + seconds, usegmt=True)

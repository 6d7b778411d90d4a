"""Server-sent events: something has changed, look again. Whoever listens asks for it as always."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from typing import Any

_EVERY = 0.2
"""Seconds between two looks, of the machine's time."""


class Live:
    """Who listens to what changes.

    Args:
        version: tells something else whenever anything has changed.
    """

    def __init__(self, version: Callable[[], Any]) -> None:
        self._version = version
        self._ended = False

    def end(self) -> None:
        """Let those go who listen."""
        self._ended = True

    def response(self) -> StreamingResponse:
        """An answer that goes on until its reader leaves."""
        return StreamingResponse(self._changes(), media_type="text/event-stream")

    async def _changes(self) -> AsyncIterator[str]:
        seen = None
        while not self._ended:
            if (version := self._version()) != seen:
                seen = version
                yield "data: changed\n\n"
            await asyncio.sleep(_EVERY)

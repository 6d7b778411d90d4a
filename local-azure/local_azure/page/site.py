"""The page's application: its views, what can be done from it, and who listens to changes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from local_azure.azure import Azure
from local_azure.page.acts import Acts
from local_azure.page.door import Door
from local_azure.page.files import Files
from local_azure.page.rendering import render
from local_azure.page.tabs import Tabs

_STATIC = Path(__file__).parent / "static"
_EVERY = 0.2
"""Seconds between two looks, of the machine's time."""


class Page:
    """The page over one embedded Azure.

    Args:
        azure: the services.
        key: opens the console, and makes the address's token.
    """

    def __init__(self, azure: Azure, key: str) -> None:
        self._azure = azure
        self._key = key
        self._ended = False

    def application(self) -> ASGIApp:
        """All of it behind its door."""
        routes = [
            Route("/changes", self._changes),
            Route("/favicon.ico", _icon),
            Mount("/static", StaticFiles(directory=_STATIC)),
            *(route for views in (Files, Tabs, Acts) for route in views(self._azure).routes()),
        ]
        refusals: Any = {HTTPException: _refused}
        return Door(Starlette(routes=routes, exception_handlers=refusals), self._key)

    def end(self) -> None:
        """Let those go who listen to changes, before the server stops."""
        self._ended = True

    async def _changes(self, _: Request) -> Response:
        """An answer that goes on until its reader leaves."""
        return StreamingResponse(self._told(), media_type="text/event-stream")

    async def _told(self) -> AsyncIterator[str]:
        azure, seen = self._azure, None
        while not self._ended:
            version = azure.state.changes, azure.clock.advanced, azure.faults.pending
            if version != seen:
                seen = version
                yield "data: changed\n\n"
            await asyncio.sleep(_EVERY)


async def _icon(_: Request) -> Response:
    return FileResponse(_STATIC / "icon.svg")


async def _refused(_: Request, refusal: HTTPException) -> Response:
    return render("refused.html", refusal.status_code, tab="", why=refusal.detail)

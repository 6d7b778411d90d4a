"""The page's application: its views, what can be done from it, and who listens to changes."""

import asyncio
from collections.abc import AsyncIterator, Callable
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


class Page:
    """The page over one embedded Azure.

    Args:
        azure: the services.
        key: opens the console, and makes the address's token.
    """

    def __init__(self, azure: Azure, key: str) -> None:
        self._azure = azure
        self._key = key
        self._live = Live(self._version)

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
        self._live.end()

    def _version(self) -> tuple[Any, ...]:
        azure = self._azure
        return azure.state.changes, azure.clock.advanced, azure.faults.pending

    async def _changes(self, _: Request) -> Response:
        return self._live.response()


async def _icon(_: Request) -> Response:
    return FileResponse(_STATIC / "icon.svg")


async def _refused(_: Request, refusal: HTTPException) -> Response:
    return render("refused.html", refusal.status_code, tab="", why=refusal.detail)

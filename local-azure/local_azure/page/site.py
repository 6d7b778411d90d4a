"""The page's application: its views, what can be done from it, and who listens to changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from local_azure.page.acts import Acts
from local_azure.page.door import Door
from local_azure.page.files import Files
from local_azure.page.live import Live
from local_azure.page.rendering import render
from local_azure.page.tabs import Tabs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from local_azure.azure import Azure

_STATIC = Path(__file__).parent / "static"


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

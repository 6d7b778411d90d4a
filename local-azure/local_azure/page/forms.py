"""Forms: each says what will happen before it is done, and why it was not."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from local_azure.errors import LocalAzureError
from local_azure.page.rendering import render
from local_azure.services.connectors.errors import ConnectionNotFoundError

Do = Callable[[Mapping[str, str]], Awaitable[str]]
"""Does what a form asks for, and tells the path to go on at."""

_REFUSALS = (
    ConnectionNotFoundError,
    LocalAzureError,
    OverflowError,
    ValueError,
)


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: what the form sends.
        label: what a person reads.
        value: what stands in it at first.
        type: of the HTML element.
        needed: whether something has to be given.
        choices: what is accepted, where that is a list.
    """

    name: str
    label: str
    value: str = ""
    type: str = "text"
    needed: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Something that can be done.

    Attributes:
        title: on the button that does it.
        tells: what will happen.
        fields: what it takes.
        do: does it.
    """

    title: str
    tells: str
    fields: tuple[Field, ...]
    do: Do


class Forms(ABC):
    """The forms of acts."""

    @abstractmethod
    def acts(self) -> Mapping[str, Act]:
        """All of them by name, with what there is now to choose from."""

    def routes(self) -> list[Route]:
        """One path, and the act's name below it."""
        path = "/act/{act}"
        return [
            Route(path, self._ask, methods=["GET"]),
            Route(path, self._do, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        given = request.query_params
        act = self._find(request)
        return render("act.html", tab="", act=act, given=given, path=request.url.path, why="")

    async def _do(self, request: Request) -> Response:
        act = self._find(request)
        given = dict(parse_qsl((await request.body()).decode(errors="replace")))
        try:
            _check(act, given)
            there = await act.do(given)
        except _REFUSALS as error:
            asked = {"act": act, "given": given, "path": request.url.path, "why": str(error)}
            return render("act.html", 409, tab="", **asked)
        return RedirectResponse(there, 303)

    def _find(self, request: Request) -> Act:
        if act := self.acts().get(request.path_params["act"]):
            return act
        raise HTTPException(404, "There is no such thing to do.")


def _check(act: Act, given: Mapping[str, str]) -> None:
    """Refuse a form in which something is missing."""
    if missing := [each.label for each in act.fields if each.needed and not given.get(each.name)]:
        raise LocalAzureError(f"Missing: {', '.join(missing)}.")

"""What can be done from the page. Each is asked first, by a form that says what will happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote
from uuid import NAMESPACE_DNS, uuid5

import aiohttp
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from local_azure.control_plane.authorization.roles import BY_NAME
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.faults import Fault
from local_azure.errors import LocalAzureError
from local_azure.page.rendering import render
from local_azure.services.connectors.errors import ConnectionNotFoundError
from local_azure.services.storage.resources import BLOB_CONTAINER

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from local_azure.azure import Azure

    Do = Callable[[Mapping[str, str]], Awaitable[str]]
    """Does what a form asks for, and tells the path to go on at."""

_READER = Principal(
    str(uuid5(NAMESPACE_DNS, "page.local-azure")), None, "User", "whoever uses the page"
)
_REFUSALS = (
    ConnectionNotFoundError,
    LocalAzureError,
    OverflowError,
    ValueError,
)
_ROLE = "Storage Blob Data Contributor"


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


class Acts:
    """The forms, and what they do.

    Args:
        azure: the services.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def routes(self) -> list[Route]:
        """One path, and the act's name below it."""
        path = "/act/{act}"
        return [
            Route(path, self._ask, methods=["GET"]),
            Route(path, self._do, methods=["POST"]),
        ]

    def _acts(self) -> dict[str, Act]:
        """All of them by name, with what there is now to choose from."""
        containers = tuple(self._containers())
        return {
            "again": Act(
                "Send the event again",
                "Event Grid takes the event in once more, with the id that it has, and delivers it "
                "to every subscription that wants it.",
                (Field("event", "Id of the event"),),
                self._again,
            ),
            "sample": Act(
                "Drop the file",
                "A file is written to storage, by somebody who may; what follows, follows.",
                (
                    Field("container", "Container", choices=containers),
                    Field("name", "Name, with its folders"),
                    Field(
                        "copy",
                        "A copy of (URL of a file in it; none: the content below)",
                        type="url",
                        needed=False,
                    ),
                    Field("content", "Content", type="textarea", needed=False),
                ),
                self._sample,
            ),
            "clock": Act(
                "Advance the clock",
                "Its clock moves forward, and stays so until a reset: what waits for a time that "
                "has come then goes on, and tokens and secrets may end.",
                (Field("seconds", "Seconds", "60", "number"),),
                self._clock,
            ),
            "fault": Act(
                "Add the fault",
                "The next requests to these hosts fail, or come late.",
                (
                    Field("host", "Host, with *", "*.inference.ml.azure.com"),
                    Field("status", "Answer (200 to 599; 0: none)", "503", "number"),
                    Field("delay", "Seconds late", "0", "number"),
                    Field("times", "How many requests", "1", "number"),
                ),
                self._fault,
            ),
            "no-faults": Act("Clear the faults", "No fault happens any more.", (), self._no_faults),
            "authorise": Act(
                "Authorise the connection",
                "What a person does once in the portal: sign in for the connection.",
                (Field("connection", "Connection"),),
                self._authorise,
            ),
        }

    def _containers(self) -> dict[str, str]:
        """Ids of the containers, by URL: of those whose blobs are heard of, else of all."""
        azure = self._azure
        found = [each.id for each in azure.resources.select(BLOB_CONTAINER.arm_type)]
        heard = [each for each in found if azure.eventgrid.watches(_account(each))]
        return {self._url(each): each for each in heard or found}

    def _url(self, container: str) -> str:
        account = self._azure.resources.find(_account(container))
        endpoint = account.properties["primaryEndpoints"]["blob"] if account else ""
        return f"{endpoint}{container.rpartition('/')[2]}"

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
        if act := self._acts().get(request.path_params["act"]):
            return act
        raise HTTPException(404, "There is no such thing to do.")

    async def _again(self, given: Mapping[str, str]) -> str:
        found = self._azure.eventgrid.of(given["event"])
        if not found:
            message = f"There is no event {given['event']} any more."
            raise LocalAzureError(message)
        self._azure.eventgrid.publish(found[-1]["source"], [found[-1]["event"]])
        return f"/files/{quote(given['event'], safe='')}"

    async def _sample(self, given: Mapping[str, str]) -> str:
        """Write a blob as any client does, over HTTP and with a token."""
        containers, url = self._containers(), given["container"]
        if url not in containers:
            message = f"There is no container {url}."
            raise LocalAzureError(message)
        self._introduce(containers[url])
        content = given.get("content", "").encode()
        if copied := given.get("copy"):
            content = await self._blob("GET", copied)
        await self._blob("PUT", f"{url}/{quote(given['name'])}", content)
        return "/"

    def _introduce(self, container: str) -> None:
        """Let somebody exist who may write to a container and read it."""
        azure = self._azure
        azure.directory.add(_READER)
        role = BY_NAME[_ROLE]
        azure.authorization.assign(f"{container}/page", _READER.object_id, role, container)

    async def _blob(self, method: str, url: str, content: bytes | None = None) -> bytes:
        """What storage answers.

        Raises:
            LocalAzureError: it refuses.
        """
        token = self._azure.tokens.issue(_READER, STORAGE_AUDIENCE).value
        headers = {"authorization": f"Bearer {token}", "x-ms-version": "2021-12-02"}
        if method == "PUT":
            headers["x-ms-blob-type"] = "BlockBlob"
        try:
            http = self._azure.http
            async with http.request(method, url, data=content, headers=headers) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise LocalAzureError(str(error)) from None
        if not answer.ok:
            message = f"Storage answered {answer.status}: {said.decode(errors='replace')}"
            raise LocalAzureError(message)
        return said

    async def _clock(self, given: Mapping[str, str]) -> str:
        self._azure.advance(timedelta(seconds=float(given["seconds"])))
        return "/faults"

    async def _fault(self, given: Mapping[str, str]) -> str:
        status, times = int(given["status"]), int(given["times"])
        fault = Fault(given["host"], delay=float(given["delay"]), status=status, times=times)
        self._azure.faults.add(fault)
        return "/faults"

    async def _no_faults(self, _: Mapping[str, str]) -> str:
        self._azure.faults.clear()
        return "/faults"

    async def _authorise(self, given: Mapping[str, str]) -> str:
        self._azure.connectors.authorise(given["connection"])
        return "/mail"


def _check(act: Act, given: Mapping[str, str]) -> None:
    """Refuse a form in which something is missing."""
    if missing := [each.label for each in act.fields if each.needed and not given.get(each.name)]:
        message = f"Missing: {', '.join(missing)}."
        raise LocalAzureError(message)


def _account(container: str) -> str:
    """Resource id of a container's account."""
    return container.partition("/blobServices/")[0]

"""What can be done from the page."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote
from uuid import NAMESPACE_DNS, uuid5

import aiohttp

from local_azure.azure import Azure
from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.faults import Fault
from local_azure.errors import LocalAzureError
from local_azure.page.dead_letters import send_again
from local_azure.page.forms import Act, Field, Forms
from local_azure.services.storage.resources import BLOB_CONTAINER

_READER = Principal(
    str(uuid5(NAMESPACE_DNS, "page.local-azure")), None, "User", "whoever uses the page"
)
_ROLE = "Storage Blob Data Contributor"


class Acts(Forms):
    """What the forms do.

    Args:
        azure: the services.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    def acts(self) -> dict[str, Act]:
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
            "again-all": Act(
                "Send them again",
                "Each event that the list of dead letters shows is taken in once more, as by “Send "
                "the event again”.",
                (Field("text", "Those alone that have this text (none: all)", needed=False),),
                self._again_all,
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

    async def _again(self, given: Mapping[str, str]) -> str:
        if not self._azure.eventgrid.again([given["event"]]):
            raise LocalAzureError(f"There is no event {given['event']} any more.")
        return f"/files/{quote(given['event'], safe='')}"

    async def _again_all(self, given: Mapping[str, str]) -> str:
        if not await send_again(self._azure, given.get("text", "")):
            raise LocalAzureError("There is no dead letter that fits any more.")
        return "/"

    async def _sample(self, given: Mapping[str, str]) -> str:
        """Write a blob as any client does, over HTTP and with a token."""
        containers, url = self._containers(), given["container"]
        if url not in containers:
            raise LocalAzureError(f"There is no container {url}.")
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
        role = by_name()[_ROLE]
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


def _account(container: str) -> str:
    """Resource id of a container's account."""
    return container.partition("/blobServices/")[0]

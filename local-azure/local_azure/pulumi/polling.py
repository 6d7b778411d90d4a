"""An operation of Resource Manager, followed to its end as azure-native follows it."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.resource_manager.door import Door
from local_azure.control_plane.resource_manager.errors import (
    OperationFailedError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.operations import ASYNC
from local_azure.control_plane.resource_manager.requests import Answer, Asked

_ENDED = {"succeeded", "failed", "canceled"}
_SECONDS = 10.0
"""Between two looks where the service names none (UNVERIFIED)."""


class Poller:
    """Asks Resource Manager, and asks again until what was asked for has come to its end.

    Args:
        door: Resource Manager.
        clock: what it waits by.
    """

    def __init__(self, door: Door, clock: Clock) -> None:
        self._door = door
        self._clock = clock

    async def ended(self, asked: Asked) -> Any:
        """The resource at the end of the operation; None of one that is deleted.

        Raises:
            OperationFailedError: the operation failed.
            ControlPlaneError: the request was refused.
        """
        answer = await self._answer(asked)
        if asked.method == "GET":
            return answer.body
        if monitor := answer.headers.get(ASYNC):
            await self._monitored(_following(monitor, asked), answer)
        elif answer.status == HTTPStatus.ACCEPTED:
            await self._located(_following(answer.headers["Location"], asked), answer)
        elif asked.method == "DELETE" or _state(answer.body) in _ENDED:
            return answer.body
        return None if asked.method == "DELETE" else await self._settled(asked)

    async def _answer(self, asked: Asked) -> Answer:
        answer = await self._door.answer(asked)
        if answer is None:
            raise ResourceNotFoundError(asked.path)
        return answer

    async def _monitored(self, asked: Asked, answer: Answer) -> None:
        while (status := (await self._again(asked, answer)).body)["status"].lower() not in _ENDED:
            pass
        if status["status"] != "Succeeded":
            error = status["error"]
            raise OperationFailedError.of((error.get("details") or [error])[0])

    async def _located(self, asked: Asked, answer: Answer) -> None:
        while (await self._again(asked, answer)).status == HTTPStatus.ACCEPTED:
            pass

    async def _settled(self, asked: Asked) -> Any:
        """The resource, once its own state is an end."""
        got = replace(asked, method="GET", body=None, new=False)
        answer = await self._answer(got)
        while _state(answer.body) not in _ENDED:
            answer = await self._again(got, answer)
        return answer.body

    async def _again(self, asked: Asked, before: Answer) -> Answer:
        await self._clock.sleep(float(before.headers.get("Retry-After", _SECONDS)))
        return await self._answer(asked)


def _following(url: str, asked: Asked) -> Asked:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return replace(asked, method="GET", path=parts.path, query=query, body=None, new=False)


def _state(body: Any) -> str:
    """The end that a body tells; a resource without a state has come to it."""
    told = ((body or {}).get("properties") or {}).get("provisioningState")
    return str(told).lower() if told else "succeeded"

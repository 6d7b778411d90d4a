"""A world around a definition: hosts that answer as they are told, and a clock that is pushed on.

Nothing is sent over any wire; what the definition would have sent is kept as it was.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from local_azure.control_plane.clock import Clock
from local_azure.runs.environment import Environment
from local_azure.runs.transport import ConnectionFailedError, HttpAnswer, HttpRequest
from local_azure.services.logic.execution import RunResult, run_definition

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
IDENTITY_TOKEN = "token-of-the-identity"
CONNECTOR = "logic-apis-westeurope.azure-apim.net"
_JSON = {"Content-Type": "application/json; charset=utf-8"}

Result = TypeVar("Result")
Answer = HttpAnswer | Exception | None
"""What a host does: answers, fails, or (None) never answers."""


def _token(_identity: str | None, _audience: str) -> str:
    return IDENTITY_TOKEN


def _connection(connection: str) -> tuple[str, str]:
    return f"https://{CONNECTOR}/apim/office365/{connection.rpartition('/')[2]}", "Key of-it"


@dataclass
class World:
    """Hosts by name, and what they were asked.

    Attributes:
        hosts: what each host does; a list is done in order, its last entry again and again.
        requests: everything that was sent.
        clock: the run's time.
        seconds: how long the last run took by that clock.
        identity_token: gives the tokens of managed identities.
    """

    hosts: Mapping[str, Answer | list[Answer] | Callable[[HttpRequest], Answer]]
    requests: list[HttpRequest] = field(default_factory=list)
    clock: Clock = field(default_factory=lambda: Clock(START))
    seconds: float = 0.0
    identity_token: Callable[[str | None, str], str] = _token

    def to(self, host: str) -> list[HttpRequest]:
        """The requests that went to a host."""
        return [each for each in self.requests if urlsplit(each.uri).hostname == host]

    async def send(self, request: HttpRequest) -> HttpAnswer:
        """Answer as the host is told to."""
        host = urlsplit(request.uri).hostname or ""
        self.requests.append(request)
        answer = self._answer(host, request)
        if answer is None:
            await self.clock.sleep(timedelta(days=1).total_seconds())
            message = "The host never answers."
            raise AssertionError(message)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _answer(self, host: str, request: HttpRequest) -> Answer:
        if host not in self.hosts:
            return ConnectionFailedError(f"No such host is known: {host}")
        told = self.hosts[host]
        if isinstance(told, list):
            return told[min(len(self.to(host)), len(told)) - 1]
        return told(request) if callable(told) else told


def answer(status: int, body: Any = None, **headers: str) -> HttpAnswer:
    """A JSON answer; ``Retry_After="5"`` stands for the header ``Retry-After: 5``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(status, {**_JSON, **named}, json.dumps(body).encode())


def run(
    definition: Mapping[str, Any],
    parameters: Mapping[str, Any],
    body: Any,
    world: World,
) -> RunResult:
    """Run a definition to its end, pushing the clock on whenever all wait for it."""
    environment = Environment(
        world.clock,
        world.send,
        identity_token=world.identity_token,
        connection=_connection,
        workflow={"id": "/workflows/w", "name": "w"},
    )

    outputs = {"headers": {"Content-Type": "application/json"}, "body": body}
    return pushed(lambda: run_definition(definition, parameters, outputs, environment), world, 1)


def pushed(
    work: Callable[[], Coroutine[Any, Any, Result]], world: World, seconds: int = 20
) -> Result:
    """Do the work of a run, pushing the clock on by some seconds whenever all wait for it."""

    async def push() -> Result:
        task = asyncio.create_task(work())
        while not await _settled(task):
            world.clock.advance(timedelta(seconds=seconds))
        return task.result()

    result = asyncio.run(push())
    world.seconds = (world.clock.now() - START).total_seconds()
    return result


async def _settled(work: asyncio.Task[Any]) -> bool:
    """Whether the work is done, once nothing can go on; what never waits is left in the end."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # of every loop here
    for _ in range(100):
        await asyncio.sleep(0)
        if work.done() or not ready:
            break
    return work.done()

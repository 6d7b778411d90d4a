"""An embedded Azure in a thread of its own, so that real, synchronous SDK clients can call it."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from local_azure.commands import environment
from local_azure.control_plane.clock import Clock
from local_azure.gateway.server import Server
from local_azure.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from concurrent.futures import Future

    from local_azure.azure import Azure

Result = TypeVar("Result")


class Running:
    """A server in a thread.

    Attributes:
        azure: its services; touch them only inside ``call``.
        home: its state folder.
    """

    def __init__(self, home: Home, clock: Clock, *, is_slow: bool = False) -> None:
        self.home = home
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self.run(self._start(home, clock, is_slow=is_slow))
        self.azure: Azure = self._server.azure

    @staticmethod
    async def _start(home: Home, clock: Clock, *, is_slow: bool) -> Server:
        server = Server(home, clock, is_slow=is_slow)
        await server.start()
        return server

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """The result of a coroutine, run in the server's event loop."""
        return self.begin(work).result(timeout=60)

    def begin(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Run a coroutine in the server's event loop, and do not wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, function: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """The result of a function, called in the server's thread."""

        async def called() -> Result:
            return function(*arguments, **named)

        return self.run(called())

    def client_environment(self) -> dict[str, str]:
        """What an unmodified SDK client needs in its environment."""
        return environment.for_clients(self.home, {"ports": self.azure.ports.now})

    def stop(self) -> None:
        """Stop the server and its thread."""
        self.run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""Where a frozen clock stands at first."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An embedded Azure for the tests of one module, its clock the machine's."""
    server = Running(Home(tmp_path_factory.mktemp("azure")), Clock())
    yield server
    server.stop()


@pytest.fixture
def client_environment(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real SDK clients of this test reach the embedded Azure, and nothing else."""
    for name, value in running.client_environment().items():
        monkeypatch.setenv(name, value)

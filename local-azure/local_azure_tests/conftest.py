"""An embedded Azure in a thread of its own, so that real, synchronous SDK clients can call it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

from local_azure.azure import Azure
from local_azure.command_line import cli
from local_azure.commands import environment, process
from local_azure.commands.console_client import Console
from local_azure.control_plane.clock import Clock
from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.entra import tokens
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import DEPLOYER
from local_azure.gateway.server import Server
from local_azure.home import Home, write_private
from local_azure.services.storage import service
from local_azure.services.storage.accounts import Pool
from local_azure.services.storage.azurite import Azurite

Result = TypeVar("Result")
Served = TypeVar("Served", bound="Running")


class Running:
    """A server in a thread.

    Attributes:
        azure: its services; touch them only inside ``call``.
        home: its state folder.
    """

    def __init__(self, home: Home, clock: Clock, *, is_slow: bool = False) -> None:
        self.home = home
        self._loop = asyncio.new_event_loop()
        # What does not stop fails its tests, and lets them end.
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
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

    def put(self, kind: ResourceType, /, **inputs: Any) -> Resource:
        """Create or change a resource, as the provider does."""
        bound = self.azure.manager.kind(kind.arm_type) or kind
        return self.run(self.azure.manager.put(bound, inputs, DEPLOYER, PUBLIC, new=False))

    def stored(self, resource_id: str) -> Resource:
        """The control plane's resource with this id."""
        found = self.call(self.azure.resources.find, resource_id)
        assert found is not None
        return found

    def kept(self) -> bytes:
        """What lies in its state file, and in the files beside it."""
        return b"".join(path.read_bytes() for path in self.home.folder.glob("state.db*"))

    def client_environment(self) -> dict[str, str]:
        """What an unmodified SDK client needs in its environment."""
        return environment.for_clients(self.home, {"ports": self.azure.ports.now})

    def lead(self, shell: pytest.MonkeyPatch) -> None:
        """Let real SDK clients reach this server, and nothing else."""
        for name, value in self.client_environment().items():
            shell.setenv(name, value)

    def answer(self, shell: pytest.MonkeyPatch) -> None:
        """Let commands ask this server."""
        found = Console(self.azure.ports.now["console"], self.home.secret("console"))
        shell.setattr(Console, "of", lambda _home: found)

    def stop(self) -> None:
        """Stop the server and its thread."""
        self.run(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def kill(home: Home) -> None:
    """End a server's process at once, in the middle of what it does."""
    told = process.running(home)
    assert told, "it ended by itself"
    os.kill(told["pid"], signal.SIGKILL)
    os.waitpid(told["pid"], 0)


def known(
    azure: Azure,
    resource_id: str,
    body: dict[str, Any] | None = None,
    told: dict[str, Any] | None = None,
) -> None:
    """Let the control plane know a resource without a PUT; its type is the one that its id has."""
    name = resource_id.rpartition("/")[2]
    _, below, path = resource_id.rpartition("/providers/")
    own = path if below else f"Microsoft.Resources/resourceGroups/{name}"
    namespace, *parts = own.split("/")
    kind = "/".join([namespace, *parts[::2]])
    azure.resources.put(Resource(resource_id, kind, name, body or {}, told or {}))


NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""Where a frozen clock stands at first."""


class Lasting(Azurite):
    """Storage of one server after another, because a start takes two seconds of CPU."""

    async def stop(self) -> None:
        """Go on, for the next server."""

    async def end(self) -> None:
        """End at last."""
        await super().stop()


@dataclass(frozen=True)
class Storage:
    """An Azurite for each service, and what servers that share them share.

    Attributes:
        secrets: what the keys of their accounts are made of, and what tokens are signed with,
            because to make that is half of a start; by file.
    """

    secrets: dict[str, str]
    blobs: Lasting
    queues: Lasting

    @contextmanager
    def serve(self, kind: type[Served], folder: Path, clock: Clock) -> Iterator[Served]:
        """A server with its storage here, which is empty again after it."""
        for name, secret in self.secrets.items():
            write_private(folder / name, secret)
        with pytest.MonkeyPatch.context() as patched:
            of_queues, of_blobs = self.queues, self.blobs
            patched.setattr(service, "Azurite", lambda *of: of_queues if of[2:] else of_blobs)
            server = kind(Home(folder), clock)
        yield server
        for account in server.call(server.azure.storage._accounts._slots):
            server.run(server.azure.storage.delete_account(account))
        server.stop()


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    home = Home(tmp_path_factory.mktemp("azurite"))
    secret = home.secret("azurite")
    declared = Pool(secret).declaration()
    tokens.signing_key(home)
    made = Storage(
        {name: (home.folder / name).read_text() for name in ("azurite.secret", "signing-key.pem")},
        Lasting(home, declared),
        Lasting(home, declared, "queue"),
    )
    yield made
    asyncio.run(made.blobs.end())
    asyncio.run(made.queues.end())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, lasting: Storage) -> Iterator[Running]:
    """An embedded Azure for the tests of one module, its clock the machine's."""
    with lasting.serve(Running, tmp_path_factory.mktemp("azure"), Clock()) as server:
        yield server


@pytest.fixture
def client_environment(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real SDK clients of this test reach the embedded Azure, and nothing else."""
    running.lead(monkeypatch)


@pytest.fixture
def console(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this test ask the embedded Azure."""
    running.answer(monkeypatch)


class Printed(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a script reads."""
        return json.loads(self.out)


Invoke = Callable[..., Printed]


@pytest.fixture
def invoke(capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Gives a command its arguments, which may be paths, and tells how it ended."""

    def given(*arguments: object) -> Printed:
        code = cli.main([str(each) for each in arguments])
        return Printed(code, *capsys.readouterr())

    return given


def saved(folder: Path, document: Any, name: str = "a.json") -> Path:
    """A file with a document, or with this text."""
    file = folder / name
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file

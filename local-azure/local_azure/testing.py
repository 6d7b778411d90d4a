"""An embedded Azure for somebody else's tests: started in a folder, asked, moved, stopped.

The pytest plug-in has it as a fixture; by itself it needs no pytest. What it tells is plain data.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock
from urllib.parse import urlencode

from local_azure import project
from local_azure.commands import environment, process, runs, stacks
from local_azure.commands.console_client import Console
from local_azure.control_plane.faults import Fault
from local_azure.errors import LocalAzureError
from local_azure.home import Home
from local_azure.tracing.model import Trace

Result = TypeVar("Result")
Entry = dict[str, Any]
_ALL = 10_000
"""As many as each history is kept to."""


class LocalAzure:
    """A server with a state folder of its own, on free ports; it ends with this process at last.

    Args:
        folder: an empty folder, or one that it ran on before.

    Raises:
        LocalAzureError: it did not start, or Azurite can't be fetched (once for each user).
    """

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder.resolve())
        self.told = process.start(self.home, outlives=False)
        self._console = Console.at(self.home, self.told)

    def stop(self) -> None:
        """Stop it; the folder keeps what was in it."""
        process.stop(self.home)

    def variables(self, *roles: str, inside: str = "") -> dict[str, str]:
        """What an unmodified client needs in its environment, a credential (``AZURE_…``) included.

        Args:
            roles: names of built-in roles, which somebody of these roles has in the subscription;
                without any: Owner, who as in Azure may read no data.
            inside: name of the virtual network that the client is in; empty for outside.

        Raises:
            LocalAzureError: a role that is not known here.
        """
        somebody: Entry = stacks.SOMEBODY | project.OWNER
        if roles:
            object_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.home.folder} {sorted(roles)}")
            somebody = {"object_id": str(object_id), "type": "User", "roles": [*roles]}
        variables = environment.for_person(self.home, self.told, somebody)
        return environment.inside(variables, inside)

    def environment(self, *roles: str, inside: str = "") -> AbstractContextManager[Any]:
        """Clients that are made and used inside reach it, as `variables` says, and nothing else."""
        return mock.patch.dict(os.environ, self.variables(*roles, inside=inside))

    def stack(self, folder: Path, name: str = "dev") -> Stack:
        """A stack of the Pulumi project in this folder, to be brought up here."""
        return Stack(self, folder, name)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward: what waits for a time that has come then goes on."""
        self._console.post("/clock/advance", {"seconds": by.total_seconds()})

    def fault(self, host: str, **what: Any) -> None:
        """Have the next requests to a host (a pattern) fail, or come late.

        Args:
            host: such as ``*.blob.core.windows.net``.
            what: ``status``, ``delay`` (seconds), ``drop``, ``times``, ``method``, ``path``.

        Raises:
            ValueError: nothing goes wrong by that.
        """
        self._console.post("/faults", asdict(Fault(host, **what)))

    def clear_faults(self) -> None:
        """Let no fault happen any more."""
        self._console.delete("/faults")

    def receive(self, url: str, status: int = 200, key: str = "") -> None:
        """Have a function or webhook outside of Azure answer events; `messages` has them."""
        asked = {"url": url, "status": status, "key": key, "handshake": True}
        self._console.post("/receivers", asked)

    def messages(self, of: str) -> list[Any]:
        """What came to a receiver's URL, ``<account>/<queue>`` or ``<namespace>/<name>``."""
        asked = urlencode({"entity": of, "limit": _ALL})
        return list(self._console.get(f"/messages?{asked}")["messages"])

    def events(self) -> list[Entry]:
        """The events with their deliveries, the newest first."""
        return self._history()["events"]

    def runs(self) -> list[Entry]:
        """The workflow runs with their actions, the newest first."""
        return self._history()["workflow_runs"]

    def pipeline_runs(self) -> list[Entry]:
        """The pipeline runs with their activities, the newest first."""
        return self._history()["pipeline_runs"]

    def jobs(self) -> list[Entry]:
        """The batch jobs with their states, the newest first."""
        return self._history()["jobs"]

    def wait_for(self, look: Callable[[], Result], seconds: float = 30) -> Result:
        """What `look` gives as soon as that is something.

        Args:
            look: called again and again.
            seconds: of the machine's time.

        Raises:
            AssertionError: it did not come; with what happened here instead.
        """
        __tracebackhide__ = True
        deadline = time.monotonic() + seconds
        while not (found := look()):
            if time.monotonic() > deadline:
                told = self._console.get("/traces?spans=1&limit=100")["traces"]
                happened = "\n".join(runs.lines(map(Trace.from_json, told))) or "nothing"
                message = f"After {seconds} s it is still {found!r}. What happened:\n{happened}"
                raise AssertionError(message)
            time.sleep(0.05)
        return found

    def _history(self) -> dict[str, list[Entry]]:
        told: dict[str, list[Entry]] = self._console.get(f"/runs?limit={_ALL}")
        return told


class Stack:
    """A stack of a Pulumi project; its CLI has to be on ``PATH``.

    Args:
        azure: where it is brought up.
        folder: the project's, or one below it.
        name: ``Pulumi.<name>.yaml`` is its file.

    Attributes:
        outputs: the stack's, secrets in clear, once it is up.

    Raises:
        LocalAzureError: no project, no such stack, no Pulumi CLI.
    """

    def __init__(self, azure: LocalAzure, folder: Path, name: str) -> None:
        with contextlib.chdir(folder):
            self._variables = stacks.prepare(azure.home, azure.told, name)
            self._folder = project.locate().folder
        self.outputs: Entry = {}

    def up(self, *arguments: str) -> Entry:
        """Bring it up, and return its outputs.

        Raises:
            LocalAzureError: it failed; with what Pulumi said.
        """
        self._pulumi("up", "--yes", "--skip-preview", *arguments)
        self.outputs = json.loads(self._pulumi("stack", "output", "--json", "--show-secrets"))
        return self.outputs

    def destroy(self) -> None:
        """Remove what it created.

        Raises:
            LocalAzureError: it failed; with what Pulumi said.
        """
        self._pulumi("destroy", "--yes")

    def _pulumi(self, *arguments: str) -> str:
        __tracebackhide__ = True
        done = subprocess.run(
            [stacks.cli(self._variables), *arguments, "--non-interactive"],
            cwd=self._folder,
            env=environment.of_process(self._variables),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"`pulumi {arguments[0]}` failed:\n{done.stdout}{done.stderr}"
            raise LocalAzureError(message)
        return done.stdout

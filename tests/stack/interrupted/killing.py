"""A stack whose engine is killed at a certain call of its providers: a kill can be repeated.

The providers answer in this process, and the engine is a process of its own: what was asked for is
done or not, and nobody is left to write it into the state.
"""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import grpc

from local_azure.pulumi.servicer import Servicer
from local_azure_tests.conftest import Running
from tests import PROJECT
from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.shell import CONFIRMED

_OF_A_WORKSPACE = re.compile(
    r"/datastores/workspace\w+store$|/containers/azureml(-blobstore-[^/]*)?$"
)
"""What a workspace makes for itself; no state has it."""


class Killer:
    """Ends a process group at the n-th call of one method of the providers."""

    def __init__(self) -> None:
        self._method, self._kind, self._left, self._done = "", "", 0, True
        self._group = 0

    def aim(self, method: str, at: int, kind: str, *, done: bool) -> None:
        """Kill at this call, of those for a type (empty: any): when it is done, or unbegun."""
        self._method, self._left, self._kind, self._done = method, at, kind, done

    def shoot_at(self, group: int) -> None:
        """Whom to kill."""
        self._group = group

    def watched(self, method: str) -> Callable[..., Awaitable[Any]]:
        """A method of the providers that looks whether its time has come."""
        real = getattr(Servicer, method)

        async def called(servicer: Servicer, request: Any, context: Any) -> Any:
            if not self._is_mine(method, request):
                return await real(servicer, request, context)
            if self._done:
                await real(servicer, request, context)
            os.killpg(self._group, signal.SIGKILL)
            return await context.abort(grpc.StatusCode.ABORTED, "nobody hears this")

        return called

    def _is_mine(self, method: str, request: Any) -> bool:
        if method != self._method or getattr(request, "preview", False):
            return False
        if self._kind not in ("", request.type):
            return False
        self._left -= 1
        return self._left == 0


class Mortal(Deployed):
    """A stack whose Pulumi commands can be killed."""

    def __init__(self, running: Running, killer: Killer, name: str = "dev") -> None:
        super().__init__(running, name)
        self.killer = killer
        self.before = self.everything()

    def killed(
        self, operation: str, at: int = 1, kind: str = "", *, done: bool = True, method: str = ""
    ) -> bool:
        """Run an operation that is killed at a call; whether there were so many.

        Without a method it is a create, or for `destroy` a delete.
        """
        usual = "Delete" if operation == "destroy" else "Create"
        self.killer.aim(method or usual, at, kind, done=done)
        with subprocess.Popen(
            ["pulumi", operation, "--stack", self.name, *CONFIRMED, "--non-interactive"],  # noqa: S607 the set-up's CLI
            cwd=PROJECT,
            env={**os.environ, **self.variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            self.killer.shoot_at(process.pid)
        self.killer.aim("", 0, "", done=True)
        return process.returncode == -signal.SIGKILL

    def resume(self, exit_code: int = 0) -> str:
        """What `tools.resume` says."""
        done = subprocess.run(
            [sys.executable, "-m", "tools.resume", "--stack", self.name],
            cwd=PROJECT,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def readable(self) -> None:
        """Remove checksums that a kill has left empty, with which Pulumi reads nothing."""
        for file in (self.running.home.folder / "pulumi").rglob("stacks/*/*.attrs"):
            if not file.stat().st_size:
                file.unlink()

    def everything(self) -> list[str]:
        """Ids, in lower case, of all resources but those that no state has."""
        return [each for each in super().everything() if not _OF_A_WORKSPACE.search(each)]

    def strangers(self) -> dict[str, list[str]]:
        """What exists and no state has, what the state has and does not exist, or has twice."""
        kept = [
            each["id"].lower()
            for each in self.state()
            if each["type"].startswith(("azure-native:", "azuread:"))
        ]
        there = set(self.everything()) - set(self.before)
        twice = {each for each, times in Counter(kept).items() if times > 1}
        found = {"orphans": there - set(kept), "missing": set(kept) - there, "twice": twice}
        return {what: sorted(ids) for what, ids in found.items() if ids}


@contextmanager
def mortal(folder: Path) -> Iterator[Mortal]:
    """The dev stack on an embedded Azure of its own, nothing of which exists yet."""
    killer = Killer()
    methods: dict[str, Any] = {
        each: killer.watched(each) for each in ("Create", "Update", "Delete")
    }
    with (
        mock.patch.multiple(Servicer, **methods),
        on_its_own(folder, lambda running: Mortal(running, killer)) as stack,
    ):
        yield stack

"""The dev stack, deployed by the real engine on an embedded Azure, and what comes of its files."""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from local_azure.commands.console_client import Console
from local_azure.control_plane.authorization.roles import by_name
from local_azure.control_plane.clock import Clock
from local_azure.control_plane.faults import Fault
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.home import Home
from local_azure.tracing.spans import event_id
from local_azure_tests.conftest import Running
from tests import PROJECT
from tests.stack.shell import Entry, Stack

Result = TypeVar("Result")

ENDS = ("Completed", "Failed", "Canceled")
ALL = 10_000
PATIENCE = 240.0
"""Seconds of the machine's time until a step counts as not happening."""


class Deployed(Stack):
    """A stack that is up, on an embedded Azure in this process.

    Attributes:
        running: the embedded Azure that it is on.
    """

    def __init__(self, running: Running, name: str = "dev") -> None:
        self.running = running
        super().__init__(running.home, {"ports": running.azure.ports.now}, name)

    @property
    def console(self) -> Console:
        """What the embedded Azure's own commands ask."""
        return Console.at(self.running.home, {"ports": self.running.azure.ports.now})

    @contextmanager
    def signed_in(self, grants: Iterable[tuple[str, str]]) -> Iterator[str]:
        """The shell of somebody who has these roles, each on a scope, and no others; who it is."""
        who, azure, before = str(uuid4()), self.running.azure, self.variables
        [known] = self.console.post("/principals", [{"object_id": who, "type": "ServicePrincipal"}])
        for role, scope in grants:
            guid = by_name().get(role, role)
            self.running.call(azure.authorization.assign, f"{scope}/{who}-{guid}", who, guid, scope)
        self.sign_in(known["client_id"], known["client_secret"])
        try:
            yield who
        finally:
            self.sign_in(before["AZURE_CLIENT_ID"], before["AZURE_CLIENT_SECRET"])

    def one_of(
        self, people: str, *more: tuple[str, str], lacking: str = ""
    ) -> AbstractContextManager[str]:
        """The shell of one of the stack's people, who lacks a right, or has more."""
        rights = dict(self.rights[people])
        if lacking:
            del rights[lacking]
        return self.signed_in([*rights.values(), *more])

    @cached_property
    def rights(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """Role and scope of each thing that the stack gives its people, by what it is for."""
        return {people: self._rights_of(people) for people in ("callers", "operators")}

    def _rights_of(self, people: str) -> Mapping[str, tuple[str, str]]:
        return {
            name.removesuffix(f"-{each['inputs']['principalId']}").removeprefix(f"{people}-"): (
                each["inputs"]["roleDefinitionId"].rpartition("/")[2],
                each["inputs"]["scope"],
            )
            for each in self.state()
            if (name := each["urn"].rpartition("::")[2]).startswith(f"{people}-")
            and each["type"].endswith(":RoleAssignment")
        }

    def sign_in(self, client_id: str, secret: str) -> None:
        """From here on its shell, and whoever brings it up, is this principal."""
        self.variables = {
            **self.variables,
            "AZURE_CLIENT_ID": client_id,
            "AZURE_CLIENT_SECRET": secret,
        }
        for provider in ("azure-native", "azuread"):
            self.configure({"clientId": client_id}, provider)

    def keep_secret(self, name: str, value: str) -> None:
        """Encrypt a rule's secret into the stack's file."""
        command = ["pulumi", "config", "set", "--stack", self.name, "--secret", "--path"]
        subprocess.run(
            [*command, f"event_secrets.{name}"],
            cwd=PROJECT,
            env=self.variables,
            input=value,
            text=True,
            capture_output=True,
            check=True,
        )

    @property
    def account_id(self) -> str:
        """The input account's resource id."""
        group = self.outputs["workspace_id"].partition("/Microsoft.")[0]
        return f"{group}/Microsoft.Storage/storageAccounts/{self.outputs['storage_account_name']}"

    def resources(self, kind: str) -> list[Resource]:
        """The resources of a type, as Resource Manager keeps them."""
        return self.running.call(self.running.azure.resources.select, kind)

    def resource(self, resource_id: str) -> Resource:
        """The one with this id."""
        return self.running.stored(resource_id)

    def put(self, type_: ResourceType, **inputs: Any) -> str:
        """Make what is somebody else's; its id."""
        return self.running.put(type_, **inputs).id

    def everything(self) -> list[str]:
        """Ids of all resources, in lower case."""
        rows = self.running.call(self.running.azure.state.rows, "SELECT id FROM resources")
        return [row["id"].lower() for row in rows]

    def drop(self, *names: str, content: bytes) -> list[str]:
        """Upload the same content under each name, as it is; the blobs' URLs."""
        with self.container() as container:
            return [container.upload_blob(name, content, overwrite=True).url for name in names]

    @contextmanager
    def landing(self, prefix: str, content: bytes) -> Iterator[list[str]]:
        """Files land one by one for as long as this lasts; their URLs, complete at its end."""
        urls, over = list[str](), threading.Event()

        def land() -> None:
            while not over.wait(0.1):
                urls.extend(self.drop(f"incoming/{prefix}-{len(urls)}.pgm", content=content))

        with ThreadPoolExecutor(1) as other:
            ended = other.submit(land)
            try:
                yield urls
            finally:
                over.set()
            ended.result()

    def history(self) -> dict[str, list[Entry]]:
        """Events, workflow runs and jobs, newest first."""
        azure = self.running.azure
        return self.running.call(
            lambda: {
                "events": azure.eventgrid.history(ALL),
                "workflow_runs": azure.logic.runs.latest(ALL),
                "jobs": azure.machinelearning.history(ALL),
            }
        )

    def jobs_for(self, urls: list[str]) -> list[Entry]:
        """The jobs whose input is one of these blobs."""
        wanted = set(urls)
        jobs = self.running.call(self.running.azure.machinelearning.history, ALL)
        return [job for job in jobs if job["input"] in wanted]

    def job(self, name: str) -> Entry:
        """A job by its name."""
        jobs = self.running.call(self.running.azure.machinelearning.history, ALL)
        return next(job for job in jobs if job["name"] == name)

    def events_for(self, url: str) -> list[Entry]:
        """The events of a blob, as they were published."""
        events = [entry["event"] for entry in self.history()["events"]]
        return [event for event in events if event["data"].get("url") == url]

    def runs_for(self, url: str) -> list[Entry]:
        """The workflow runs that the events of a blob started."""
        ids = {event["id"] for event in self.events_for(url)}
        return [run for run in self.history()["workflow_runs"] if event_id(run) in ids]

    def predictions(self, job: str) -> str:
        """A job's predictions file, downloaded with the shell's credential."""
        (output,) = [each["output"] for each in self.history()["jobs"] if each["name"] == job]
        path = output.partition("/paths/")[2]
        path += "predictions.csv" if path.endswith("/") else ""
        return self.read(self.outputs["predictions_url"].removesuffix("azureml/") + path)

    def written_for(self, event: str) -> list[str]:
        """Names of the blobs in the folder of an event."""
        host, container, endpoint = self.outputs["event_predictions_url"].split("/")[2:5]
        folder = f"{endpoint}/{event}/"
        with self.container_at(f"https://{host}/{container}") as written:
            names = written.list_blob_names(name_starts_with=folder)
            return [name.removeprefix(folder) for name in names]

    def dead_letters(self) -> list[list[Entry]]:
        """The events of each file in the dead-letter container."""
        with self.container("dead_letter_account", "dead_letter_container") as container:
            names = container.list_blob_names()
            return [json.loads(container.download_blob(name).readall()) for name in names]

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.running.call(self.running.azure.clock.advance, by)

    def disturb(self, host: str, method: str = "*", path: str = "*", **fault: Any) -> None:
        """Let a host fail, or answer late, the next time or times."""
        self.running.call(self.running.azure.faults.add, Fault(host, method, path, **fault))

    def fail_invoke(self, **fault: Any) -> None:
        """The same of the endpoint, when it is invoked."""
        self.disturb("*.inference.ml.azure.com", "POST", "/jobs", **fault)

    @property
    def disturbed(self) -> bool:
        """Whether something is still to fail."""
        return self.running.azure.faults.pending > 0

    def calm(self) -> None:
        """Let nothing fail any more."""
        self.running.call(self.running.azure.faults.clear)

    def job_of(self, name: str, content: bytes) -> Entry:
        """The one job of a file that is dropped, once it has ended."""
        (job,) = self.await_jobs(self.drop(name, content=content))
        return job

    def await_jobs(self, urls: list[str], count: int | None = None) -> list[Entry]:
        """The jobs of these blobs, once there are as many as blobs and all have ended."""

        def ended() -> list[Entry] | None:
            jobs = self.jobs_for(urls)
            enough = len(jobs) >= (len(urls) if count is None else count)
            return jobs if enough and all(job["status"] in ENDS for job in jobs) else None

        return until(ended, f"a job for each of {len(urls)} blobs")


def until(happened: Callable[[], Result | None], what: str) -> Result:
    """What the function returns, once it returns something.

    Raises:
        AssertionError: nothing came; says what was waited for.
    """
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < PATIENCE:
        if found := happened():
            return found
        # who looks often keeps what it waits for from its work
        time.sleep(min(0.1 + waited / 10, 0.5))
    message = f"waited {PATIENCE:.0f} s for {what}"
    raise AssertionError(message)


@contextmanager
def on_its_own(folder: Path, kind: Callable[[Running], Any] = Deployed) -> Iterator[Any]:
    """The dev stack, of which nothing exists yet, on an embedded Azure that is for it alone."""
    running = Running(Home(folder), Clock())
    try:
        yield kind(running)
    finally:
        running.stop()


def brought_up(
    kind: Callable[[Running], Any] = Deployed,
    before: Callable[[Any], Mapping[str, Any]] = lambda _: {},
    **settings: Any,
) -> Any:
    """A fixture of one module: the dev stack's own file with these settings, up on its own.

    Args:
        kind: of stack.
        before: makes what is there before it, and says which settings speak of that.
        settings: the others.
    """

    @pytest.fixture(scope="module")
    def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
        with on_its_own(tmp_path_factory.mktemp("azure"), kind) as made:
            made.configure({**settings, **before(made)})
            made.up()
            yield made

    return stack

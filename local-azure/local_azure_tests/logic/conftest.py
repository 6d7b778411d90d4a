"""A running embedded Azure on a frozen clock, with workflows put straight into its store."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any

import pytest

from local_azure.control_plane.clock import Clock
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure.home import Home
from local_azure.services.logic.resources import access_endpoint
from local_azure_tests.conftest import NOON, Result, Running
from local_azure_tests.core.rest_client import Answer, exchange

WORKFLOWS = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Logic/workflows"
IDENTITY = Principal("workflow-object", "workflow-client", "ManagedIdentity", "workflow")


class Cloud(Running):
    """An embedded Azure whose workflows can be made and called."""

    def put_workflow(self, name: str, definition: dict[str, Any], **body: Any) -> str:
        """Make or replace a workflow; its resource id."""
        before = self.call(self.azure.resources.find, f"{WORKFLOWS}/{name}")
        properties = {
            "accessEndpoint": access_endpoint("westeurope"),
            "version": "08585008064811920753",
            **({"accessEndpoint": before.properties["accessEndpoint"]} if before else {}),
            "location": "westeurope",
            "identity": {"type": "SystemAssigned", "principalId": IDENTITY.object_id},
        }
        whole = {"definition": definition, "location": "westeurope", **body}
        made = Resource(f"{WORKFLOWS}/{name}", "Microsoft.Logic/workflows", name, whole, properties)
        self.call(self.azure.directory.add, IDENTITY)
        self.call(self.azure.resources.put, made)
        return made.id

    def url(self, workflow: str) -> str:
        """The callback URL of a workflow's trigger."""
        return self.call(self.azure.logic.callback_url, workflow, "manual")

    def post(self, url: str, body: Any = None, method: str = "POST", **headers: str) -> Answer:
        """Call a URL."""
        return self.run(self._exchange(method, url, body, headers))

    def post_and_wait_on(self, url: str, body: Any) -> Answer:
        """Call a URL, pushing the clock on until it answers."""
        return self.run(self._pushed(self._exchange("POST", url, body, {})))

    def history(self, workflow: str) -> list[dict[str, Any]]:
        """The runs of a workflow, newest first, once all have ended."""
        return self.run(self._ended(workflow))

    def history_later(self, workflow: str) -> list[dict[str, Any]]:
        """As ``history``, pushing the clock on until they have."""
        return self.run(self._pushed(self._ended(workflow)))

    async def _pushed(self, work: Coroutine[Any, Any, Result]) -> Result:
        task = asyncio.create_task(work)
        while not (await asyncio.wait({task}, timeout=0.02))[0]:
            self.azure.clock.advance(timedelta(minutes=1))
        return task.result()

    async def _exchange(self, method: str, url: str, body: Any, headers: dict[str, str]) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
        return await exchange(self.azure, method, url, data=data, headers=headers)

    async def _ended(self, workflow: str) -> list[dict[str, Any]]:
        while True:
            runs = [r for r in self.azure.logic.runs.latest(100) if r["workflow"] == workflow]
            if all(run["status"] != "Running" for run in runs):
                return runs
            await asyncio.sleep(0.01)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One for the tests of a module."""
    running = Cloud(Home(tmp_path_factory.mktemp("azure")), Clock(NOON))
    yield running
    running.stop()

"""A stack with a data factory on an embedded Azure, and what a user does with its pipelines."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from azure.identity import EnvironmentCredential
from azure.mgmt.datafactory import DataFactoryManagementClient
from azure.mgmt.datafactory.models import RunFilterParameters

from local_azure.commands.stacks import SOMEBODY
from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.tenant import SUBSCRIPTION_ID
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.storage.resources import BLOB_CONTAINER, STORAGE_ACCOUNT, STORAGE_QUEUE
from tests.stack.event_path.deployed import Deployed, until
from tests.stack.shell import digits_in

PUBLISHER = SOMEBODY["object_id"]
"""Whose credential the dev stack's shell has."""

BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
GROUP = "elsewhere"
ENDS = ("Succeeded", "Failed", "Cancelled")
EVER = RunFilterParameters(
    last_updated_after=datetime(2000, 1, 1, tzinfo=UTC),
    last_updated_before=datetime(3000, 1, 1, tzinfo=UTC),
)


class Piped(Deployed):
    """A stack with a data factory."""

    def up_with(self, **settings: Any) -> None:
        """Bring the stack up with further keys."""
        self.configure(settings)
        self.up()

    def grant(self, role: str, scope: str) -> None:
        """Give who has the shell's credential a role."""
        assign = self.running.azure.authorization.assign
        self.running.call(assign, f"{scope}/test-{role}", PUBLISHER, role, scope)

    def account(
        self,
        name: str,
        *containers: str,
        queues: Iterable[str] = (),
        keys: bool = False,
        **more: Any,
    ) -> str:
        """An account of somebody else, which the shell's credential may write to; its id."""
        self.put(RESOURCE_GROUP, resourceGroupName=GROUP, location="westeurope")
        place = {"resourceGroupName": GROUP, "accountName": name}
        made = self.put(
            STORAGE_ACCOUNT,
            **place,
            kind="StorageV2",
            sku={"name": "Standard_LRS"},
            location="westeurope",
            allowSharedKeyAccess=keys,
            **more,
        )
        for container in containers:
            self.put(BLOB_CONTAINER, **place, containerName=container)
        for queue in queues:
            self.put(STORAGE_QUEUE, **place, queueName=queue)
        self.grant(BLOB_CONTRIBUTOR, made)
        return made

    def factory(self, name: str) -> str:
        """A data factory of somebody else, with an identity; its id."""
        self.put(RESOURCE_GROUP, resourceGroupName=GROUP, location="westeurope")
        place = {"resourceGroupName": GROUP, "factoryName": name, "location": "westeurope"}
        return self.put(FACTORY, **place, identity={"type": "SystemAssigned"})

    @contextmanager
    def client(self) -> Iterator[DataFactoryManagementClient]:
        """The real client of who has the shell's credential."""
        with (
            self.shell(),
            EnvironmentCredential() as credential,
            DataFactoryManagementClient(credential, SUBSCRIPTION_ID, retry_total=0) as client,
        ):
            yield client

    def run(self, pipeline: str | None = None, **parameters: Any) -> str:
        """Start a pipeline; the run's id."""
        name = pipeline or self.outputs["pipeline_name"]
        with self.client() as client:
            return client.pipelines.create_run(*self._factory(), name, parameters).run_id

    def cancel(self, run: str) -> None:
        """End a run and those that it started."""
        with self.client() as client:
            client.pipeline_runs.cancel(*self._factory(), run, is_recursive=True)

    def runs(self) -> list[Any]:
        """All runs of the factory's pipelines."""
        with self.client() as client:
            return list(client.pipeline_runs.query_by_factory(*self._factory(), EVER).value)

    def activities(self, run: str) -> dict[str, Any]:
        """A run's activities by name; of those that were repeated, the last."""
        with self.client() as client:
            found = client.activity_runs.query_by_pipeline_run(*self._factory(), run, EVER)
        return {str(each.activity_name): each for each in found.value}

    def ended(self, run: str) -> Any:
        """A run, once it has ended."""

        def found() -> Any:
            of_it = [each for each in self.runs() if each.run_id == run]
            return next((each for each in of_it if each.status in ENDS), None)

        return until(found, f"the end of the run {run}")

    def ended_of(self, pipeline: str) -> Any:
        """The only run of a pipeline, once it has ended."""

        def found() -> Any:
            of_it = [each for each in self.runs() if each.pipeline_name == pipeline]
            return next((each for each in of_it if each.status in ENDS), None)

        return until(found, f"a run of {pipeline}")

    def rows(self, url: str) -> list[tuple[str, int]]:
        """File and digit of each row of a predictions file."""
        return digits_in(self.read(url))

    def workspace_blob(self, path: str) -> str:
        """The URL of a path of the datastore `workspaceblobstore`."""
        return str(self.outputs["predictions_url"]).removesuffix("azureml/") + path

    def _factory(self) -> tuple[str, str]:
        return self.outputs["factory_id"].split("/")[4], self.outputs["factory_name"]

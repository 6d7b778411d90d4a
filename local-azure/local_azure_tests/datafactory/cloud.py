"""A running embedded Azure with a factory, and the real management client of its runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from azure.identity import ClientSecretCredential
from azure.mgmt.datafactory import DataFactoryManagementClient
from azure.mgmt.datafactory.models import RunFilterParameters

from local_azure.control_plane.clouds import PUBLIC
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.tenant import SUBSCRIPTION_ID, TENANT_ID
from local_azure.services.datafactory import exported
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure.services.managedidentity.resources import USER_ASSIGNED_IDENTITY
from local_azure_tests.conftest import Running
from local_azure_tests.datafactory.pipelines import activity, web

GROUP, FACTORY_NAME = "rg", "factory-one"
HERE = {"resourceGroupName": GROUP, "location": "westeurope"}
FACTORY_ID = FACTORY.resource_id({"resourceGroupName": GROUP, "factoryName": FACTORY_NAME})
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "673868aa-7521-48a0-acc6-0f60742d39f5"
HOUR = 3600
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ALWAYS = {"lastUpdatedAfter": "2000-01-01T00:00:00Z", "lastUpdatedBefore": "2100-01-01T00:00:00Z"}
PATIENCE = 3000
"""How often a run is asked for before it is said not to end."""
ENDS = {"Succeeded", "Failed", "Cancelled"}


def object_id(name: str) -> str:
    """The object id of the principal with this name."""
    return str(uuid5(NAMESPACE_URL, name))


def wait(seconds: int, name: str = "Wait") -> dict[str, Any]:
    """An activity that waits."""
    return activity(name, "Wait", waitTimeInSeconds=seconds)


def call(pipeline: str, *, waits: bool = True, **parameters: Any) -> dict[str, Any]:
    """An activity that runs another pipeline."""
    own = {"pipeline": {"type": "PipelineReference", "referenceName": pipeline}}
    return activity("Call", "ExecutePipeline", **own, waitOnCompletion=waits, parameters=parameters)


def read_factory(**authentication: Any) -> dict[str, Any]:
    """An activity that asks Resource Manager about the factory, as the factory by default."""
    host = f"https://{PUBLIC.arm_host}"
    url = f"{host}{FACTORY_ID}?api-version=2018-06-01"
    return web("Ask", url=url, authentication={"type": "MSI", "resource": host, **authentication})


class Cloud(Running):
    """An embedded Azure with a factory that has an identity of its own."""

    def settle(self) -> None:
        """Make the factory."""
        self.put(RESOURCE_GROUP, **HERE)
        made = [
            self.put(USER_ASSIGNED_IDENTITY, **HERE, resourceName=each)
            for each in ("another", "scorer")
        ]
        identity = {
            "type": "SystemAssigned,UserAssigned",
            "userAssignedIdentities": {each.id: {} for each in made},
        }
        self.put(FACTORY, **HERE, factoryName=FACTORY_NAME, identity=identity)

    def pipeline(self, name: str, *activities: dict[str, Any], **properties: Any) -> None:
        """Create or change a pipeline, from its exported form."""
        document = {**properties, "activities": list(activities)}
        inputs = {"resourceGroupName": GROUP, "factoryName": FACTORY_NAME, "pipelineName": name}
        self.put(PIPELINE, **inputs, **exported.pipeline_hoisted(document))

    def let_factory(self, assignment: str, role: str, scope: str = FACTORY_ID) -> None:
        """Give the factory's own identity a role."""
        own = self.stored(FACTORY_ID).properties["identity"]["principalId"]
        self.call(self.azure.authorization.assign, f"/{assignment}", own, role, scope)

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self.call(self.azure.clock.advance, timedelta(seconds=seconds))

    def credential(self, name: str, *grants: tuple[str, str]) -> ClientSecretCredential:
        """A principal with roles, each on a scope."""
        who = Principal(object_id(name), f"{name}-client", "ServicePrincipal", name)
        self.call(self.azure.directory.add, who)
        self.call(self.azure.directory.add_secret, who.client_id, name, f"{name}-secret", NEVER)
        for number, (role, scope) in enumerate(grants):
            assignment = f"/{name}/{number}"
            self.call(self.azure.authorization.assign, assignment, who.object_id, role, scope)
        return ClientSecretCredential(TENANT_ID, f"{name}-client", f"{name}-secret")


class Caller:
    """Who runs pipelines of the factory.

    Args:
        credential: who it is.
        host: of which cloud.
        audience: what its tokens are for; the host, if nothing is given.
    """

    def __init__(
        self,
        credential: ClientSecretCredential,
        host: str = PUBLIC.arm_host,
        audience: str = "",
    ) -> None:
        self.client = DataFactoryManagementClient(
            credential,
            SUBSCRIPTION_ID,
            base_url=f"https://{host}",
            credential_scopes=[f"{audience or f'https://{host}'}/.default"],
            retry_total=0,
        )

    def start(self, pipeline: str, **parameters: Any) -> str:
        """Start a run; its id."""
        made = self.client.pipelines.create_run(GROUP, FACTORY_NAME, pipeline, parameters)
        return made.run_id

    def get(self, run: str) -> Any:
        """A run."""
        return self.client.pipeline_runs.get(GROUP, FACTORY_NAME, run)

    def ended(self, run: str) -> Any:
        """A run, once it has ended."""
        for _ in range(PATIENCE):
            if (found := self.get(run)).status in ENDS:
                return found
        raise AssertionError(f"The run {run} does not end: {found.status}.")

    def end(self, pipeline: str, **parameters: Any) -> Any:
        """A run that is started, and has ended."""
        return self.ended(self.start(pipeline, **parameters))

    def query(self, **query: Any) -> Any:
        """An answer to a query for runs, of all times unless it says otherwise."""
        asked = RunFilterParameters({**ALWAYS, **query})
        return self.client.pipeline_runs.query_by_factory(GROUP, FACTORY_NAME, asked)

    def activities(self, run: str, **query: Any) -> list[Any]:
        """A run's activities, by their beginning."""
        asked = RunFilterParameters({**ALWAYS, **query})
        found = self.client.activity_runs.query_by_pipeline_run(GROUP, FACTORY_NAME, run, asked)
        return list(found.value)

    def cancel(self, run: str, *, recursive: bool | None = None) -> None:
        """Ask a run to end."""
        self.client.pipeline_runs.cancel(GROUP, FACTORY_NAME, run, is_recursive=recursive)


@contextmanager
def contributor(cloud: Cloud) -> Iterator[Caller]:
    """A Data Factory Contributor of the factory."""
    caller = Caller(cloud.credential("contributor", (CONTRIBUTOR, FACTORY_ID)))
    with caller.client:
        yield caller

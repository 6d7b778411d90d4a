"""What a stack has, and what its parts are called, tagged with and given."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar, cast

import pulumi
from pulumi_azure_native import authorization, resources

from components.azure.moves import ANEW
from components.azure.placement import HardeningArgs, PlacementArgs, PrivateNetworkArgs
from components.azure.resource_id import name_of, parse
from components.azure.resource_manager import ResourceManager
from components.data_factory.batch_pipeline_factory import BatchPipelineFactoryOutputs
from components.data_factory.retraining_pipeline import RetrainingPipeline
from components.event_grid.blob_created_subscription import BlobCreatedSubscriptionOutputs
from components.event_grid.event_domain import EventDomain
from components.event_grid.workspace_events import WorkspaceEventsOutputs
from components.identity.access import PrincipalArgs, ServicePrincipalArgs, StartingJobsArgs
from components.identity.compute_identity import ComputeIdentity
from components.logic_apps.batch_event_workflow import BatchEventWorkflowOutputs
from components.logic_apps.event_claims import EventClaims
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from components.machine_learning.batch_cluster import BatchCluster, ExistingBatchCluster
from components.machine_learning.batch_endpoint import BatchEndpoint, ExistingBatchEndpoint
from components.machine_learning.machine_learning_workspace import (
    MachineLearningWorkspace,
    MachineLearningWorkspaceOutputs,
)
from components.machine_learning.output_container import OutputContainer
from components.settings import Settings
from components.settings.data_uris import NAMED
from components.settings.section import Principal, Section, SystemTopic
from components.storage.input_storage import InputStorageOutputs

_Args = TypeVar("_Args")


class Stack:
    """What a stack has: filled in as it is made, because each part is built on those before it."""

    private_network: PrivateNetworkArgs | None = None
    """Where private endpoints go, where the stack is private."""

    inputs: InputStorageOutputs
    workspace: MachineLearningWorkspaceOutputs
    endpoint: BatchEndpoint | ExistingBatchEndpoint
    compute: ComputeIdentity | None = None
    cluster: BatchCluster | ExistingBatchCluster | None = None

    role_definition_id: pulumi.Input[str]
    """The role that lets somebody invoke the endpoint."""

    service_principal: ServicePrincipalArgs | None = None
    """Who signs in with a secret; None where only identities invoke."""

    outputs: OutputContainer | None = None
    factory: BatchPipelineFactoryOutputs | None = None
    retraining: RetrainingPipeline | None = None
    workflow: BatchEventWorkflowOutputs | PipelineStartWorkflow | None = None
    blob_events: BlobCreatedSubscriptionOutputs | None = None

    claims: EventClaims | None = None
    """Where the workflows of rules note the events that they handle, if there are any."""

    workspace_events: WorkspaceEventsOutputs | None = None
    event_domain: EventDomain | None = None

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tenant_id = authorization.get_client_config_output().tenant_id
        self.tags: dict[str, pulumi.Input[str]] = {
            "project": pulumi.get_project(),
            "stack": pulumi.get_stack(),
            "managed_by": "pulumi",
            **settings.tags,
        }
        existing, location = settings.resource_group.existing, settings.location
        self.resource_group_name: pulumi.Input[str] = existing or (
            resources.ResourceGroup(
                "batch-events",
                location=location,
                tags=self.tags,
                opts=pulumi.ResourceOptions(replace_on_changes=ANEW),
            ).name
        )

    @property
    def place(self) -> PlacementArgs:
        """The stack's resource group, region and tags, and where logs are kept."""
        return self._at(self.resource_group_name, self.settings.location)

    @property
    def beside_workspace(self) -> PlacementArgs:
        """Clusters and endpoints are where their workspace is."""
        return self._at(self.workspace.resource_group_name, self.workspace.location)

    def _at(self, group: pulumi.Input[str], location: pulumi.Input[str]) -> PlacementArgs:
        place: PlacementArgs = {
            "resource_group_name": group,
            "location": location,
            "tags": self.tags,
        }
        if self.private_network is not None:
            place["private_network"] = self.private_network
        monitoring, made = self.settings.monitoring, getattr(self, "workspace", None)
        if monitoring.log_workspace is not None:
            place["log_workspace_id"] = monitoring.log_workspace
        elif monitoring.logs and isinstance(made, MachineLearningWorkspace):
            place["log_workspace_id"] = made.log_workspace_id
        if self.settings.hardening.enabled:
            place["hardening"] = told(self.settings.hardening, HardeningArgs)
        return place

    def in_workspace(self, name: str) -> str:
        """A name in the workspace; in one that exists already the stack's is added.

        Several stacks can share a workspace, and each registers its own datastore and assets in it.
        """
        return name if self.settings.workspace_id is None else f"{name}_{pulumi.get_stack()}"

    def datastore(self, name: str) -> str:
        """The name of a datastore that a container of the stack becomes."""
        return re.sub(r"\W", "_", self.in_workspace(name))

    @property
    def resource_manager(self) -> ResourceManager:
        """Where it is in the stack's cloud."""
        azure = self.settings.azure
        return {
            "arm_host": azure.arm_host,
            "arm_audience": azure.arm_audience,
            "login_host": azure.login_host,
        }

    def read(self, uri: str, kind: str = "data") -> pulumi.Input[str]:
        """What a job is sent for an input: of something that is named, its resource id."""
        named = re.fullmatch(NAMED, uri)
        if named is None:
            return uri
        where = f"/{kind}/{named[1]}/versions/{named[2]}"
        return pulumi.Output.concat(self.workspace.workspace_id, where)

    @property
    def input_scope(self) -> pulumi.Output[str]:
        """What jobs may read: the container, or all of an account that is watched as a whole."""
        whole = not self.settings.prefix_filter
        return self.inputs.account_id if whole else self.inputs.container_id

    @property
    def starting_jobs(self) -> StartingJobsArgs:
        """What whoever invokes the endpoint may do."""
        return {
            "role_definition_id": self.role_definition_id,
            "workspace_id": self.workspace.workspace_id,
            "input_scope": self.input_scope,
        }

    @property
    def artifacts_url(self) -> pulumi.Output[str]:
        """The container behind the datastore `workspaceblobstore`."""
        return pulumi.Output.concat(
            "https://",
            name_of(self.workspace.storage_account_id),
            ".",
            self.settings.azure.blob_suffix,
            "/",
            self.workspace.artifacts_container,
        )

    def workspace_container_id(self, name: pulumi.Input[str]) -> pulumi.Output[str]:
        """Resource id of a container of the workspace's own account."""
        account_id = self.workspace.storage_account_id
        return pulumi.Output.concat(account_id, "/blobServices/default/containers/", name)


def told(section: Section, args: type[_Args]) -> _Args:
    """The part of a component's arguments that has the names of what a section tells."""
    kind, names = type(section), args.__annotations__
    derived = {name for name in names if isinstance(getattr(kind, name, None), property)}
    said: dict[str, Any] = section.model_dump(
        mode="json", include=kind.model_fields.keys() & names.keys()
    )
    return cast("_Args", said | {name: getattr(section, name) for name in derived})


def title() -> str:
    """What things of this stack are called where people see them."""
    return f"{pulumi.get_project()}-{pulumi.get_stack()}"


def system_topic_id(topic: SystemTopic | None, source_id: str | None) -> str | None:
    """Resource id of a system topic; Azure has it in the subscription of what it is of."""
    if topic is None or source_id is None:
        return None
    return (
        f"/subscriptions/{parse(source_id).subscription_id}/resourceGroups/{topic.resource_group}"
        f"/providers/Microsoft.EventGrid/systemTopics/{topic.name}"
    )


def people(named: Iterable[Principal]) -> list[PrincipalArgs]:
    """Whoever is named, once each: Azure refuses to give the same role twice."""
    return list({each.object_id.lower(): told(each, PrincipalArgs) for each in named}.values())

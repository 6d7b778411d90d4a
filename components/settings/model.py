"""What a stack is configured to be, as the program reads it: checked, typed, grouped by topic.

No field has a default here: defaults stand in the keys' table, beside what is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.azure.clouds import Cloud
    from components.settings.events.model import EventDomainSettings, WorkspaceEventSettings
    from components.settings.loops import Place, Watched


@dataclass(frozen=True)
class Principal:
    """A user, group or service principal of the tenant."""

    object_id: str
    """Object id in Entra; of an application, that of its service principal."""

    type: str
    """User, Group or ServicePrincipal."""


@dataclass(frozen=True)
class StorageSettings:
    """Where files are dropped, and where undeliverable events go."""

    existing_account_id: str | None
    """Resource id of an account to use instead of a new one."""

    container: str
    """Container that files are dropped in."""

    folder: str
    """Folder that files are dropped in, with a slash at its end; empty for the whole container."""

    dead_letter_container: str
    """Container for events that could not be delivered; never inside of what is watched."""

    delete_inputs_after_days: int | None
    """Age in days at which inputs are deleted; None keeps them."""

    handled_events_container: str
    """Container in which each event that a workflow handles has a blob."""


@dataclass(frozen=True)
class SystemTopic:
    """An Event Grid system topic that exists already."""

    resource_group: str
    name: str


@dataclass(frozen=True)
class EventSettings:
    """Which blobs start a job, and how long a delivery is tried."""

    enabled: bool
    """Whether blobs start anything; without it the rest is unused."""

    prefix_filter: str
    """What an event's subject begins with; empty only if the whole account is to be watched."""

    extension_filter: str | None
    """What an event's subject ends with, such as `.csv`; None for any."""

    marker_name: str | None
    """Name of the file that starts a job for its folder; None where each file starts a job."""

    skip_empty_blobs: bool
    """Whether blobs of zero bytes start nothing; never where a marker does, which may be empty."""

    delivery_attempts: int
    """1 to 30."""

    time_to_live_minutes: int
    """1 to 1440."""

    existing_system_topic: SystemTopic | None
    """The account's system topic, where it has one: Azure allows one for each account."""


@dataclass(frozen=True)
class ClusterSettings:
    """The compute cluster that jobs run on."""

    existing_name: str | None
    """Name of a cluster of the existing workspace that gets the identity; the rest is unused."""

    name: str
    vm_size: str

    priority: str
    """dedicated or low_priority."""

    min_nodes: int
    max_nodes: int

    idle_seconds: int
    """Seconds without work after which a node is given back."""


@dataclass(frozen=True)
class ExistingEndpoint:
    """A batch endpoint that exists already, with deployments of its own."""

    workspace_id: str
    name: str


@dataclass(frozen=True)
class EndpointSettings:
    """The batch endpoint that is invoked."""

    existing: ExistingEndpoint | None
    """An endpoint to use instead of a new one; no deployment is made in it."""

    name: str | None
    """Name of the new endpoint, unique in its region; None for a generated one."""

    uri: str | None
    """Scoring URI to invoke instead of the one that the endpoint tells."""


@dataclass(frozen=True)
class DeploymentSettings:
    """A model deployment."""

    name: str

    model_folder: str | None
    """Folder to upload, relative to the project; None where the model is an asset."""

    model_id: str | None
    """Id of a registered model; None where a folder is uploaded."""

    is_mlflow: bool
    """Whether Azure makes script and environment itself; ours are unused then."""

    code_folder: str
    """Folder of the scoring script, relative to the project."""

    scoring_script: str
    """Script inside of that folder, with `init()` and `run(mini_batch)`."""

    environment_image: str | None
    """Container image that the script runs in; None where the environment is an asset."""

    environment_id: str | None
    """Id of a registered environment; None where an image is given."""

    environment_variables: Mapping[str, str]
    """Of the process that scores, beside those that the service sets."""

    instance_count: int
    """Nodes of one job."""

    mini_batch_size: int
    """Files handed to one call of `run`."""

    max_concurrency_per_instance: int
    """Calls of `run` at a time on one node."""

    error_threshold: int
    """Failed files after which a job fails; -1 for never."""

    max_retries: int
    """How often a failed mini batch is tried again."""

    timeout_seconds: int
    """Seconds that one call of `run` may take."""

    output_action: str
    """append_row or summary_only."""

    output_file_name: str
    """Name of the predictions file that append_row writes."""


@dataclass(frozen=True)
class PipelineDeploymentSettings:
    """A deployment of a pipeline component."""

    name: str

    file: str
    """File of the component, relative to the project."""

    continue_on_step_failure: bool
    """Whether steps run that need nothing of one that failed."""


@dataclass(frozen=True)
class InvokerSettings:
    """Who invokes the endpoint."""

    kind: str
    """service_principal or managed_identity."""

    secret_lifetime_days: int
    """Days after which the client secret ends; unused with a managed identity, as the next."""

    secret_rotation: str
    """Any text; a new one makes a new secret."""

    role: str
    """documented or narrow: which actions the new custom role has."""

    existing_role_id: str | None
    """Id of a role definition to use instead of a new custom role."""


@dataclass(frozen=True)
class WorkflowSettings:
    """The Logic App."""

    input_name: str
    """Name of the job's input in the payload; model deployments ignore it."""

    job_inputs: Mapping[str, Mapping[str, str]]
    """Further inputs of a job, by name, in the payload's form."""

    job_outputs: Mapping[str, Mapping[str, str]]
    """Outputs of a job, by name, in the payload's form; beside those that are named anyway."""

    predictions_beside_inputs: bool
    """Whether a job writes its predictions beside its input: `<input>_predictions.csv`."""

    plain_payload: bool
    """Whether a job is given its input and nothing else."""

    allowed_caller_ip_ranges: tuple[str, ...]
    """Who may call the trigger, in CIDR notation; empty for any caller that has its URL."""

    existing_starter_role_id: str | None
    """Id of a role definition for those that start pipelines, instead of new custom roles."""


@dataclass(frozen=True)
class BlobFolder:
    """A folder of an account that exists already."""

    account_id: str
    container: str

    folder: str
    """With a slash at its end."""


@dataclass(frozen=True)
class FactorySettings:
    """The data factory, whose pipeline starts a job for a folder and waits for its end."""

    existing_id: str | None
    """Resource id of a factory to use instead of a new one."""

    authentication: str
    """managed_identity or service_principal."""

    poll_interval_seconds: int
    """Between two looks at a job's status."""

    max_wait_hours: int
    """After which a job is no longer waited for."""

    input_uri: str | None
    """What a run reads that names nothing else; None for the watched folder."""

    input_type: str
    """UriFolder or UriFile."""

    output_name: str
    """Name of the job's output in the payload; model deployments ignore it."""

    output_type: str
    """UriFile or UriFolder."""

    output_folder: str | None
    """URI of the folder in which each run writes to a new path; None for the default."""

    output_container: str | None
    """Container of the input account that predictions are written to, registered for that."""

    copy_before: BlobFolder | None
    """Where inputs are copied from before the job."""

    copy_after: BlobFolder | None
    """Where predictions are copied to after the job."""


@dataclass(frozen=True)
class Settings:
    """Everything that a stack is configured to be."""

    cloud: Cloud
    """The cloud, with the stack's overrides."""

    location: str
    """Region, such as `westeurope`."""

    tags: Mapping[str, str]
    """Tags of every resource that can carry tags."""

    protect: bool
    """Whether Pulumi refuses to delete what holds data."""

    existing_resource_group: str | None
    """Name of a resource group to use instead of a new one."""

    existing_workspace_id: str | None
    """Resource id of a workspace to use instead of a new one."""

    workspace_storage_keys: bool
    """Whether a new workspace's own storage takes account keys."""

    publishers: tuple[Principal, ...]
    """Who may upload models and code."""

    callers: tuple[Principal, ...]
    """Who may drop files and invoke the endpoint, besides the workflow."""

    callers_read_predictions: bool
    """Whether callers get the role on the workspace's containers of predictions and logs."""

    existing_pipeline_runner_role_id: str | None
    """Id of a role definition that lets callers run pipelines, instead of a custom role."""

    storage: StorageSettings
    events: EventSettings
    cluster: ClusterSettings
    endpoint: EndpointSettings

    deployments: tuple[DeploymentSettings | PipelineDeploymentSettings, ...]
    """Of a new endpoint; unused with an existing one."""

    default_deployment: str
    """Name of the one that is invoked without a header."""

    invoker: InvokerSettings
    workflow: WorkflowSettings

    workspace_events: WorkspaceEventSettings
    """What is told about the workspace; nothing without rules."""

    event_domain: EventDomainSettings | None
    """A domain for events of the team's own."""

    advice: tuple[str, ...]
    """What is accepted and yet worth a warning, in sentences."""

    factory: FactorySettings | None
    """None for a stack without a data factory."""

    watched: Watched | None
    """Which blobs start a job; None where none does."""

    written: tuple[Place, ...]
    """Where a stack writes; some of it only datastores tell, which are there already."""

    @property
    def marker_starts_pipeline(self) -> bool:
        """Whether a folder's marker starts a pipeline of the data factory, not a job."""
        by_marker = self.events.enabled and self.events.marker_name is not None
        return by_marker and self.factory is not None

    @property
    def workflow_invokes(self) -> bool:
        """Whether a workflow invokes the endpoint, and does not leave that to a pipeline."""
        return self.events.enabled and not self.marker_starts_pipeline

    @property
    def workflow_invokes_as_itself(self) -> bool:
        """Whether it does with an identity of its own."""
        return self.workflow_invokes and self.invoker.kind == "managed_identity"

    @property
    def service_principal_invokes(self) -> bool:
        """Whether a workflow or a pipeline signs in as a service principal."""
        invokers = [self.factory.authentication] if self.factory else []
        if self.workflow_invokes:
            invokers.append(self.invoker.kind)
        return "service_principal" in invokers

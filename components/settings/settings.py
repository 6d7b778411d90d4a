"""Everything that a stack file can say: one field for each of its keys."""

import re
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, Field, PrivateAttr

from components.azure.clouds import CLOUDS, Cloud
from components.settings import watched
from components.settings.blob_events import BlobEvents, Workflows
from components.settings.cloud import overridden
from components.settings.data_factory import DataFactory
from components.settings.deployments import Deployment, ModelDeployment
from components.settings.endpoint import Endpoint, Invoker, NewEndpoint
from components.settings.event_rules import EventDomain, EventRule, WorkspaceEvents
from components.settings.hardening import Hardening
from components.settings.monitoring import Monitoring
from components.settings.network import Network
from components.settings.problems import Misfit, MisfitsError, Refused
from components.settings.section import (
    Accepts,
    Principal,
    RoleDefinitionId,
    Section,
    each_once,
    one_of,
)
from components.settings.storage import NewStorage, Storage
from components.settings.workspace import (
    Cluster,
    NewCluster,
    NewWorkspace,
    ResourceGroup,
    Workspace,
)

_SOMEBODY = "00000000-0000-0000-0000-000000000000"
_MOST_TAGS = 46
"""Of 50 four are the program's own: the workbook has one more than the rest."""


def _location(value: str) -> str:
    """The name of a region, as the Resource Manager has it and not as people see it."""
    name = r"[a-z][a-z0-9]{2,39}"
    if re.fullmatch(name, value):
        return value
    meant = value.lower().replace(" ", "")
    accepted = "the name of a region in lower-case letters and digits, such as westeurope"
    raise Refused(accepted, meant) if re.fullmatch(name, meant) else Refused(accepted)


def _tags(given: dict[str, str]) -> dict[str, str]:
    """Tags as every type of resource takes them: storage accounts have the narrowest rule.

    D:azure-resource-manager/management/tag-resources; batch endpoints take no empty value
    (Azure/azure-sdk-for-python#41586).
    """
    accepted = (
        f"up to {_MOST_TAGS} tags, names of 1 to 128 characters without"
        " any of < > % & \\ ? /, values text of 1 to 256 characters"
    )
    if len(given) > _MOST_TAGS:
        raise Refused(accepted)
    wrong = [
        Misfit((name,), accepted)
        for name, text in given.items()
        if not (re.fullmatch(r"[^<>%&\\?/]{1,128}", name) and re.fullmatch("(?s).{1,256}", text))
    ]
    if wrong:
        raise MisfitsError(wrong)
    return given


class Settings(Section):
    """What a stack is configured to be: accepted as a whole."""

    # Where everything goes.
    cloud: Annotated[str, one_of(*CLOUDS)] = "public"
    """Azure's cloud: public, china or usgovernment. Outside of public, set azure-native:environment
    and azuread:environment too."""

    cloud_overrides: Annotated[
        dict[str, str],
        AfterValidator(overridden),
        Field(examples=[{"login_host": "login.example.com"}]),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Values of the cloud that differ from components/azure/clouds.py, by their names there, such
    as login_host, ml_audience, inference_suffix or storage_suffix."""

    location: Annotated[str, AfterValidator(_location), Field(examples=["westeurope"])] = ""
    """Region, such as westeurope. Required, here or as azure-native:location."""

    tags: Annotated[
        dict[str, str], AfterValidator(_tags), Field(examples=[{"owner": "data-science"}])
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Tags of every resource that can carry tags, such as owner and cost_centre, beside project,
    stack and managed_by, which the program sets."""

    protect: bool = False
    """Whether Pulumi refuses to delete what holds data."""

    resource_group: ResourceGroup = ResourceGroup.model_construct()
    """Where everything is made."""

    publishers: Annotated[
        tuple[Principal, ...],
        Field(examples=[[{"object_id": _SOMEBODY, "type": "ServicePrincipal"}]]),
    ] = ()
    """Who may upload models and code, whoever runs `pulumi up` among them: a list of object_id (in
    Entra) and type (User, Group or ServicePrincipal). Required where the workspace is new; in an
    existing one leave out who may write there already."""

    callers: Annotated[
        tuple[Principal, ...], Field(examples=[[{"object_id": _SOMEBODY, "type": "Group"}]])
    ] = ()
    """Who may drop files, invoke the endpoint, read predictions and logs and, with data_factory,
    run its pipelines: a list of object_id and type like publishers."""

    operators: Annotated[
        tuple[Principal, ...], Field(examples=[[{"object_id": _SOMEBODY, "type": "Group"}]])
    ] = ()
    """Who may see what came of files (watch, why, page), read and cancel jobs and replay dead
    letters: a list of object_id and type like publishers."""

    existing_operator_role_id: RoleDefinitionId | None = None
    """Id of a role definition for operators, instead of a new custom role."""

    network: Network = Network.model_construct()
    """Whether all of the stack lies behind private endpoints."""

    # Inputs, and what scores them.
    storage: Storage = NewStorage.model_construct()
    """Where files are dropped: a new storage account, or an existing one."""

    workspace: Workspace = NewWorkspace.model_construct()
    """Where jobs run: a new workspace, or an existing one."""

    cluster: Cluster = NewCluster.model_construct()
    """What jobs run on: a new compute cluster, or one of the existing workspace."""

    endpoint: Endpoint = NewEndpoint.model_construct()
    """What is invoked: a new batch endpoint, or an existing one."""

    deployments: Annotated[
        tuple[Deployment, ...],
        each_once("deployments with names of their own, in whatever case", lambda each: each.name),
        Field(examples=[[{"name": "digits", "mini_batch_size": 20}]]),
    ] = (ModelDeployment.model_construct(name="digits"),)
    """Of a new endpoint: a list of deployments, each of a model or, with pipeline, of a pipeline
    component. Left out, one named digits, of the sample model."""

    invoker: Invoker = Invoker.model_construct()
    """Who invokes the endpoint for the workflow."""

    # What starts jobs.
    blob_events: BlobEvents = BlobEvents.model_construct()
    """Which blobs start a job, and what the job is given."""

    workflows: Workflows = Workflows.model_construct()
    """What the Logic Apps have in common."""

    data_factory: DataFactory = DataFactory.model_construct(enabled=False)
    """A data factory with pipelines that start a job for a folder and wait for its end; left out,
    there is none."""

    # Who is told what.
    workspace_events: WorkspaceEvents = WorkspaceEvents.model_construct()
    """Who is told what happens in the workspace."""

    event_domain: EventDomain | None = None
    """An Event Grid domain for events of your own; left out, there is none."""

    event_secrets: Annotated[
        dict[str, str],
        Accepts(
            "a text for each rule that needs a secret, by its name",
            lambda given: all(each.isprintable() and each for each in given.values()),
        ),
        Field(examples=[{"on-model": "the function's key"}]),
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Secrets of rules, by their names: an Azure Function's key, a webhook's URL, or the secure
    parameter of a template. Set each with pulumi config set --secret --path event_secrets.NAME."""

    hardening: Hardening = Hardening.model_construct(enabled=False)
    """How what the stack makes to hold data is kept from being lost; left out, storage is of one
    zone, and what is deleted is gone."""

    monitoring: Monitoring = Monitoring.model_construct()
    """What is seen of the stack."""

    _stack: str = PrivateAttr("")

    @property
    def stack(self) -> str:
        """Name of the stack, which names what it has in a workspace that exists already."""
        return self._stack

    @property
    def azure(self) -> Cloud:
        """The cloud, with the stack's overrides."""
        return replace(CLOUDS[self.cloud], **self.cloud_overrides)

    @property
    def workspace_id(self) -> str | None:
        """Resource id of the workspace to use; an endpoint that exists already brings its own."""
        endpoint = self.endpoint
        return endpoint.workspace_id if endpoint.existing else self.workspace.existing

    @property
    def default_deployment(self) -> str:
        """The deployment of a new endpoint that is invoked unless a job names another one."""
        return self.endpoint.default_deployment or self.deployments[0].name

    @property
    def invoked(self) -> Deployment | None:
        """That deployment; of an endpoint that exists already none is known."""
        if self.endpoint.existing:
            return None
        name = self.default_deployment
        return next((each for each in self.deployments if each.name == name), None)

    @property
    def factory(self) -> DataFactory | None:
        """The data factory, where there is one."""
        return self.data_factory if self.data_factory.enabled else None

    @property
    def prefix_filter(self) -> str:
        """The prefix of the subjects that start a job; empty for the whole account."""
        if self.blob_events.watch_whole_account:
            return ""
        own = watched.prefix_of(self.storage.container, self.storage.folder)
        return self.blob_events.prefix_filter or own

    @property
    def marker_starts_pipeline(self) -> bool:
        """Whether a folder's marker starts a pipeline of the data factory, not a job."""
        by_marker = self.blob_events.enabled and self.blob_events.marker_name is not None
        return by_marker and self.factory is not None

    @property
    def workflow_invokes(self) -> bool:
        """Whether a workflow invokes the endpoint, and does not leave that to a pipeline."""
        return self.blob_events.enabled and not self.marker_starts_pipeline

    @property
    def service_principal_invokes(self) -> bool:
        """Whether a workflow or a pipeline signs in as a service principal, or is about to."""
        who, changing = "service_principal", self.invoker.changing
        by_pipeline = self.factory and (changing or self.factory.authentication == who)
        by_workflow = self.workflow_invokes and (changing or self.invoker.kind == who)
        return bool(by_pipeline or by_workflow)

    @property
    def event_rules(self) -> tuple[EventRule, ...]:
        """Every rule for events, of the workspace and of the domain."""
        domain = self.event_domain.subscriptions if self.event_domain else ()
        return (*self.workspace_events.all_rules, *domain)

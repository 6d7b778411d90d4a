"""The components as a package for other Pulumi languages: its version, what is in it."""

import pulumi
from pulumi.provider.experimental.analyzer import Analyzer

from components.data_factory.batch_pipeline_factory import (
    BatchPipelineFactory,
    ExistingBatchPipelineFactory,
)
from components.data_factory.retraining_pipeline import RetrainingPipeline
from components.data_factory.scoring_windows import ScoringWindows
from components.event_grid.blob_created_subscription import (
    BlobCreatedSubscription,
    ExistingTopicBlobCreatedSubscription,
)
from components.event_grid.domain_subscriptions import DomainSubscriptions
from components.event_grid.event_domain import EventDomain
from components.event_grid.workspace_events import ExistingTopicWorkspaceEvents, WorkspaceEvents
from components.identity.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.identity.callers import Callers
from components.identity.compute_identity import ComputeIdentity
from components.identity.invoker_service_principal import InvokerServicePrincipal
from components.identity.operators import Operators
from components.identity.publishers import Publishers
from components.logic_apps.batch_event_workflow import BatchEventWorkflow
from components.logic_apps.email_connection import EmailConnection
from components.logic_apps.event_claims import EventClaims
from components.logic_apps.event_handler_workflow import EventHandlerWorkflow
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from components.logic_apps.standard_batch_event_workflow import StandardBatchEventWorkflow
from components.machine_learning.batch_cluster import BatchCluster, ExistingBatchCluster
from components.machine_learning.batch_endpoint import BatchEndpoint, ExistingBatchEndpoint
from components.machine_learning.machine_learning_workspace import (
    ExistingMachineLearningWorkspace,
    MachineLearningWorkspace,
)
from components.machine_learning.model_assets import ModelAssets
from components.machine_learning.output_container import OutputContainer
from components.machine_learning.pipeline_components.assets import PipelineAssets
from components.monitoring.alerts import Alerts
from components.monitoring.workbook import Workbook
from components.network.private_zones import PrivateZones
from components.network.virtual_network import VirtualNetwork
from components.storage.input_storage import ExistingInputStorage, InputStorage

VERSION = "0.1.0"

_OF_THE_CLASS = Analyzer.get_docstring

COMPONENTS: list[type[pulumi.ComponentResource]] = [
    Alerts,
    BatchCluster,
    BatchEndpoint,
    BatchEndpointInvokerRole,
    BatchEventWorkflow,
    BatchPipelineFactory,
    BlobCreatedSubscription,
    Callers,
    ComputeIdentity,
    DomainSubscriptions,
    EmailConnection,
    EventClaims,
    EventDomain,
    EventHandlerWorkflow,
    ExistingBatchCluster,
    ExistingBatchEndpoint,
    ExistingBatchPipelineFactory,
    ExistingInputStorage,
    ExistingMachineLearningWorkspace,
    ExistingTopicBlobCreatedSubscription,
    ExistingTopicWorkspaceEvents,
    InputStorage,
    InvokerServicePrincipal,
    MachineLearningWorkspace,
    ModelAssets,
    Operators,
    OutputContainer,
    PipelineAssets,
    PipelineStartWorkflow,
    PrivateZones,
    Publishers,
    RetrainingPipeline,
    ScoringWindows,
    StandardBatchEventWorkflow,
    VirtualNetwork,
    Workbook,
    WorkspaceEvents,
]


def described(self: Analyzer, typ: type, name: str) -> str | None:
    """The docstring of an output, which may stand in a base: the SDK looks in the class alone."""
    told = (_OF_THE_CLASS(self, each, name) for each in typ.__mro__)
    return next(filter(None, told), None)

"""The components as a package for other Pulumi languages: its name, its version, what is in it."""

import pulumi

from components.batch_cluster import BatchCluster
from components.batch_endpoint import BatchEndpoint
from components.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.batch_event_workflow import BatchEventWorkflow
from components.batch_pipeline_factory import BatchPipelineFactory
from components.blob_created_subscription import BlobCreatedSubscription
from components.callers import Callers
from components.compute_identity import ComputeIdentity
from components.domain_subscriptions import DomainSubscriptions
from components.email_connection import EmailConnection
from components.event_claims import EventClaims
from components.event_domain import EventDomain
from components.event_handler_workflow import EventHandlerWorkflow
from components.input_storage import InputStorage
from components.invoker_service_principal import InvokerServicePrincipal
from components.machine_learning_workspace import MachineLearningWorkspace
from components.model_assets import ModelAssets
from components.output_container import OutputContainer
from components.pipeline_assets import PipelineAssets
from components.pipeline_start_workflow import PipelineStartWorkflow
from components.publishers import Publishers
from components.retraining_pipeline import RetrainingPipeline
from components.workspace_events import WorkspaceEvents

NAME = "azureml-batch-events"
NAMESPACE = "azureml-batch-events"
VERSION = "0.1.0"

COMPONENTS: list[type[pulumi.ComponentResource]] = [
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
    InputStorage,
    InvokerServicePrincipal,
    MachineLearningWorkspace,
    ModelAssets,
    OutputContainer,
    PipelineAssets,
    PipelineStartWorkflow,
    Publishers,
    RetrainingPipeline,
    WorkspaceEvents,
]

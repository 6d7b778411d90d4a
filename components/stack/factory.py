"""From settings to the data factory, what starts its pipelines, and where they write."""

import re

import pulumi

from components.azure.placement import PlacementArgs
from components.data_factory.batch_pipeline_factory import BatchPipelineFactory
from components.data_factory.copying import CopyingArgs
from components.data_factory.files import BlobPlaceArgs
from components.data_factory.pipeline_principal import PipelinePrincipalArgs
from components.identity.compute_identity import ComputeIdentity
from components.logic_apps.pipeline_start_workflow import PipelineStartWorkflow
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspace
from components.machine_learning.output_container import OutputContainer
from components.settings.model import BlobFolder, FactorySettings, Settings
from components.stack.inputs import input_scope, watched_url
from components.stack.invoking import Scoring
from components.stack.people import people
from components.stack.place import in_workspace, title
from components.stack.scoring import account_of_outputs, input_datastore
from components.storage.input_storage import InputStorage

DEFAULT_DATASTORE = "workspaceblobstore"


def of(settings: Settings) -> FactorySettings:
    """The data factory's settings.

    Raises:
        ValueError: the stack has no data factory.
    """
    if settings.factory is None:
        raise ValueError("This stack has no data factory")
    return settings.factory


def output_container(
    settings: Settings,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
    identity: ComputeIdentity | None,
) -> OutputContainer | None:
    """Where pipelines write, unless it is the workspace's own datastore."""
    factory = of(settings)
    if factory.output_container is None or identity is None:
        return None
    return OutputContainer(
        "outputs",
        {
            "account_id": account_of_outputs(settings, inputs, workspace),
            "container": factory.output_container,
            "workspace_id": workspace.workspace_id,
            "datastore": re.sub(r"\W", "_", in_workspace(settings, "batch_outputs")),
            "storage_suffix": settings.cloud.storage_suffix,
            "writer_principal_id": identity.principal_id,
            "readers": people((*settings.callers, *settings.publishers)),
        },
        pulumi.ResourceOptions(protect=settings.protect),
    )


def batch_pipeline_factory(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    scoring: Scoring,
    outputs: OutputContainer | None,
) -> BatchPipelineFactory:
    """What starts a job for a folder and waits for its end."""
    factory = of(settings)
    return BatchPipelineFactory(
        "pipelines",
        {
            **place,
            "existing_factory_id": factory.existing_id,
            "role_definition_id": scoring.role_definition_id,
            "workspace_id": scoring.workspace.workspace_id,
            "input_scope": input_scope(settings, inputs),
            "service_principal": _principal(settings, scoring),
            "endpoint_uri": settings.endpoint.uri or scoring.endpoint.scoring_uri,
            "audience": settings.cloud.ml_audience,
            "poll_interval_seconds": factory.poll_interval_seconds,
            "max_wait_hours": factory.max_wait_hours,
            "input_uri": factory.input_uri or _watched_folder(settings),
            "input_type": factory.input_type,
            "input_name": settings.workflow.input_name,
            "output_name": factory.output_name,
            "output_type": factory.output_type,
            "output_folder": factory.output_folder or _batch_folder(outputs),
            "copying": _copying(settings, inputs, scoring.workspace, outputs),
        },
    )


def pipeline_start_workflow(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorage,
    factory: BatchPipelineFactory,
) -> PipelineStartWorkflow:
    """What starts a pipeline's run for a folder's marker."""
    return PipelineStartWorkflow(
        "on-marker",
        {
            **place,
            "factory_id": factory.factory_id,
            "pipeline_name": factory.pipeline_name,
            "arm_host": settings.cloud.arm_host,
            "storage_account_id": inputs.account_id,
            "watched_url": watched_url(settings, inputs),
            "marker_name": settings.events.marker_name or "",
            "role_display_name": f"{title()} pipeline starter",
            "existing_role_id": settings.workflow.existing_starter_role_id,
            "allowed_callers": list(settings.workflow.allowed_caller_ip_ranges),
        },
    )


def _principal(settings: Settings, scoring: Scoring) -> PipelinePrincipalArgs | None:
    who = scoring.service_principal
    if of(settings).authentication != "service_principal" or who is None:
        return None
    return {**who, "vault_suffix": settings.cloud.vault_suffix}


def _watched_folder(settings: Settings) -> str:
    return f"azureml://datastores/{input_datastore(settings)}/paths/{settings.storage.folder}"


def _batch_folder(outputs: OutputContainer | None) -> pulumi.Output[str]:
    datastore = outputs.datastore if outputs else DEFAULT_DATASTORE
    return pulumi.Output.concat("azureml://datastores/", datastore, "/paths/batch/")


def _copying(
    settings: Settings,
    inputs: InputStorage,
    workspace: MachineLearningWorkspace,
    outputs: OutputContainer | None,
) -> CopyingArgs | None:
    factory = of(settings)
    if factory.copy_before is None and factory.copy_after is None:
        return None
    return {
        "source": _blob_place(factory.copy_before),
        "input": {
            "account_id": inputs.account_id,
            "account_kind": inputs.account_kind,
            "container": inputs.container_name,
            "datastore": input_datastore(settings),
        },
        "output": _written(inputs, workspace, outputs),
        "destination": _blob_place(factory.copy_after),
        "output_type": factory.output_type,
        "blob_suffix": settings.cloud.blob_suffix,
    }


def _written(
    inputs: InputStorage, workspace: MachineLearningWorkspace, outputs: OutputContainer | None
) -> BlobPlaceArgs:
    if outputs is None:
        return {
            "account_id": workspace.storage_account_id,
            "container": workspace.artifacts_container,
            "datastore": DEFAULT_DATASTORE,
        }
    return {
        "account_id": inputs.account_id,
        "account_kind": inputs.account_kind,
        "container": outputs.container_name,
        "datastore": outputs.datastore,
    }


def _blob_place(told: BlobFolder | None) -> BlobPlaceArgs | None:
    if told is None:
        return None
    return {"account_id": told.account_id, "container": told.container, "folder": told.folder}

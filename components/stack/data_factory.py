"""From settings to the data factory, what starts its pipelines, and where they write."""

import pulumi

from components.azure.placement import PlacementArgs
from components.data_factory.batch_pipeline_factory import (
    BatchPipelineFactory,
    BatchPipelineFactoryArgs,
    BatchPipelineFactoryOutputs,
    ExistingBatchPipelineFactory,
    WaitingArgs,
)
from components.data_factory.copying import CopyingArgs
from components.data_factory.files import BlobPlaceArgs
from components.data_factory.pipeline_principal import PipelinePrincipalArgs
from components.data_factory.retraining_pipeline import RetrainingPipeline, RetrainingPipelineArgs
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspaceOutputs
from components.machine_learning.output_container import OutputContainer
from components.settings import Settings
from components.settings.section import BlobFolder
from components.settings.switches import RetrainOnEvent
from components.stack.identity import Scoring
from components.stack.machine_learning import input_datastore
from components.stack.place import told
from components.stack.storage import input_scope
from components.storage.input_storage import InputStorageOutputs

DEFAULT_DATASTORE = "workspaceblobstore"


def batch_pipeline_factory(
    settings: Settings,
    place: PlacementArgs,
    inputs: InputStorageOutputs,
    scoring: Scoring,
    outputs: OutputContainer | None,
) -> BatchPipelineFactoryOutputs:
    """What starts a job for a folder and waits for its end."""
    factory = settings.data_factory
    watched = f"azureml://datastores/{input_datastore(settings)}/paths/{settings.storage.folder}"
    written = pulumi.Output.concat(
        "azureml://datastores/",
        outputs.datastore if outputs else DEFAULT_DATASTORE,
        "/paths/batch/",
    )
    args: BatchPipelineFactoryArgs = {
        **place,
        **told(factory, WaitingArgs),
        "role_definition_id": scoring.role_definition_id,
        "workspace_id": scoring.workspace.workspace_id,
        "input_scope": input_scope(settings, inputs),
        "service_principal": _principal(settings, scoring),
        "endpoint_uri": settings.endpoint.uri or scoring.endpoint.scoring_uri,
        "audience": settings.azure.ml_audience,
        "input_uri": factory.input_uri or watched,
        "input_name": settings.endpoint.input_name,
        "output_folder": factory.output_folder or written,
        "copying": _copying(settings, inputs, scoring.workspace, outputs),
    }
    if factory.existing:
        return ExistingBatchPipelineFactory("pipelines", {**args, "factory_id": factory.existing})
    return BatchPipelineFactory("pipelines", args)


def _principal(settings: Settings, scoring: Scoring) -> PipelinePrincipalArgs | None:
    who = scoring.service_principal
    if settings.data_factory.authentication != "service_principal" or who is None:
        return None
    return {**who, "vault_suffix": settings.azure.vault_suffix}


def _copying(
    settings: Settings,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    outputs: OutputContainer | None,
) -> CopyingArgs | None:
    factory = settings.data_factory
    if factory.copy_before is None and factory.copy_after is None:
        return None
    return {
        "source": _blob_place(factory.copy_before),
        "input": _dropped(settings, inputs),
        "output": _written(inputs, workspace, outputs),
        "destination": _blob_place(factory.copy_after),
        "output_type": factory.output_type,
        "blob_suffix": settings.azure.blob_suffix,
    }


def _dropped(settings: Settings, inputs: InputStorageOutputs) -> BlobPlaceArgs:
    return {
        "account_id": inputs.account_id,
        "account_kind": inputs.account_kind,
        "container": inputs.container_name,
        "datastore": input_datastore(settings),
    }


def _written(
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    outputs: OutputContainer | None,
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


def _blob_place(folder: BlobFolder | None) -> BlobPlaceArgs | None:
    return told(folder, BlobPlaceArgs) if folder else None


def retraining_pipeline(
    settings: Settings,
    inputs: InputStorageOutputs,
    scoring: Scoring,
    factory: BatchPipelineFactoryOutputs,
    wanted: RetrainOnEvent,
) -> RetrainingPipeline:
    """What trains again on files of another account."""
    before = settings.data_factory.copy_before
    return RetrainingPipeline(
        "retraining",
        {
            **told(wanted, RetrainingPipelineArgs),
            "factory_id": factory.factory_id,
            "factory_name": pulumi.Output.all(factory.factory_name, factory.pipeline_name).apply(
                lambda names: names[0]
            ),
            "factory_principal_id": factory.principal_id,
            "source": told(wanted.copy_from, BlobPlaceArgs),
            "reads_source": before is not None and _same_container(wanted.copy_from, before),
            "input": _dropped(settings, inputs),
            "writes_input": before is not None,
            "endpoint_uri": (
                wanted.endpoint_uri or settings.endpoint.uri or scoring.endpoint.scoring_uri
            ),
            "blob_suffix": settings.azure.blob_suffix,
        },
    )


def _same_container(one: BlobFolder, other: BlobFolder) -> bool:
    return (one.account_id.lower(), one.container) == (other.account_id.lower(), other.container)

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
from components.data_factory.documents import FactoryArgs
from components.data_factory.files import BlobPlaceArgs
from components.data_factory.pipeline_principal import PipelinePrincipalArgs
from components.data_factory.retraining_pipeline import RetrainingPipeline, RetrainingPipelineArgs
from components.data_factory.scoring_windows import STOP_HOOK, ScoringWindows, WindowArgs
from components.data_factory.trigger_state import ResourceManager, stopped_to_change
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
        "output_folder": _output_folder(settings, outputs),
        "copying": _copying(settings, inputs, scoring.workspace, outputs),
    }
    if factory.existing:
        return ExistingBatchPipelineFactory("pipelines", {**args, "factory_id": factory.existing})
    return BatchPipelineFactory("pipelines", args)


def _output_folder(settings: Settings, outputs: OutputContainer | None) -> pulumi.Input[str]:
    datastore = outputs.datastore if outputs else DEFAULT_DATASTORE
    written = pulumi.Output.concat("azureml://datastores/", datastore, "/paths/batch/")
    return settings.data_factory.output_folder or written


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


def scoring_windows(
    settings: Settings,
    inputs: InputStorageOutputs,
    factory: BatchPipelineFactoryOutputs,
    outputs: OutputContainer | None,
) -> ScoringWindows | None:
    """What scores the files of a window of time together, where the stack says so."""
    window, azure = settings.data_factory.window, settings.azure
    hosts = (azure.arm_host, azure.arm_audience, azure.login_host)
    if window is None:
        # One that a former `up` made is started; before it is deleted it has to be stopped.
        stopped_to_change(STOP_HOOK, ResourceManager(*hosts))
        return None
    into = _dropped(settings, inputs)
    dropped: BlobPlaceArgs = {**into, "folder": settings.storage.folder}
    # A factory is deleted with its triggers, started or not.
    goes_with = factory if isinstance(factory, BatchPipelineFactory) else None
    return ScoringWindows(
        "windows",
        {
            **told(window, WindowArgs),
            "frequency": window.frequency,
            "interval": window.interval,
            "delay_span": window.delay_span,
            **_factory(factory),
            "source": _blob_place(window.copy_from) or dropped,
            "reads_source": window.copy_from is None,
            "input": into,
            "output_folder": _output_folder(settings, outputs),
            "output_type": settings.data_factory.output_type,
            "blob_suffix": azure.blob_suffix,
            "arm_host": azure.arm_host,
            "arm_audience": azure.arm_audience,
            "login_host": azure.login_host,
        },
        pulumi.ResourceOptions(deleted_with=goes_with),
    )


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


def _factory(factory: BatchPipelineFactoryOutputs) -> FactoryArgs:
    """The factory for pipelines that call Score-Folder: named once that exists."""
    names = pulumi.Output.all(factory.factory_name, factory.pipeline_name)
    return {
        "factory_id": factory.factory_id,
        "factory_name": names.apply(lambda each: each[0]),
        "factory_principal_id": factory.principal_id,
    }


def retraining_pipeline(
    settings: Settings,
    inputs: InputStorageOutputs,
    scoring: Scoring,
    factory: BatchPipelineFactoryOutputs,
    wanted: RetrainOnEvent,
) -> RetrainingPipeline:
    """What trains again on files of another account."""
    window = settings.data_factory.window
    before = settings.data_factory.copy_before or (window.copy_from if window else None)
    return RetrainingPipeline(
        "retraining",
        {
            **told(wanted, RetrainingPipelineArgs),
            **_factory(factory),
            "source": told(wanted.copy_from, BlobPlaceArgs),
            "reads_source": before is not None and _same_container(wanted.copy_from, before),
            "input": _dropped(settings, inputs),
            "writes_input": bool(settings.data_factory.copy_before or window),
            "endpoint_uri": (
                wanted.endpoint_uri or settings.endpoint.uri or scoring.endpoint.scoring_uri
            ),
            "blob_suffix": settings.azure.blob_suffix,
        },
    )


def _same_container(one: BlobFolder, other: BlobFolder) -> bool:
    return (one.account_id.lower(), one.container) == (other.account_id.lower(), other.container)

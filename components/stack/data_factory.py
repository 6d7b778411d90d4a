"""From settings to the data factory, what starts its pipelines, and where they write."""

import pulumi

from components.azure.resource_id import name_of
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
from components.data_factory.managed_network import RUNTIME, FactoryNetworkArgs, TargetArgs
from components.data_factory.pipeline_principal import PipelinePrincipalArgs
from components.data_factory.retraining_pipeline import RetrainingPipeline, RetrainingPipelineArgs
from components.data_factory.scoring_windows import STOP_HOOK, ScoringWindows, WindowArgs
from components.data_factory.trigger_state import stopped_to_change
from components.settings.section import BlobFolder
from components.settings.switches import RetrainOnEvent
from components.stack.stack import Stack, told

DEFAULT_DATASTORE = "workspaceblobstore"


def batch_pipeline_factory(stack: Stack) -> BatchPipelineFactoryOutputs:
    """What starts a job for a folder and waits for its end."""
    settings, factory = stack.settings, stack.settings.data_factory
    folder, datastore = f"/paths/{settings.storage.folder}", stack.workspace.input_datastore
    watched = pulumi.Output.concat("azureml://datastores/", datastore, folder)
    args: BatchPipelineFactoryArgs = {
        **stack.place,
        **told(factory, WaitingArgs),
        **stack.starting_jobs,
        "service_principal": _principal(stack),
        "identity_may_invoke": settings.invoker.changing,
        "identity_invokes": factory.authentication == "managed_identity",
        "endpoint_uri": stack.endpoint.scoring_uri,
        "audience": settings.azure.ml_audience,
        "input_uri": stack.read(factory.input_uri) if factory.input_uri else watched,
        "input_name": settings.endpoint.input_name,
        "output_folder": _output_folder(stack),
        "copying": _copying(stack),
        "network": _network(stack) if settings.network.private else None,
    }
    if factory.existing:
        return ExistingBatchPipelineFactory("pipelines", {**args, "factory_id": factory.existing})
    return BatchPipelineFactory("pipelines", args)


def _network(stack: Stack) -> FactoryNetworkArgs:
    """What its pipelines reach privately: the endpoint, and accounts that they copy from or to."""
    host = stack.endpoint.scoring_uri.apply(lambda uri: uri.split("/")[2])
    workspace = stack.workspace
    targets: dict[str, TargetArgs] = {
        "workspace": {"resource_id": workspace.workspace_id, "group": "amlworkspace", "host": host},
        "inputs": _blobs(stack, stack.inputs.account_id),
    }
    if stack.settings.data_factory.copy_after and stack.outputs is None:
        targets["storage"] = _blobs(stack, workspace.storage_account_id)
    return {**stack.resource_manager, "targets": targets}


def _blobs(stack: Stack, account_id: pulumi.Output[str]) -> TargetArgs:
    host = pulumi.Output.concat(name_of(account_id), ".", stack.settings.azure.blob_suffix)
    return {"resource_id": account_id, "group": "blob", "host": host}


def _output_folder(stack: Stack) -> pulumi.Input[str]:
    datastore = stack.outputs.datastore if stack.outputs else DEFAULT_DATASTORE
    written = pulumi.Output.concat("azureml://datastores/", datastore, "/paths/batch/")
    return stack.settings.data_factory.output_folder or written


def _principal(stack: Stack) -> PipelinePrincipalArgs | None:
    who, settings = stack.service_principal, stack.settings
    used = settings.data_factory.authentication == "service_principal"
    if who is None or not (used or settings.invoker.changing):
        return None
    return {**who, "vault_suffix": settings.azure.vault_suffix}


def _copying(stack: Stack) -> CopyingArgs | None:
    factory = stack.settings.data_factory
    if factory.copy_before is None and factory.copy_after is None:
        return None
    return {
        "source": _blob_place(factory.copy_before),
        "input": _dropped(stack),
        "output": _written(stack),
        "destination": _blob_place(factory.copy_after),
        "output_type": factory.output_type,
        "blob_suffix": stack.settings.azure.blob_suffix,
    }


def scoring_windows(stack: Stack, factory: BatchPipelineFactoryOutputs) -> ScoringWindows | None:
    """What scores the files of a window of time together, where the stack says so."""
    settings, window = stack.settings, stack.settings.data_factory.window
    if window is None:
        # One that a former `up` made is started; before it is deleted it has to be stopped.
        stopped_to_change(STOP_HOOK, stack.resource_manager)
        return None
    into = _dropped(stack)
    dropped: BlobPlaceArgs = {**into, "folder": settings.storage.folder}
    # A factory is deleted with its triggers, started or not.
    goes_with = factory if isinstance(factory, BatchPipelineFactory) else None
    return ScoringWindows(
        "windows",
        {
            **told(window, WindowArgs),
            **_factory(stack, factory),
            **stack.resource_manager,
            "source": _blob_place(window.copy_from) or dropped,
            "reads_source": window.copy_from is None,
            "input": into,
            "output_folder": _output_folder(stack),
            "output_type": settings.data_factory.output_type,
            "blob_suffix": settings.azure.blob_suffix,
        },
        pulumi.ResourceOptions(deleted_with=goes_with),
    )


def _dropped(stack: Stack) -> BlobPlaceArgs:
    return {
        "account_id": stack.inputs.account_id,
        "account_kind": stack.inputs.account_kind,
        "container": stack.inputs.container_name,
        "datastore": stack.workspace.input_datastore,
    }


def _written(stack: Stack) -> BlobPlaceArgs:
    if stack.outputs is None:
        return {
            "account_id": stack.workspace.storage_account_id,
            "container": stack.workspace.artifacts_container,
            "datastore": DEFAULT_DATASTORE,
        }
    container, datastore = stack.outputs.container_name, stack.outputs.datastore
    return {**_dropped(stack), "container": container, "datastore": datastore}


def _blob_place(folder: BlobFolder | None) -> BlobPlaceArgs | None:
    return told(folder, BlobPlaceArgs) if folder else None


def _factory(stack: Stack, factory: BatchPipelineFactoryOutputs) -> FactoryArgs:
    """The factory for pipelines that call Score-Folder: named once that exists."""
    names = pulumi.Output.all(factory.factory_name, factory.pipeline_name)
    return {
        "factory_id": factory.factory_id,
        "factory_name": names.apply(lambda each: each[0]),
        "factory_principal_id": factory.principal_id,
        "runtime_name": RUNTIME if stack.private_network else None,
    }


def retraining_pipeline(
    stack: Stack, factory: BatchPipelineFactoryOutputs, wanted: RetrainOnEvent
) -> RetrainingPipeline:
    """What trains again on files of another account."""
    factory_settings = stack.settings.data_factory
    copy_before, window = factory_settings.copy_before, factory_settings.window
    before = copy_before or (window.copy_from if window else None)
    return RetrainingPipeline(
        "retraining",
        {
            **told(wanted, RetrainingPipelineArgs),
            **_factory(stack, factory),
            "source": told(wanted.copy_from, BlobPlaceArgs),
            "reads_source": before is not None and _same_container(wanted.copy_from, before),
            "input": _dropped(stack),
            "writes_input": bool(copy_before or window),
            "endpoint_uri": wanted.endpoint_uri or stack.endpoint.scoring_uri,
            "blob_suffix": stack.settings.azure.blob_suffix,
        },
    )


def _same_container(one: BlobFolder, other: BlobFolder) -> bool:
    return (one.account_id.lower(), one.container) == (other.account_id.lower(), other.container)

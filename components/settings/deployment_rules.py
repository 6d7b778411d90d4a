"""Rules for deployments, with each other and with what starts their jobs."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.machine_learning.pipeline_components.files import PipelineFile, read_pipeline
from components.settings.blob_events import BlobEvents
from components.settings.deployments import PROJECT, ModelDeployment, PipelineDeployment
from components.settings.ports import IN_FILES, Input
from components.settings.problems import Misfit
from components.settings.settings import Settings
from components.settings.workspace import NewCluster

MLFLOW_FILES = (
    *(".csv", ".parquet", ".pqt"),
    *(".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif"),
)
"""Ends of the files that MLflow models read (D:machine-learning/how-to-mlflow-batch)."""


def _the_default_is_one_of_them(settings: Settings) -> Iterator[Misfit]:
    names, told = [each.name for each in settings.deployments], settings.endpoint.default_deployment
    if told in names or (len(names) == 1 and not told):
        return
    yield Misfit("endpoint.default_deployment", f"one of {', '.join(names)}", names[0])


def _the_cluster_holds_their_nodes(settings: Settings) -> Iterator[Misfit]:
    cluster = settings.cluster
    if not isinstance(cluster, NewCluster):
        return
    most = cluster.max_nodes
    for at, each in enumerate(settings.deployments):
        if isinstance(each, ModelDeployment) and each.instance_count > most:
            accepted = f"at most max_nodes, {most}"
            yield Misfit(f"deployments[{at}].instance_count", accepted, most)


def _mlflow_reads_what_arrives(settings: Settings) -> Iterator[Misfit]:
    events, default = settings.blob_events, settings.invoked
    mlflow = isinstance(default, ModelDeployment) and default.is_mlflow
    if not mlflow or not events.enabled:
        return
    if events.marker_name:
        accepted = (
            "nothing: an MLflow model reads every file of the folder, and its job fails at the"
            " marker; a run of the data factory scores a folder without one"
        )
        yield Misfit("blob_events.marker_name", accepted, None)
    elif not (events.extension_filter or "").lower().endswith(MLFLOW_FILES):
        accepted = f"an end of files that the MLflow model reads: {', '.join(MLFLOW_FILES)}"
        yield Misfit("blob_events.extension_filter", accepted, ".csv")


def _a_model_has_one_input_and_writes_one_file(settings: Settings) -> Iterator[Misfit]:
    """Azure refuses the job otherwise: "Job output type must be 'uri_file'" (azure-docs#118447)."""
    if not isinstance(settings.invoked, ModelDeployment):
        return
    told = (
        "{}: the default deployment is of a model, which takes one input and at most one output;"
        " more are for pipeline components"
    )
    events = settings.blob_events
    if events.job_inputs:
        yield Misfit("blob_events.job_inputs", told.format("nothing"), {})
    if len(events.job_outputs) > 1:
        yield Misfit("blob_events.job_outputs", told.format("at most one"), {})
    accepted = "UriFile, because the default deployment is of a model"
    for name, port in events.job_outputs.items():
        if port.type != "UriFile":
            yield Misfit(f"blob_events.job_outputs.{name}.type", accepted, "UriFile")
    if settings.factory and settings.factory.output_type != "UriFile":
        yield Misfit("data_factory.output_type", accepted, "UriFile")


def _rows_lie_beside_their_input(settings: Settings) -> Iterator[Misfit]:
    if not settings.blob_events.predictions_beside_inputs:
        return
    default = settings.invoked
    rows = isinstance(default, ModelDeployment) and default.appends_rows
    hindrances = {
        "what jobs of an adopted endpoint write is not known": settings.endpoint.existing,
        "a model deployment that appends rows writes one file, no other does": not rows,
        "job_outputs names another place": settings.blob_events.job_outputs,
        "with output_container the cluster has the roles at the account already": (
            settings.factory and settings.factory.output_container
        ),
        "with watch_whole_account inputs lie in containers that are no datastore": (
            settings.blob_events.watch_whole_account
        ),
    }
    for because in [told for told, hinders in hindrances.items() if hinders][:1]:
        yield Misfit("blob_events.predictions_beside_inputs", f"false: {because}", write=False)


def _the_pipeline_takes_what_it_gets(settings: Settings) -> Iterator[Misfit]:
    default, factory = settings.invoked, settings.factory
    if not isinstance(default, PipelineDeployment):
        return
    file = read_pipeline(PROJECT / default.pipeline)
    found: list[Misfit] = []
    if settings.workflow_invokes:
        events = settings.blob_events
        arriving = "uri_folder" if events.marker_name else "uri_file"
        other = "blob_events.marker_name", None if events.marker_name else "_SUCCESS"
        found += _inputs(file, arriving, settings.endpoint.input_name, events.job_inputs, other)
        found += _outputs(file, events)
    if factory:
        arriving = IN_FILES[factory.input_type]
        other_type = "UriFile" if factory.input_type == "UriFolder" else "UriFolder"
        other = "data_factory.input_type", other_type
        found += _inputs(file, arriving, settings.endpoint.input_name, {}, other)
        told = ", ".join(f"{name} ({each.get('type')})" for name, each in file.outputs.items())
        declared = file.outputs.get(factory.output_name)
        if declared is None:
            accepted = f"an output of the pipeline: {told}"
            found.append(Misfit("data_factory.output_name", accepted))
        elif declared.get("type") != IN_FILES[factory.output_type]:
            accepted = f"the type of the pipeline's output: {told}"
            found.append(Misfit("data_factory.output_type", accepted))
    yield from dict.fromkeys(found)


def _inputs(
    file: PipelineFile, arriving: str, first: str, more: Mapping[str, Input], other: tuple[str, Any]
) -> Iterator[Misfit]:
    """What a job is given: the file or folder, and further inputs, by name.

    Args:
        file: the pipeline.
        arriving: as what it gets what is scored.
        first: the name that this goes by.
        more: the further inputs.
        other: the key by which something else arrives, and its value for that.
    """
    told = ", ".join(f"{name} ({each.get('type')})" for name, each in file.inputs.items())
    accepted = f"as the pipeline takes it: {told or 'it takes nothing'}"
    kinds = {name: each.get("type") for name, each in file.inputs.items() if name not in more}
    fits = [name for name, kind in kinds.items() if kind == arriving]
    if not fits:
        key, write = other
        because = f"the pipeline takes {told or 'nothing'}"
        yield Misfit(key, f"another one: by this one a {arriving} arrives, and {because}", write)
    meant = fits or [name for name, kind in kinds.items() if kind in ("uri_file", "uri_folder")]
    if meant and first not in meant:
        first = meant[0]
        yield Misfit("endpoint.input_name", f"{first}, {accepted}", first)
    for name, given in more.items():
        kind, declared = IN_FILES.get(given.type, "string"), file.inputs.get(name, {}).get("type")
        literal = kind == "string" and declared in ("string", "number", "integer", "boolean")
        if declared != kind and not literal:
            yield Misfit(f"blob_events.job_inputs.{name}", f"{name} {accepted}")
    for name, each in file.inputs.items():
        required = not each.get("optional") and "default" not in each
        if name not in {first, *more} and required:
            accepted = f"a value for {name}, which the pipeline requires"
            yield Misfit("blob_events.job_inputs", accepted)


def _outputs(file: PipelineFile, events: BlobEvents) -> Iterator[Misfit]:
    accepted = ", ".join(file.outputs) or "it writes nothing"
    for name, told in events.job_outputs.items():
        if file.outputs.get(name, {}).get("type") != IN_FILES.get(told.type, "uri_folder"):
            where = f"blob_events.job_outputs.{name}"
            yield Misfit(where, f"{name} as the pipeline writes it: {accepted}")


RULES = (
    _the_default_is_one_of_them,
    _the_cluster_holds_their_nodes,
    _mlflow_reads_what_arrives,
    _a_model_has_one_input_and_writes_one_file,
    _rows_lie_beside_their_input,
    _the_pipeline_takes_what_it_gets,
)

"""Rules that join the keys of deployments with each other and with what starts their jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from components.settings import assets
from components.settings.deployment_keys import MODEL_KEYS
from components.settings.deployments import build, default_name
from components.settings.model import DeploymentSettings, PipelineDeploymentSettings
from components.settings.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from components.machine_learning.pipeline_components.files import PipelineFile

    Values = Mapping[str, Any]

KEYS: Final = (
    "deployment_name",
    *(key.name for key in MODEL_KEYS),
    "deployments",
    "default_deployment",
)
"""Keys that say something of a new endpoint's deployments."""

MLFLOW_FILES: Final = (
    *(".csv", ".parquet", ".pqt"),
    *(".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif"),
)
"""Ends of the files that MLflow models read (D:machine-learning/how-to-mlflow-batch)."""

_TYPES = {
    "UriFile": "uri_file",
    "UriFolder": "uri_folder",
    "CustomModel": "custom_model",
    "MLFlowModel": "mlflow_model",
    "TritonModel": "triton_model",
}


def _each_has_a_name_of_its_own(values: Values) -> list[Broken]:
    names = [each["name"].lower() for each in values["deployments"]]
    if len(set(names)) == len(names):
        return []
    return [Broken("deployments", "each name once, in whatever case")]


def _the_only_name_is_unused(values: Values) -> list[Broken]:
    if not values["deployments"] or values["deployment_name"] == "digits":
        return []
    return [Broken("deployment_name", "nothing: the names stand in deployments", "digits")]


def _the_default_is_one_of_them(values: Values) -> list[Broken]:
    names = [each["name"] for each in values["deployments"]] or [values["deployment_name"]]
    told = values["default_deployment"]
    if told in names or (len(names) == 1 and not told):
        return []
    return [Broken("default_deployment", f"one of {', '.join(names)}", names[0])]


def _scripts_are_in_their_folders(values: Values) -> list[Broken]:
    return [
        _of_one(values, each, "scoring_script", f"a Python file that is in {each.code_folder}")
        for each in _models(values)
        if not each.is_mlflow and not assets.has_script(each.code_folder, each.scoring_script)
    ]


def _the_cluster_holds_their_nodes(values: Values) -> list[Broken]:
    most = values["max_nodes"]
    if values["existing_cluster"]:
        return []
    return [
        _of_one(values, each, "instance_count", f"at most max_nodes, {most}")
        for each in _models(values)
        if each.instance_count > most
    ]


def _of_one(values: Values, deployment: DeploymentSettings, key: str, accepted: str) -> Broken:
    """What is wrong with a key of one deployment, the only one or one of several."""
    if not values["deployments"]:
        return Broken(key, accepted)
    return Broken("deployments", f"{key} of {deployment.name}: {accepted}")


def _mlflow_reads_what_arrives(values: Values) -> list[Broken]:
    default = _default(values)
    if not isinstance(default, DeploymentSettings) or not default.is_mlflow:
        return []
    if not values["blob_events"] or values["trigger_on"] != "file":
        return []
    if values["extension_filter"].lower().endswith(MLFLOW_FILES):
        return []
    accepted = f"an end of files that the MLflow model reads: {', '.join(MLFLOW_FILES)}"
    return [Broken("extension_filter", accepted, ".csv")]


def _a_model_has_one_input_and_one_output(values: Values) -> list[Broken]:
    if values["existing_endpoint"] or isinstance(_default(values), PipelineDeploymentSettings):
        return []
    accepted = (
        "{}: the default deployment is of a model, which takes one input and at most one output;"
        " more are for pipeline components"
    )
    most = {"job_inputs": (0, "nothing"), "job_outputs": (1, "at most one")}
    return [
        Broken(key, accepted.format(told), {})
        for key, (count, told) in most.items()
        if len(values[key]) > count
    ]


def _a_model_writes_a_file(values: Values) -> list[Broken]:
    """Azure refuses the job otherwise: "Job output type must be 'uri_file'" (azure-docs#118447)."""
    if not isinstance(_default(values), DeploymentSettings):
        return []
    accepted = "UriFile, because the default deployment is of a model"
    outputs = values["job_outputs"]
    files = {name: {**told, "type": "UriFile"} for name, told in outputs.items()}
    found = [] if files == outputs else [Broken("job_outputs", f"type: {accepted}", files)]
    if values["data_factory"] and values["pipeline_output_type"] != "UriFile":
        found.append(Broken("pipeline_output_type", accepted))
    return found


def _rows_lie_beside_their_input(values: Values) -> list[Broken]:
    if not values["predictions_beside_inputs"]:
        return []
    default = _default(values)
    rows = isinstance(default, DeploymentSettings) and default.output_action == "append_row"
    hindrances = {
        "what jobs of an adopted endpoint write is not known": values["existing_endpoint"],
        "a model deployment that appends rows writes one file, no other does": not rows,
        "job_outputs names another place": values["job_outputs"],
        "with output_container the cluster has the roles at the account already": values[
            "output_container"
        ],
        "with watch_whole_account inputs lie in containers that are no datastore": values[
            "watch_whole_account"
        ],
    }
    because = next((told for told, hinders in hindrances.items() if hinders), None)
    key = "predictions_beside_inputs"
    return [Broken(key, f"false: {because}", write=False)] if because else []


def _the_pipeline_takes_what_it_gets(values: Values) -> list[Broken]:
    default = _default(values)
    if not isinstance(default, PipelineDeploymentSettings):
        return []
    file = _file(default)
    found: list[Broken] = []
    if values["blob_events"] and not _factory_starts(values):
        arriving = "uri_file" if values["trigger_on"] == "file" else "uri_folder"
        found += _inputs(file, arriving, values, values["job_inputs"])
        found += _outputs(file, values["job_outputs"])
    if values["data_factory"]:
        found += _inputs(file, _TYPES[values["pipeline_input_type"]], values, {})
        found += _output_of_a_factory(file, values)
    return list(dict.fromkeys(found))


def _factory_starts(values: Values) -> bool:
    return bool(values["data_factory"]) and values["trigger_on"] == "folder_marker"


def _output_of_a_factory(file: PipelineFile, values: Values) -> Iterable[Broken]:
    accepted = ", ".join(f"{name} ({each.get('type')})" for name, each in file.outputs.items())
    declared = file.outputs.get(values["pipeline_output_name"])
    if declared is None:
        yield Broken("pipeline_output_name", f"an output of the pipeline: {accepted}")
    elif declared.get("type") != _TYPES[values["pipeline_output_type"]]:
        yield Broken("pipeline_output_type", f"the type of the pipeline's output: {accepted}")


def _inputs(
    file: PipelineFile, arriving: str, values: Values, more: Mapping[str, Mapping[str, Any]]
) -> Iterable[Broken]:
    """What a job is given: the file or folder, and further inputs, by name."""
    first = values["input_name"]
    given = {first: arriving, **{name: _type(told, "string") for name, told in more.items()}}
    accepted = ", ".join(f"{name} ({each.get('type')})" for name, each in file.inputs.items())
    for name, kind in given.items():
        declared = file.inputs.get(name, {}).get("type")
        literal = kind == "string" and declared in ("string", "number", "integer", "boolean")
        if declared != kind and not literal:
            key = "input_name" if name == first else "job_inputs"
            yield Broken(key, f"{name} as the pipeline takes it: {accepted or 'it takes nothing'}")
    for name, each in file.inputs.items():
        if name not in given and not each.get("optional") and "default" not in each:
            yield Broken("job_inputs", f"a value for {name}, which the pipeline requires")


def _outputs(file: PipelineFile, given: Mapping[str, Any]) -> Iterable[Broken]:
    accepted = ", ".join(file.outputs) or "it writes nothing"
    for name, told in given.items():
        if file.outputs.get(name, {}).get("type") != _type(told, "uri_folder"):
            yield Broken("job_outputs", f"{name} as the pipeline writes it: {accepted}")


def _type(told: Mapping[str, Any], otherwise: str) -> str:
    return _TYPES.get(str(told.get("type")), otherwise)


def _models(values: Values) -> list[DeploymentSettings]:
    if values["existing_endpoint"]:
        return []
    return [each for each in build(values) if isinstance(each, DeploymentSettings)]


def _default(values: Values) -> DeploymentSettings | PipelineDeploymentSettings | None:
    if values["existing_endpoint"]:
        return None
    name = default_name(values)
    return next((each for each in build(values) if each.name == name), None)


def _file(deployment: PipelineDeploymentSettings) -> PipelineFile:
    from components.machine_learning.pipeline_components.files import read_pipeline  # noqa: PLC0415 - reads YAML, which most stacks don't

    return read_pipeline(assets.PROJECT / deployment.file)


RULES: Final = (
    _each_has_a_name_of_its_own,
    _the_only_name_is_unused,
    _the_default_is_one_of_them,
    _scripts_are_in_their_folders,
    _the_cluster_holds_their_nodes,
    _mlflow_reads_what_arrives,
    _a_model_has_one_input_and_one_output,
    _a_model_writes_a_file,
    _rows_lie_beside_their_input,
    _the_pipeline_takes_what_it_gets,
)

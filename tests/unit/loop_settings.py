"""What would start its own next job, and what is beside it: cases of the tests of settings."""

from typing import Any

from components.settings.retraining import ACCEPTED as NAMED_CAUSE
from tests.unit.rule_settings import rule
from tests.unit.sample_ids import (
    ACCOUNT,
    BLOBS,
    COPY,
    FACTORY,
    FAILED,
    MONITOR,
    RETRAIN,
    WINDOW,
    WORKSPACE,
)

LONG = f"azureml:/{WORKSPACE}".replace("/providers/Microsoft.MachineLearningServices", "")
CLAIMS = "an end of names apart from .json: notes of handled events, in"
BESIDE = {"blob_events.predictions_beside_inputs": True}
PGM = {"blob_events.extension_filter": ".pgm"}
CSV = {"blob_events.extension_filter": ".csv"}
WHOLE_ACCOUNT = {"blob_events.watch_whole_account": True}


def output(folder: str) -> dict[str, Any]:
    """A job's output in a folder of a datastore."""
    uri = f"{folder}/{{event_id}}/scores.CSV"
    return {"blob_events.job_outputs": {"scores": {"type": "UriFile", "uri": uri}}}


def written(path: str) -> dict[str, Any]:
    """A pipeline's output in the datastore of the inputs."""
    uri = f"azureml://datastores/batch_inputs/paths/{path}"
    return {"data_factory.enabled": True, "data_factory.output_folder": uri}


def copied(folder: str) -> dict[str, Any]:
    """Predictions that are copied to a folder of the input container."""
    after = {**COPY, "container": "inputs", "folder": folder}
    return {
        "data_factory.enabled": True,
        "storage.existing": ACCOUNT.replace("my-group", "My-Group"),
        "data_factory.copy_after": after,
    }


def to_pipeline(event: str = "RunCompleted", *filters: Any, **changes: Any) -> dict[str, Any]:
    """A rule that runs a pipeline of the stack's factory."""
    started = {"kind": "data_factory_pipeline", "pipeline": "Run-BatchEndpoint", **changes}
    to = rule(event_types=[event], destination=started, advanced_filters=list(filters))
    return {"data_factory.enabled": True, "workspace_events.rules": [to]}


def apart(what: str, path: str = "inputs/incoming/") -> str:
    """What is told about a place that the stack file names."""
    return f"a place apart from {path}, which is watched: {what} would start jobs"


INPUTS = "azureml://datastores/batch_inputs/paths"
PREDICTIONS = {"data_factory.enabled": True, "data_factory.output_container": "predictions"}
EXPERIMENT = {"operator": "StringIn", "key": "data.experimentName", "values": ["monitor"]}
BROKEN: dict[str, dict[str, list[dict[str, Any]]]] = {
    "blob_events.extension_filter": {
        "an end of names apart from _predictions.csv: predictions beside": [
            BESIDE,
            {**BESIDE, **CSV},
        ],
        CLAIMS: [WHOLE_ACCOUNT, {**WHOLE_ACCOUNT, "blob_events.extension_filter": ".JSON"}],
    },
    "blob_events.predictions_beside_inputs": {
        "false: a model deployment that appends rows writes one file": [
            {**BESIDE, **PGM, "deployments[0].output_action": "summary_only"}
        ],
        "false: with output_container the cluster has the roles at the": [
            {**BESIDE, **PGM, **PREDICTIONS}
        ],
        "false: with watch_whole_account inputs lie in containers that": [
            {**BESIDE, **PGM, **WHOLE_ACCOUNT}
        ],
        "false: job_outputs names another place": [
            {**BESIDE, **PGM, **output("azureml://datastores/workspaceblobstore/paths/scores")}
        ],
        "false: what jobs of an adopted endpoint write is not known": [
            {**BESIDE, **PGM, "endpoint.existing": f"{WORKSPACE}/batchEndpoints/my-endpoint"}
        ],
        "nothing: with payload plain it is not sent": [
            {**BESIDE, **PGM, "blob_events.payload": "plain"}
        ],
    },
    "blob_events.marker_name": {
        CLAIMS: [{**WHOLE_ACCOUNT, "blob_events.marker_name": "done.json"}]
    },
    "workflows.handled_events_container": {
        "another container than storage.container": [
            {"workflows.handled_events_container": "inputs", "storage.folder": ""}
        ],
        "another container than data_factory.output_container": [
            {**PREDICTIONS, "workflows.handled_events_container": "predictions"}
        ],
    },
    "data_factory.output_container": {
        "another container than storage.container": [{"data_factory.output_container": "inputs"}],
        "nothing in the account, all of which is watched: predictions": [
            {**PREDICTIONS, **WHOLE_ACCOUNT, **PGM}
        ],
    },
    "storage.folder": {
        "a folder apart from inputs/copied/: what data_factory.copy_before": [
            {"data_factory.copy_before": COPY, "storage.folder": ""},
            {"data_factory.copy_before": COPY, "storage.folder": "copied/eu/"},
        ],
        "a folder apart from inputs/copied/: what data_factory.window": [
            {"data_factory.window": {**WINDOW, "copy_from": COPY}, "storage.folder": ""}
        ],
    },
    "blob_events.enabled": {
        "false, because data_factory.window scores the files of inputs/incoming/": [
            {"data_factory.window": WINDOW}
        ]
    },
    "blob_events.prefix_filter": {
        "a folder apart from inputs/copied/: what data_factory.copy_before": [
            {"data_factory.copy_before": COPY, "blob_events.prefix_filter": f"{BLOBS}/"}
        ]
    },
    "blob_events.watch_whole_account": {
        "false: what retrain_on_event copies would start jobs": [
            {
                "data_factory.enabled": True,
                "workspace_events.retrain_on_event": RETRAIN,
                **WHOLE_ACCOUNT,
                **PGM,
            }
        ]
    },
    "data_factory.copy_after": {
        apart("what copy_after copies"): [copied("incoming/scores")],
        apart("what copy_after copies", "inputs/a/b/"): [{**copied("a"), "storage.folder": "a/b/"}],
    },
    "data_factory.output_folder": {
        apart("predictions"): [
            written("incoming/"),
            written("incoming/scores/"),
            written(""),
            written("/inc%6fming/"),
        ],
        apart("predictions", "inputs/a/b/"): [{**written("a//b/"), "storage.folder": "a/b/"}],
    },
    "blob_events.job_outputs": {
        apart("the output scores"): [
            output(f"{INPUTS}/incoming"),
            {**output(f"{INPUTS}/{{input}}"), **CSV},
            {
                **output("azureml://datastores/batch_inputs_dev/paths/incoming"),
                "workspace.existing": WORKSPACE,
            },
            {
                **output(f"{LONG}/datastores/batch_inputs_dev/paths/incoming"),
                "workspace.existing": WORKSPACE.lower(),
            },
            {**output(f"{INPUTS}/incoming"), **CSV},
        ]
    },
    "workspace_events.retrain_on_event.advanced_filters": {
        NAMED_CAUSE: [
            {
                "workspace_events.retrain_on_event": {**RETRAIN, "advanced_filters": [FAILED]},
                "data_factory.enabled": True,
            }
        ]
    },
    "workspace_events.rules[0].advanced_filters": {
        NAMED_CAUSE: [
            to_pipeline(),
            to_pipeline("Microsoft.MachineLearningServices.RunStatusChanged", FAILED),
            to_pipeline("RunCompleted", EXPERIMENT),
            to_pipeline(pipeline="Score-Folder", factory_id=FACTORY.upper())
            | {"data_factory.existing": FACTORY},
        ]
    },
}

TOGETHER: list[dict[str, Any]] = [
    {**BESIDE, "blob_events.enabled": False},
    {**BESIDE, **PGM},
    {**BESIDE, "blob_events.marker_name": "_SUCCESS"},
    {**WHOLE_ACCOUNT, **CSV},
    {**WHOLE_ACCOUNT, "blob_events.marker_name": "_SUCCESS"},
    {"storage.folder": ""},
    {"storage.folder": "", "storage.dead_letter_container": "inputs"},
    {**PREDICTIONS, "storage.folder": ""},
    copied("incoming2/"),
    copied("incoming/scores") | {"storage.existing": f"{ACCOUNT}2"},
    copied("incoming/scores") | {"blob_events.enabled": False},
    written("scores/"),
    written("incoming2/"),
    output("azureml://datastores/workspaceblobstore/paths/incoming"),
    output(f"{INPUTS}/scores"),
    output(INPUTS),
    output(f"{LONG}/datastores/batch_inputs/paths/incoming"),
    {**output(f"{INPUTS}/incoming"), **PGM},
    {"workspace.existing": WORKSPACE, **output(f"{INPUTS}/incoming")},
    {"data_factory.enabled": True, "workspace_events.retrain_on_event": RETRAIN},
    to_pipeline("ModelRegistered"),
    to_pipeline("RunCompleted", MONITOR),
    to_pipeline("RunCompleted", EXPERIMENT) | {"endpoint.name": "my-endpoint"},
    to_pipeline(pipeline="Theirs"),
    to_pipeline(factory_id=FACTORY),
]
"""Changes that are accepted."""

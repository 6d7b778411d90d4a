"""What would start its own next job, and what is beside it: cases that the tests of settings run.

Columns of what is refused: what is changed, the key that is told, what is accepted, and the value
of the line to add (empty where a value is told that has more in it than what is wrong).
"""

from __future__ import annotations

from typing import Any

from components.settings.events.retraining import ACCEPTED as NAMED_CAUSE
from tests.unit.refused_event_settings import ACCOUNT, FACTORY, GROUP, domain, rule
from tests.unit.refused_switch_settings import FAILED, MONITOR, RETRAIN

WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
LONG = f"azureml:/{WORKSPACE}".replace("/providers/Microsoft.MachineLearningServices", "")
CONTAINERS = "/blobServices/default/containers"
BLOBS = f"{CONTAINERS}/inputs/blobs"
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
WHOLE_CONTAINER = {"input_folder": "", "existing_storage_account_id": ACCOUNT}
LETTERS = {"dead_letter_container_id": f"{ACCOUNT}{CONTAINERS}/inputs"}
CLAIMS = (
    "an end of names apart from .json: notes of handled events, in handled_events_container,"
    " would start jobs"
)


BESIDE = {"predictions_beside_inputs": True}
BESIDE_APART = (
    "an end of names apart from _predictions.csv: predictions beside inputs would start jobs"
)


def output(folder: str) -> dict[str, Any]:
    """A job's output in a folder of a datastore."""
    uri = f"{folder}/{{event_id}}/scores.CSV"
    return {"job_outputs": {"scores": {"type": "UriFile", "uri": uri}}}


def written(path: str, **more: Any) -> dict[str, Any]:
    """A pipeline's output in the datastore of the inputs."""
    uri = f"azureml://datastores/batch_inputs/paths/{path}"
    return {"data_factory": True, "pipeline_output_folder": uri, **more}


def copied(folder: str, **more: Any) -> dict[str, Any]:
    """Predictions that are copied to a folder of the input container."""
    after = {**COPY, "container": "inputs", "folder": folder}
    return {
        "data_factory": True,
        "existing_storage_account_id": ACCOUNT.replace("my-group", "My-Group"),
        "copy_after": after,
        **more,
    }


def to_pipeline(event: str = "RunCompleted", *filters: Any, **changes: Any) -> dict[str, Any]:
    """A rule that runs a pipeline of the stack's factory."""
    started = {"kind": "data_factory_pipeline", "pipeline": "Run-BatchEndpoint", **changes}
    to = rule(event_types=[event], destination=started, advanced_filters=list(filters))
    return {"data_factory": True, "workspace_events": [to]}


def apart(what: str, path: str = "inputs/incoming/") -> str:
    """What is told about a place that the stack file names."""
    return f"a place apart from {path}, which is watched: {what} would start jobs"


EXAMPLE = '"azureml://datastores/workspaceblobstore/paths/batch/"'
INPUTS = "azureml://datastores/batch_inputs/paths"
PREDICTIONS = {"data_factory": True, "output_container": "predictions"}
EXPERIMENT = {"operator": "StringIn", "key": "data.experimentName", "values": ["monitor"]}
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (BESIDE, "extension_filter", BESIDE_APART, '".pgm"'),
    ({**BESIDE, "extension_filter": ".csv"}, "extension_filter", BESIDE_APART, '".pgm"'),
    (
        {**BESIDE, "extension_filter": ".pgm", "output_action": "summary_only"},
        "predictions_beside_inputs",
        "false: a model deployment that appends rows writes one file, no other does",
        "false",
    ),
    (
        {**BESIDE, "extension_filter": ".pgm", **PREDICTIONS},
        "predictions_beside_inputs",
        "false: with output_container the cluster has the roles at the account already",
        "false",
    ),
    (
        {**BESIDE, "extension_filter": ".pgm", "watch_whole_account": True},
        "predictions_beside_inputs",
        "false: with watch_whole_account inputs lie in containers that are no datastore",
        "false",
    ),
    (
        {
            **BESIDE,
            "extension_filter": ".pgm",
            **output("azureml://datastores/workspaceblobstore/paths/scores"),
        },
        "predictions_beside_inputs",
        "false: job_outputs names another place",
        "false",
    ),
    (
        {
            **BESIDE,
            "extension_filter": ".pgm",
            "existing_endpoint": {"workspace_id": WORKSPACE, "name": "my-endpoint"},
        },
        "predictions_beside_inputs",
        "false: what jobs of an adopted endpoint write is not known",
        "false",
    ),
    (
        {**BESIDE, "extension_filter": ".pgm", "workflow_payload": "plain"},
        "predictions_beside_inputs",
        "nothing: with workflow_payload plain it is not sent",
        "false",
    ),
    (
        {**BESIDE, "blob_events": False},
        "predictions_beside_inputs",
        "nothing: no Logic App invokes the endpoint",
        "false",
    ),
    ({"watch_whole_account": True}, "extension_filter", CLAIMS, '".csv"'),
    (
        {"watch_whole_account": True, "extension_filter": ".JSON"},
        "extension_filter",
        CLAIMS,
        '".csv"',
    ),
    (
        {"watch_whole_account": True, "trigger_on": "folder_marker", "marker_name": "done.json"},
        "marker_name",
        CLAIMS,
        '"_SUCCESS"',
    ),
    (
        {"handled_events_container": "inputs", "input_folder": ""},
        "handled_events_container",
        "another container than input_container",
        '"handled-events"',
    ),
    (
        {**PREDICTIONS, "handled_events_container": "predictions"},
        "handled_events_container",
        "another container than output_container",
        '"handled-events"',
    ),
    (
        {"data_factory": True, "output_container": "inputs"},
        "output_container",
        "another container than input_container",
        '"predictions"',
    ),
    (
        {**PREDICTIONS, "watch_whole_account": True, "extension_filter": ".pgm"},
        "output_container",
        "nothing in the account, all of which is watched: predictions would start jobs",
        '""',
    ),
    (
        {"data_factory": True, "copy_before": COPY, "input_folder": ""},
        "input_folder",
        "a folder apart from inputs/copied/: what copy_before copies would start jobs",
        '"incoming/"',
    ),
    (
        {"data_factory": True, "copy_before": COPY, "input_folder": "copied/eu/"},
        "input_folder",
        "a folder apart from inputs/copied/: what copy_before copies would start jobs",
        '"incoming/"',
    ),
    (
        {"data_factory": True, "copy_before": COPY, "prefix_filter": f"{BLOBS}/"},
        "prefix_filter",
        "a folder apart from inputs/copied/: what copy_before copies would start jobs",
        '""',
    ),
    (
        {
            "data_factory": True,
            "retrain_on_event": RETRAIN,
            "watch_whole_account": True,
            "extension_filter": ".pgm",
        },
        "watch_whole_account",
        "false: what retrain_on_event copies would start jobs",
        "false",
    ),
    (copied("incoming/scores"), "copy_after", apart("what copy_after copies"), ""),
    (
        copied("a", input_folder="a/b/"),
        "copy_after",
        apart("what copy_after copies", "inputs/a/b/"),
        "",
    ),
    (written("incoming/"), "pipeline_output_folder", apart("predictions"), EXAMPLE),
    (written("incoming/scores/"), "pipeline_output_folder", apart("predictions"), EXAMPLE),
    (written(""), "pipeline_output_folder", apart("predictions"), EXAMPLE),
    (
        written("a//b/", input_folder="a/b/"),
        "pipeline_output_folder",
        apart("predictions", "inputs/a/b/"),
        EXAMPLE,
    ),
    (written("/inc%6fming/"), "pipeline_output_folder", apart("predictions"), EXAMPLE),
    (
        output(f"{INPUTS}/incoming"),
        "job_outputs",
        apart("the output scores"),
        "",
    ),
    (
        {**output(f"{INPUTS}/{{input}}"), "extension_filter": ".csv"},
        "job_outputs",
        apart("the output scores"),
        "",
    ),
    (
        {
            **output("azureml://datastores/batch_inputs_dev/paths/incoming"),
            "existing_workspace_id": WORKSPACE,
        },
        "job_outputs",
        apart("the output scores"),
        "",
    ),
    (
        {
            **output(f"{LONG}/datastores/batch_inputs_dev/paths/incoming"),
            "existing_workspace_id": WORKSPACE.lower(),
        },
        "job_outputs",
        apart("the output scores"),
        "",
    ),
    (
        {**output(f"{INPUTS}/incoming"), "extension_filter": ".csv"},
        "job_outputs",
        apart("the output scores"),
        "",
    ),
    (
        {**WHOLE_CONTAINER, "workspace_events": [rule(**LETTERS)]},
        "workspace_events",
        apart("dead letters of on-model", "inputs/"),
        "",
    ),
    (
        {
            **WHOLE_CONTAINER,
            "input_folder": "ON-MODEL/",
            "workspace_events": [rule(**LETTERS)],
        },
        "workspace_events",
        apart("dead letters of on-model", "inputs/ON-MODEL/"),
        "",
    ),
    (
        {
            **WHOLE_CONTAINER,
            "workspace_events": [
                rule(dead_letter_container_id=f"{ACCOUNT}{CONTAINERS}/inputs".lower())
            ],
        },
        "workspace_events",
        apart("dead letters of on-model", "inputs/"),
        "",
    ),
    (
        {
            **WHOLE_CONTAINER,
            "extension_filter": ".json",
            "event_domain": domain(
                subscriptions=[rule(name="on-domain", topic="models", event_types=..., **LETTERS)]
            ),
        },
        "event_domain",
        apart("dead letters of on-domain", "inputs/"),
        "",
    ),
    (
        {"retrain_on_event": {**RETRAIN, "advanced_filters": [FAILED]}, "data_factory": True},
        "retrain_on_event",
        NAMED_CAUSE,
        "",
    ),
    *(
        (changes, "workspace_events", f"in the rule on-model {NAMED_CAUSE}", "")
        for changes in (
            to_pipeline(),
            to_pipeline("Microsoft.MachineLearningServices.RunStatusChanged", FAILED),
            to_pipeline("RunCompleted", EXPERIMENT),
            to_pipeline(pipeline="Score-Folder", factory_id=FACTORY.upper())
            | {"existing_data_factory_id": FACTORY},
        )
    ),
]

TOGETHER: list[dict[str, Any]] = [
    {**BESIDE, "extension_filter": ".pgm"},
    {**BESIDE, "trigger_on": "folder_marker"},
    {"watch_whole_account": True, "extension_filter": ".csv"},
    {"watch_whole_account": True, "trigger_on": "folder_marker"},
    {"input_folder": ""},
    {"input_folder": "", "dead_letter_container": "inputs"},
    {**PREDICTIONS, "input_folder": ""},
    {"existing_storage_account_id": ACCOUNT, "workspace_events": [rule(**LETTERS)]},
    {**WHOLE_CONTAINER, "extension_filter": ".csv", "workspace_events": [rule(**LETTERS)]},
    {"input_folder": "", "workspace_events": [rule(**LETTERS)]},
    copied("incoming2/"),
    copied("incoming/scores") | {"existing_storage_account_id": f"{ACCOUNT}2"},
    copied("incoming/scores", blob_events=False),
    written("scores/"),
    written("incoming2/"),
    output("azureml://datastores/workspaceblobstore/paths/incoming"),
    output(f"{INPUTS}/scores"),
    output(INPUTS),
    output(f"{LONG}/datastores/batch_inputs/paths/incoming"),
    {**output(f"{INPUTS}/incoming"), "extension_filter": ".pgm"},
    {"existing_workspace_id": WORKSPACE, **output(f"{INPUTS}/incoming")},
    {"data_factory": True, "retrain_on_event": RETRAIN},
    to_pipeline("ModelRegistered"),
    to_pipeline("RunCompleted", MONITOR),
    to_pipeline("RunCompleted", EXPERIMENT) | {"endpoint_name": "my-endpoint"},
    to_pipeline(pipeline="Theirs"),
    to_pipeline(factory_id=FACTORY),
]
"""Changes that are accepted."""

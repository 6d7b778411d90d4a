"""Rules that join several keys: what does not go together, and what is told about it."""

from __future__ import annotations

from typing import Any

import pytest

from components.settings import SettingsError, read
from components.settings.events import retraining
from components.settings.keys import KEYS
from components.settings.rules import RULES, Accepted
from tests.unit import loop_settings, refused_event_settings, refused_switch_settings

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
BASE = {"location": "westeurope", "publishers": [{"object_id": GUID, "type": "User"}]}
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
OTHER_WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/another"
ROLE = f"/subscriptions/{GUID}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
CONTAINERS = "/blobServices/default/containers"
BLOBS = f"{CONTAINERS}/inputs/blobs"
ENDPOINT = {"workspace_id": WORKSPACE, "name": "my-endpoint"}
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
DATA = "azureml://datastores/d/paths/in/"
STORE = "azureml://datastores/workspaceblobstore/paths"
IN_PLACE = "nothing: put {} right where it stands"
"""The line where a value is told that has more in it than what is wrong; empty in the table."""
PIPELINE = {
    "deployments": [{"name": "diamonds", "pipeline": "samples/diamonds/pipeline.yml"}],
    "trigger_on": "folder_marker",
}
SUFFIX = "westeurope.inference.ml.azure.com"

# What is changed, the key that is told, what is accepted, and the value of the line to add.
BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"location": "chinaeast2"},
        "location",
        "a region of the cloud public; this one is in china",
        '"westeurope"',
    ),
    (
        {"location": "usgovvirginia"},
        "location",
        "a region of the cloud public; this one is in usgovernment",
        '"westeurope"',
    ),
    ({"min_nodes": 3}, "min_nodes", "at most max_nodes, 2", "2"),
    ({"instance_count": 3}, "instance_count", "at most max_nodes, 2", "1"),
    (
        {"deployments": [{"name": "one"}, {"name": "ONE"}], "default_deployment": "one"},
        "deployments",
        "each name once, in whatever case",
        "",
    ),
    (
        {"deployments": [{"name": "one"}], "deployment_name": "two"},
        "deployment_name",
        "nothing: the names stand in deployments",
        '"digits"',
    ),
    (
        {"deployments": [{"name": "one"}, {"name": "two"}]},
        "default_deployment",
        "one of one, two",
        '"one"',
    ),
    ({"default_deployment": "other"}, "default_deployment", "one of digits", '"digits"'),
    (
        {"deployments": [{"name": "one", "instance_count": 3}]},
        "deployments",
        "instance_count of one: at most max_nodes, 2",
        "",
    ),
    (
        {"deployments": [{"name": "one", "scoring_script": "nothing.py"}]},
        "deployments",
        "scoring_script of one: a Python file that is in samples/digits/code",
        "",
    ),
    (
        {"model_type": "mlflow_model", "extension_filter": ".pdf"},
        "extension_filter",
        (
            "an end of files that the MLflow model reads: .csv, .parquet, .pqt, .png, .jpg, .jpeg,"
            " .tiff, .bmp, .gif"
        ),
        '".csv"',
    ),
    (
        {**PIPELINE, "data_factory": True, "input_name": "data"},
        "pipeline_output_name",
        "an output of the pipeline: predictions (uri_folder)",
        '"score"',
    ),
    (
        {
            **PIPELINE,
            "data_factory": True,
            "input_name": "data",
            "pipeline_output_name": "predictions",
        },
        "pipeline_output_type",
        "the type of the pipeline's output: predictions (uri_folder)",
        '"UriFile"',
    ),
    (
        {**PIPELINE, "trigger_on": "file", "input_name": "data"},
        "input_name",
        "data as the pipeline takes it: data (uri_folder)",
        '"mnistinput"',
    ),
    (
        {**PIPELINE, "input_name": "data", "job_inputs": {"x": {"type": "Literal", "value": "1"}}},
        "job_inputs",
        "x as the pipeline takes it: data (uri_folder)",
        "",
    ),
    (
        {
            **PIPELINE,
            "input_name": "data",
            "job_outputs": {"x": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/"}},
        },
        "job_outputs",
        "x as the pipeline writes it: predictions",
        "",
    ),
    (
        {"existing_cluster": "cpu-cluster"},
        "existing_workspace_id",
        "the workspace of existing_cluster",
        (
            f'"/subscriptions/{"0" * 8}-0000-0000-0000-{"0" * 12}/resourceGroups/my-group/providers'
            '/Microsoft.MachineLearningServices/workspaces/my-workspace"'
        ),
    ),
    (
        {"existing_endpoint": ENDPOINT, "existing_workspace_id": OTHER_WORKSPACE},
        "existing_workspace_id",
        "the workspace of existing_endpoint, or nothing",
        f'"{WORKSPACE}"',
    ),
    (
        {"existing_endpoint": ENDPOINT, "deployment_name": "other"},
        "deployment_name",
        "nothing: with existing_endpoint it is not used",
        '"digits"',
    ),
    (
        {"existing_workspace_id": WORKSPACE, "workspace_storage_keys": True},
        "workspace_storage_keys",
        "nothing: with existing_workspace_id it is not used",
        "false",
    ),
    (
        {"existing_cluster": "cpu", "existing_workspace_id": WORKSPACE, "max_nodes": 4},
        "max_nodes",
        "nothing: with existing_cluster it is not used",
        "2",
    ),
    (
        {"existing_storage_account_id": ACCOUNT, "delete_inputs_after_days": 30},
        "delete_inputs_after_days",
        "nothing: with existing_storage_account_id it is not used",
        "0",
    ),
    (
        {
            "workflow_payload": "plain",
            "job_outputs": {"x": {"type": "UriFile", "uri": f"{STORE}/{{event_id}}/x.csv"}},
        },
        "job_outputs",
        "nothing: with workflow_payload plain it is not sent",
        "{}",
    ),
    (
        {"existing_invoker_role_id": ROLE, "invoker_role": "narrow"},
        "invoker_role",
        "nothing: with existing_invoker_role_id it is not used",
        '"documented"',
    ),
    (
        {"invoker": "managed_identity", "client_secret_rotation": "2"},
        "client_secret_rotation",
        "nothing: no service principal is used",
        '"1"',
    ),
    (
        {"marker_name": "_DONE"},
        "trigger_on",
        "folder_marker, or no marker_name",
        '"folder_marker"',
    ),
    (
        {"trigger_on": "folder_marker", "extension_filter": ".csv"},
        "extension_filter",
        "nothing: with trigger_on folder_marker only files named marker_name start a job",
        '""',
    ),
    (
        {
            "existing_endpoint": ENDPOINT,
            "job_inputs": {"MnistInput": {"type": "Literal", "value": "x"}},
        },
        "job_inputs",
        "inputs beside input_name, mnistinput, which is the file or the folder",
        "",
    ),
    (
        {"job_inputs": {"mode": {"type": "Literal", "value": "x"}}},
        "job_inputs",
        (
            "nothing: the default deployment is of a model, which takes one input and at most one"
            " output; more are for pipeline components"
        ),
        "{}",
    ),
    (
        {"job_outputs": {"score": {"type": "UriFolder", "uri": f"{STORE}/{{event_id}}/p.csv"}}},
        "job_outputs",
        "type: UriFile, because the default deployment is of a model",
        f'{{"score": {{"type": "UriFile", "uri": "{STORE}/{{event_id}}/p.csv"}}}}',
    ),
    (
        {"data_factory": True, "pipeline_output_type": "UriFolder"},
        "pipeline_output_type",
        "UriFile, because the default deployment is of a model",
        '"UriFile"',
    ),
    (
        {"existing_system_topic": {"resource_group": "my-group", "name": "my-topic"}},
        "existing_storage_account_id",
        "the account of existing_system_topic; a new account has no system topic yet",
        (
            f'"/subscriptions/{"0" * 8}-0000-0000-0000-{"0" * 12}/resourceGroups/my-group/providers'
            '/Microsoft.Storage/storageAccounts/mystorageaccount"'
        ),
    ),
    (
        {"publishers": []},
        "publishers",
        (
            "who may upload the model and its code: at least whoever runs `pulumi up`,"
            " as a list of object_id (`az ad signed-in-user show --query id`, `az ad sp show --id"
            " <client id> --query id`) and type (User, Group or ServicePrincipal)"
        ),
        f'[{{"object_id": "{"0" * 8}-0000-0000-0000-{"0" * 12}", "type": "ServicePrincipal"}}]',
    ),
    (
        {"scoring_script": "nothing.py"},
        "scoring_script",
        "a Python file that is in samples/digits/code",
        '"score.py"',
    ),
    (
        {
            "watch_whole_account": True,
            "extension_filter": ".csv",
            "prefix_filter": f"{BLOBS}/incoming/",
        },
        "prefix_filter",
        "nothing, because watch_whole_account is true",
        '""',
    ),
    (
        {"prefix_filter": f"{CONTAINERS}/other/blobs/incoming/"},
        "prefix_filter",
        "a prefix inside of input_container, inputs",
        f'"{BLOBS}/incoming/"',
    ),
    (
        {"prefix_filter": f"{BLOBS}/data/"},
        "input_folder",
        "a folder that prefix_filter covers, or what is dropped there starts no job",
        '"data/"',
    ),
    (
        {"prefix_filter": f"{BLOBS}/incoming/eu/"},
        "input_folder",
        "a folder that prefix_filter covers, or what is dropped there starts no job",
        '"incoming/eu/"',
    ),
    (
        {"input_folder": "inputs/incoming/"},
        "input_folder",
        (
            "a folder without the container's name in front"
            " (where a folder has the same name, set prefix_filter too)"
        ),
        '"incoming/"',
    ),
    (
        {"endpoint_uri": f"https://my-endpoint.{SUFFIX}/jobs"},
        "endpoint_name",
        "the name in endpoint_uri",
        '"my-endpoint"',
    ),
    (
        {"endpoint_uri": f"https://another.{SUFFIX}/jobs", "endpoint_name": "my-endpoint"},
        "endpoint_uri",
        "the URI of endpoint my-endpoint in this cloud",
        f'"https://my-endpoint.{SUFFIX}/jobs"',
    ),
    (
        {
            "endpoint_uri": "https://my-endpoint.westeurope.evil.example.com/jobs",
            "existing_endpoint": ENDPOINT,
        },
        "endpoint_uri",
        "the URI of endpoint my-endpoint in this cloud",
        f'"https://my-endpoint.{SUFFIX}/jobs"',
    ),
    (
        {"blob_events": False, "extension_filter": ".csv"},
        "extension_filter",
        "nothing: without blob_events it is not used",
        '""',
    ),
    (
        {"blob_events": False, "input_name": "digits"},
        "input_name",
        "nothing: nothing invokes the endpoint",
        '"mnistinput"',
    ),
    (
        {"blob_events": False, "invoker": "managed_identity"},
        "invoker",
        "nothing: no Logic App invokes the endpoint",
        '"service_principal"',
    ),
    (
        {"blob_events": False, "client_secret_rotation": "2"},
        "client_secret_rotation",
        "nothing: no service principal is used",
        '"1"',
    ),
    (
        {"existing_pipeline_runner_role_id": ROLE},
        "existing_pipeline_runner_role_id",
        "nothing: without data_factory it is not used",
        '""',
    ),
    (
        {"poll_interval_seconds": 60},
        "poll_interval_seconds",
        "nothing: without data_factory it is not used",
        "120",
    ),
    (
        {"data_factory": True, "pipeline_input_type": "UriFile"},
        "pipeline_input_type",
        "UriFolder: the folder that files are dropped in is one; UriFile needs an input",
        '"UriFolder"',
    ),
    (
        {
            "data_factory": True,
            "output_container": "predictions",
            "pipeline_output_folder": "azureml://datastores/d/paths/out/",
        },
        "pipeline_output_folder",
        "nothing, because output_container is set",
        '""',
    ),
    (
        {
            "data_factory": True,
            "output_container": "predictions",
            "existing_endpoint": ENDPOINT,
        },
        "output_container",
        "nothing: without a cluster of the stack's own nobody is let write there",
        '""',
    ),
    (
        {"data_factory": True, "cloud_overrides": {"ml_audience": "https://ml.example.com"}},
        "cloud_overrides",
        (
            "with data_factory, as ml_audience one that pipelines know: https://ml.azure.com,"
            " https://ml.azure.cn, https://ml.azure.us, https://studio.ml.azure.cn"
        ),
        "",
    ),
    (
        {"data_factory": True, "copy_after": COPY, "pipeline_output_folder": DATA},
        "pipeline_output_folder",
        "nothing: which container it is in isn't known, and copy_after has to read it",
        '""',
    ),
    (
        {"data_factory": True, "copy_before": COPY, "pipeline_input_uri": DATA},
        "pipeline_input_uri",
        "nothing: with copy_before the copied folder is the input",
        '""',
    ),
    (
        {"data_factory": True, "copy_before": COPY, "trigger_on": "folder_marker"},
        "copy_before",
        "nothing: with trigger_on folder_marker the marker's folder is the input",
        "{}",
    ),
    (
        {
            "data_factory": True,
            "pipeline_input_uri": "abfss://c@acct.dfs.core.chinacloudapi.cn/in/",
        },
        "pipeline_input_uri",
        "a host of this cloud, which ends in core.windows.net",
        '"azureml://datastores/my_datastore/paths/my-folder/"',
    ),
    (
        {
            "data_factory": True,
            "retrain_on_event": {
                **refused_switch_settings.RETRAIN,
                "endpoint_uri": "https://e.chinaeast2.inference.ml.azure.cn/jobs",
            },
        },
        "retrain_on_event",
        "an endpoint_uri of this cloud, whose host ends in inference.ml.azure.com",
        "",
    ),
    *refused_event_settings.BROKEN,
    *refused_switch_settings.BROKEN,
    *loop_settings.BROKEN,
]

TOGETHER: list[dict[str, Any]] = [
    {"min_nodes": 2, "instance_count": 2},
    {"existing_cluster": "cpu-cluster", "existing_workspace_id": WORKSPACE},
    {"existing_cluster": "cpu-cluster", "existing_workspace_id": WORKSPACE, "instance_count": 9},
    {"existing_cluster": "cpu-cluster", "existing_endpoint": ENDPOINT},
    {"existing_endpoint": ENDPOINT, "publishers": []},
    {"existing_workspace_id": ENDPOINT["workspace_id"], "publishers": []},
    {"existing_endpoint": ENDPOINT, "existing_workspace_id": WORKSPACE.upper()},
    {
        "existing_storage_account_id": ACCOUNT,
        "existing_system_topic": {"resource_group": "my-group", "name": "my-topic"},
    },
    {"deployments": [{"name": "one"}, {"name": "two"}], "default_deployment": "two"},
    {"deployments": [{"name": "one"}], "default_deployment": "one"},
    {**PIPELINE, "input_name": "data"},
    {
        **PIPELINE,
        "data_factory": True,
        "input_name": "data",
        "pipeline_output_name": "predictions",
        "pipeline_output_type": "UriFolder",
    },
    {"model_type": "mlflow_model", "extension_filter": ".CSV", "scoring_script": "nothing.py"},
    {
        "existing_endpoint": ENDPOINT,
        "job_inputs": {"mode": {"type": "Literal", "value": "x"}},
    },
    {"trigger_on": "folder_marker", "marker_name": "_DONE"},
    {"prefix_filter": f"{BLOBS}/"},
    {"prefix_filter": f"{BLOBS}/incoming/"},
    {"prefix_filter": f"{BLOBS}/inputs/", "input_folder": "inputs/eu/"},
    {"input_folder": "inputs2/"},
    {"endpoint_uri": f"https://my-endpoint.{SUFFIX}/jobs", "endpoint_name": "my-endpoint"},
    {"blob_events": False},
    {"blob_events": False, "data_factory": True, "input_folder": "", "copy_before": COPY},
    {"data_factory": True, "trigger_on": "folder_marker"},
    {"data_factory": True, "pipeline_input_type": "UriFile", "pipeline_input_uri": f"{DATA}a"},
    {"data_factory": True, "output_container": "predictions", "copy_after": COPY},
    {
        "data_factory": True,
        "pipeline_authentication": "service_principal",
        "invoker": "managed_identity",
        "client_secret_rotation": "2",
    },
    {
        "data_factory": True,
        "pipeline_input_uri": "https://acct.blob.core.windows.net/c/in/",
    },
    *loop_settings.TOGETHER,
]


@pytest.mark.parametrize(("changes", "key", "accepted", "value"), BROKEN)
def test_what_does_not_go_together_is_refused(
    changes: dict[str, Any], key: str, accepted: str, value: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | changes, stack="dev")

    (problem,) = caught.value.problems
    assert (problem.key, problem.accepted) == (key, accepted)
    told = f"azureml-batch-events:{key}: {value}" if value else IN_PLACE.format(key)
    assert problem.line == told


def test_every_place_and_rule_that_would_start_jobs_for_ever_is_told() -> None:
    (looping,) = loop_settings.to_pipeline()["workspace_events"]
    rules = [
        {**looping, "name": name, **loop_settings.LETTERS} for name in ("on-failure", "on-success")
    ]
    with pytest.raises(SettingsError) as caught:
        read(
            BASE
            | {**loop_settings.WHOLE_CONTAINER, "data_factory": True, "workspace_events": rules}
        )

    assert [problem.accepted for problem in caught.value.problems] == [
        *(loop_settings.apart(f"dead letters of {each['name']}", "inputs/") for each in rules),
        *(f"in the rule {each['name']} {retraining.ACCEPTED}" for each in rules),
    ]


@pytest.mark.parametrize("changes", TOGETHER)
def test_what_goes_together_is_accepted(changes: dict[str, Any]) -> None:
    assert read(BASE | changes, stack="dev") is not None


def test_a_rule_says_nothing_about_a_value_that_is_wrong_by_itself() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"min_nodes": 5, "max_nodes": "many"})

    assert [problem.key for problem in caught.value.problems] == ["max_nodes"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_has_a_case_that_breaks_it(rule: Any) -> None:
    values = {name: BASE.get(name, key.default) for name, key in KEYS.items()}

    broken = [*(changes for changes, *_ in BROKEN), refused_event_settings.IN_US_GOVERNMENT]
    assert any(rule(Accepted(values | changes, "dev")) for changes in broken)


@pytest.mark.parametrize(
    ("cloud", "location", "environments"),
    [
        ("public", "westeurope", {}),
        ("public", "westeurope", {"azure-native:environment": "public"}),
        ("public", "westeurope", {"azuread:environment": "public"}),
        (
            "china",
            "chinanorth3",
            {"azure-native:environment": "china", "azuread:environment": "china"},
        ),
        (
            "usgovernment",
            "usdodeast",
            {
                "azure-native:environment": "usgovernment",
                "azuread:environment": "usgovernment",
            },
        ),
    ],
)
def test_providers_of_the_same_cloud_are_accepted(
    cloud: str, location: str, environments: dict[str, str]
) -> None:
    settings = read(BASE | {"cloud": cloud, "location": location}, environments=environments)

    assert settings.cloud.name == cloud


def test_providers_of_another_cloud_are_refused_with_the_lines_to_add() -> None:
    with pytest.raises(SettingsError) as caught:
        read(
            BASE | {"cloud": "china", "location": "chinaeast2"},
            environments={"azuread:environment": "usgovernment"},
        )

    told = [(problem.key, problem.found, problem.line) for problem in caught.value.problems]
    assert told == [
        (
            "azure-native:environment",
            "nothing, which stands for public",
            "azure-native:environment: china",
        ),
        ("azuread:environment", '"usgovernment"', "azuread:environment: china"),
    ]


def test_the_source_documents_china_hosts_are_accepted_as_overrides() -> None:
    settings = read(
        BASE
        | {
            "cloud": "china",
            "location": "chinaeast2",
            "data_factory": True,
            "cloud_overrides": {
                "login_host": "login.partner.microsoftonline.cn",
                "ml_audience": "https://studio.ml.azure.cn",
                "inference_suffix": "inference.studio.ml.azure.cn",
            },
            "endpoint_name": "my-endpoint",
            "endpoint_uri": "https://my-endpoint.chinaeast2.inference.studio.ml.azure.cn/jobs",
        },
        environments={"azure-native:environment": "china", "azuread:environment": "china"},
    )

    assert settings.cloud.login_host == "login.partner.microsoftonline.cn"
    assert settings.endpoint.uri == (
        "https://my-endpoint.chinaeast2.inference.studio.ml.azure.cn/jobs"
    )

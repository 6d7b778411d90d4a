"""Each configuration key: what is refused, and what is told about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.settings import SettingsError, read
from components.settings.checks import anything
from components.settings.keys import KEYS
from tests.unit import refused_event_settings, refused_switch_settings

if TYPE_CHECKING:
    from components.settings.problems import Problem

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
BASE = {"location": "westeurope", "publishers": [{"object_id": GUID, "type": "User"}]}
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
BLOBS = "/blobServices/default/containers/inputs/blobs"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/my-factory"
ARM_DATASTORE = f"{WORKSPACE}/datastores/my_store/paths"
LONG = f"azureml://subscriptions/{GUID}/resourcegroups/my-group/workspaces/my-workspace/datastores"
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}


def problems(**changes: Any) -> tuple[Problem, ...]:
    """What is told about an otherwise valid configuration."""
    with pytest.raises(SettingsError) as caught:
        read(BASE | changes)
    return caught.value.problems


# Key, a value that is refused, and what is told to be accepted.
REFUSED: list[tuple[str, Any, str]] = [
    ("cloud", "azure", "one of public, china, usgovernment"),
    ("cloud", "Public", "one of public, china, usgovernment"),
    ("cloud_overrides", {"login_host": "https://login.example.com"}, "a host name in lower case"),
    ("cloud_overrides", {"login_host": "login.example.com:444"}, "a host name in lower case"),
    ("cloud_overrides", {"login_host": "login.example.com\n"}, "a host name in lower case"),
    ("cloud_overrides", {"login_host": "localhost"}, "a host name in lower case"),
    ("cloud_overrides", {"login_host": "a." * 127 + "com"}, "a host name in lower case"),
    ("cloud_overrides", {"login_host": 1}, "a host name in lower case"),
    ("cloud_overrides", {"ml_audience": "http://ml.azure.com"}, "https:// and a host name"),
    ("cloud_overrides", {"ml_audience": "https://ml.azure.com/"}, "https:// and a host name"),
    ("cloud_overrides", {"inference_suffix": ".ml.azure.com"}, "a host name in lower case"),
    ("cloud_overrides", {"loginhost": "login.example.com"}, "these names: azure_native_environ"),
    ("cloud_overrides", {"name": "mars"}, "these names: azure_native_environment"),
    ("cloud_overrides", {"azuread_environment": "mars"}, "one of global, usgovernment, "),
    ("location", "", "the name of a region in lower-case letters and digits"),
    ("location", "west-europe", "the name of a region in lower-case letters and digits"),
    ("tags", {"": "x"}, "up to 47 tags"),
    ("tags", {"a/b": "x"}, "up to 47 tags"),
    ("tags", {"year": 2026}, "up to 47 tags"),
    ("tags", {2026: "year"}, "up to 47 tags"),
    ("tags", {"owner": "x" * 257}, "up to 47 tags"),
    ("tags", {"owner": ""}, "values text of 1 to 256 characters"),
    ("tags", {"x" * 129: "owner"}, "up to 47 tags"),
    ("tags", {str(number): "x" for number in range(48)}, "up to 47 tags"),
    ("existing_resource_group", "group.", "The name of a resource group has 1 to 90"),
    ("publishers", [{"object_id": GUID}], "an object with object_id and type"),
    ("publishers", [{"object_id": GUID, "type": "User", "name": "me"}], "an object with object_id"),
    ("publishers", [{"object_id": GUID, "type": None}], "an object with object_id and type"),
    ("publishers", [GUID], "an object with object_id and type"),
    ("publishers", [{"object_id": "me@example.com", "type": "User"}], "the object id in Entra"),
    ("callers", [{"object_id": GUID, "type": "Robot"}], "one of User, Group, ServicePrincipal"),
    ("publishers", [{"object_id": GUID, "type": "user"}], "one of User, Group, ServicePrincipal"),
    ("existing_storage_account_id", "myaccount", "a resource id of the form /subscriptions/"),
    ("existing_storage_account_id", f"{ACCOUNT}/", "a resource id of the form /subscriptions/"),
    ("existing_storage_account_id", f"{ACCOUNT}-1", "The name of a storage account has 3 to 24"),
    ("existing_storage_account_id", WORKSPACE, "a resource id of the form /subscriptions/"),
    ("input_container", "Inputs", "The name of a blob container has 3 to 63"),
    ("input_container", "", "The name of a blob container has 3 to 63"),
    ("input_folder", "/", "no slash in front"),
    ("input_folder", "/incoming/", "no slash in front"),
    ("input_folder", "incoming//eu/", "no slash in front, none doubled"),
    ("input_folder", "incoming/../", "no . or .."),
    ("input_folder", "incoming\\eu", "no slash in front"),
    ("input_folder", "incoming\neu/", "a folder of at most 1000 characters"),
    ("input_folder", "x" * 1001, "a folder of at most 1000 characters"),
    ("input_folder", "incoming/*", "knows no wildcards"),
    ("input_folder", "https://a.blob.core.windows.net/inputs/incoming/", "not a URL or a filter"),
    ("input_folder", f"{BLOBS}/incoming/", "not a URL or a filter"),
    ("prefix_filter", "inputs/incoming/", "what the subject of a blob's event begins with"),
    ("prefix_filter", "/inputs/blobs/incoming/", "what the subject of a blob's event begins"),
    ("prefix_filter", f"{BLOBS}/incoming", "also matches 'incoming2/'"),
    ("prefix_filter", f"{BLOBS}", "a slash at the end"),
    ("prefix_filter", f"{BLOBS}/incoming/*", "knows no wildcards"),
    ("prefix_filter", f"{BLOBS}/incoming//eu/", "none doubled"),
    ("prefix_filter", "/", "set watch_whole_account instead"),
    ("prefix_filter", "/blobServices/default/containers/", "set watch_whole_account instead"),
    ("prefix_filter", BLOBS.replace("inputs", "IN") + "/", "The name of a blob container has"),
    ("extension_filter", "csv", "from the dot on"),
    ("extension_filter", "*.csv", "no wildcards"),
    ("extension_filter", ".csv\n", "from the dot on"),
    ("trigger_on", "folder", "one of file, folder_marker"),
    ("marker_name", "", "a file name of letters"),
    ("marker_name", "done/_SUCCESS", "a file name of letters"),
    ("marker_name", "all done", "a file name of letters"),
    ("marker_name", "..", "a file name of letters"),
    ("invoker", "identity", "one of service_principal, managed_identity"),
    ("dead_letter_container", "dead--letters", "The name of a blob container has 3 to 63"),
    ("delete_inputs_after_days", -1, "a whole number from 0 to 36500"),
    ("event_delivery_attempts", 0, "a whole number from 1 to 30"),
    ("event_delivery_attempts", 31, "a whole number from 1 to 30"),
    ("event_time_to_live_minutes", 0, "a whole number from 1 to 1440"),
    ("event_time_to_live_minutes", 1441, "a whole number from 1 to 1440"),
    ("existing_system_topic", {"name": "topic"}, "an object with resource_group and name"),
    (
        "existing_system_topic",
        {"resource_group": "g", "name": "my_topic"},
        "The name of a system topic has 3 to 50",
    ),
    ("existing_workspace_id", ACCOUNT, "a resource id of the form /subscriptions/"),
    ("existing_cluster", "my_cluster", "The name of a compute has 3 to 24"),
    ("cluster_name", "batch-1", "The name of a compute has 3 to 24"),
    ("vm_size", "DS3_v2", "a size of machine, such as Standard_DS3_v2"),
    ("node_priority", "LowPriority", "one of dedicated, low_priority"),
    ("min_nodes", -1, "a whole number from 0 to 65000"),
    ("max_nodes", 0, "a whole number from 1 to 65000"),
    ("idle_seconds_before_scale_down", 0, "a whole number from 1 to 86400"),
    ("existing_endpoint", {"name": "e"}, "an object with workspace_id and name"),
    (
        "existing_endpoint",
        {"workspace_id": WORKSPACE, "name": "e"},
        "The name of a batch endpoint has 3 to 32",
    ),
    (
        "existing_endpoint",
        {"workspace_id": "my-workspace", "name": "endpoint"},
        "a resource id of the form /subscriptions/",
    ),
    ("endpoint_name", "1endpoint", "The name of a batch endpoint has 3 to 32"),
    ("endpoint_uri", "http://e.r.inference.ml.azure.com/jobs", "https://<endpoint>.<region>"),
    ("endpoint_uri", "https://e.r.inference.ml.azure.com", "https://<endpoint>.<region>"),
    ("endpoint_uri", "https://e.r.inference.ml.azure.com/jobs?x=1", "https://<endpoint>.<region>"),
    ("endpoint_uri", "https://e.r.inference.ml.azure.com:443/jobs", "https://<endpoint>.<region>"),
    ("endpoint_uri", "https://u:p@e.r.ml.azure.com/jobs", "https://<endpoint>.<region>"),
    ("deployment_name", "digits_1", "The name of a batch deployment has 3 to 32"),
    ("model", "samples/nothing", "a folder of this project with files in it"),
    ("model", "/srv/model", "relative to Pulumi.yaml"),
    ("model", "../model", "relative to Pulumi.yaml"),
    ("model", "samples\\digits", "relative to Pulumi.yaml"),
    ("model", "x" * 5000, "a folder of this project with files in it"),
    ("model", "azureml:digits:1", "/models/<name>/versions/<version>"),
    ("model", f"{WORKSPACE}/environments/digits/versions/1", "/models/<name>/versions/<version>"),
    ("scoring_code", "samples/nothing", "a folder of this project with files in it"),
    ("scoring_script", "score.sh", "a Python file directly in scoring_code"),
    ("scoring_script", "code/score.py", "a Python file directly in scoring_code"),
    ("scoring_script", "nothing.py", "a Python file that is in samples/"),
    ("environment", "not an image", "a container image with its tag"),
    ("environment", "mcr.microsoft.com/azureml/base", "a container image with its tag"),
    ("environment", "azureml:AzureML-sklearn@latest", "/environments/<name>/versions/<version>"),
    ("environment_variables", {"": "x"}, "an object of names and values"),
    ("environment_variables", {"1ST": "x"}, "names of letters, digits and '_', the first no digit"),
    ("environment_variables", {"A=B": "x"}, "names of letters, digits and '_'"),
    ("environment_variables", {"A\n": "x"}, "names of letters, digits and '_'"),
    ("environment_variables", {1: "x"}, "names of letters, digits and '_'"),
    ("environment_variables", {"AZUREML_MODEL_DIR": "x"}, "which the service sets"),
    ("environment_variables", {"THREADS": 1}, "values text of at most 32768 characters"),
    ("environment_variables", {"NUL": "a\0b"}, "values text of at most 32768 characters"),
    ("environment_variables", {"LONG": "x" * 32769}, "values text of at most 32768 characters"),
    ("instance_count", 0, "a whole number from 1 to 65000"),
    ("mini_batch_size", 0, "a whole number from 1 to 2147483647: files"),
    ("max_concurrency_per_instance", 0, "a whole number from 1 to 2147483647"),
    ("error_threshold", -2, "a whole number from -1 to 2147483647"),
    ("mini_batch_retries", -1, "a whole number from 0 to 2147483647"),
    ("mini_batch_timeout_seconds", 0, "a whole number from 1 to 2147483647: seconds"),
    ("output_action", "AppendRow", "one of append_row, summary_only"),
    ("output_file_name", "scores/predictions.csv", "a file name without folder"),
    ("output_file_name", "", "a file name without folder"),
    ("model_type", "MLFLOW", "one of custom_model, mlflow_model"),
    ("default_deployment", "x", "The name of a batch deployment has 3 to 32"),
    ("deployments", ["digits"], "an object with name; it may have model, model_type"),
    ("deployments", [{}], "text: it is required"),
    ("deployments", [{"name": "a_b"}], "The name of a batch deployment has 3 to 32"),
    ("deployments", [{"name": "one", "models": "x"}], "an object with name; it may have model"),
    ("deployments", [{"name": "one", "instance_count": 0}], "a whole number from 1 to 65000"),
    ("deployments", [{"name": "one", "instance_count": "2"}], "a whole number"),
    ("deployments", [{"name": "one", "pipeline": "samples/nothing.yml"}], "a file with YAML"),
    ("deployments", [{"name": "one", "pipeline": "../x.yml"}], "relative to Pulumi.yaml"),
    ("deployments", [{"name": "one", "pipeline": "samples/diamonds/clean.yml"}], "type: accepted"),
    (
        "deployments",
        [{"name": "one", "pipeline": "samples/diamonds/pipeline.yml", "model": "x"}],
        "an object with name, pipeline; it may have continue_on_step_failure",
    ),
    ("client_secret_lifetime_days", 0, "a whole number from 1 to 730: days"),
    ("client_secret_lifetime_days", 731, "a whole number from 1 to 730: days"),
    ("client_secret_rotation", "", "1 to 40 letters, digits"),
    ("client_secret_rotation", "two words", "1 to 40 letters, digits"),
    ("workflow_payload", "named", "one of named_outputs, plain"),
    ("invoker_role", "narrowest", "one of documented, narrow"),
    ("existing_invoker_role_id", GUID, "the id of a role definition: /subscriptions/"),
    ("existing_pipeline_runner_role_id", GUID, "the id of a role definition: /subscriptions/"),
    ("existing_pipeline_starter_role_id", GUID, "the id of a role definition: /subscriptions/"),
    ("input_name", "my input", "letters, digits and '_'"),
    ("input_name", 'x"y', "letters, digits and '_'"),
    ("input_name", "a.b", "letters, digits and '_'"),
    ("input_name", "a[0]", "letters, digits and '_'"),
    ("job_inputs", {"a.b": {"type": "Literal", "value": "x"}}, "names of letters, digits"),
    ("job_inputs", {"a": "x"}, "an object with a type (UriFile, UriFolder"),
    ("job_inputs", {"a": {"type": "Literal", "value": 1}}, "a Literal with a value, which is text"),
    ("job_inputs", {"a": {"type": "Literal", "uri": "https://x/"}}, "a Literal with a value"),
    ("job_inputs", {"a": {"type": "UriFile", "value": "x"}}, "with a uri"),
    ("job_inputs", {"a": {"type": "UriFile", "uri": "inputs/x"}}, "of a registered datastore"),
    ("job_inputs", {"a": {"type": "uri_file", "uri": "https://x/y"}}, "an object with a type"),
    ("job_outputs", {"a": {"type": "UriFile", "uri": "azureml://x/y"}}, "{event_id} in it"),
    ("job_outputs", {"a": {"type": "Literal", "value": "{event_id}"}}, "{event_id} in it"),
    ("job_outputs", {"a[0]": {"type": "UriFile", "uri": "azureml://x/{event_id}"}}, "names of"),
    (
        "job_outputs",
        {"a": {"type": "UriFile", "uri": "https://a.blob.core.windows.net/c/{event_id}"}},
        "registered datastores on blobs only",
    ),
    ("existing_data_factory_id", "my-factory", "a resource id of the form /subscriptions/"),
    ("existing_data_factory_id", f"{FACTORY}--1", "The name of a data factory has 3 to 63"),
    ("pipeline_authentication", "MSI", "one of managed_identity, service_principal"),
    ("poll_interval_seconds", 0, "a whole number from 1 to 86400: seconds"),
    ("max_wait_hours", 2161, "a whole number from 1 to 2160: hours"),
    ("pipeline_input_uri", f"azureml:{ARM_DATASTORE}/in/", "the form with /providers/ fails"),
    ("pipeline_input_uri", f"azureml:/{ARM_DATASTORE}/in/", "the form with /providers/ fails"),
    ("pipeline_input_uri", "sftp://host/in/", "read nothing else: copy it there first, copy_b"),
    ("pipeline_input_uri", "https://example.com/in/", "read nothing else"),
    ("pipeline_input_uri", "https://a1b.blob.core.windows.net/c/x?sig=s", "not by a signature"),
    ("pipeline_input_uri", "azureml://datastores/d/in/", "of a registered datastore"),
    ("pipeline_input_uri", "azureml://datastores/d/paths/../x/", "of a registered datastore"),
    ("pipeline_input_uri", "azureml://datastores/d/paths/%2e%2e/x/", "of a registered datastore"),
    ("pipeline_input_uri", 'azureml://datastores/d/paths/"x/', "of a registered datastore"),
    ("pipeline_input_uri", "azureml://datastores/d/paths/x\n", "of a registered datastore"),
    ("pipeline_input_uri", f"azureml://datastores/d/paths/{'x' * 2001}", "of a registered"),
    ("pipeline_output_name", "a.b", "letters, digits and '_'"),
    ("pipeline_output_type", "uri_folder", "one of UriFile, UriFolder"),
    ("pipeline_input_type", "uri_folder", "one of UriFolder, UriFile"),
    (
        "pipeline_output_folder",
        "https://a1b.blob.core.windows.net/c/x/",
        "datastores on blobs only",
    ),
    ("pipeline_output_folder", "abfss://c@a1b.dfs.core.windows.net/x/", "not to Data Lake Gen2"),
    ("pipeline_output_folder", "https://a1b.dfs.core.windows.net/c/x/", "not to Data Lake Gen2"),
    ("pipeline_output_folder", f"azureml:{ARM_DATASTORE}/out/", "the form with /providers/ fails"),
    ("pipeline_output_folder", "azureml://datastores/d/paths/out", "with a slash at its end"),
    ("output_container", "Predictions", "The name of a blob container has 3 to 63"),
    ("copy_before", {"container": "c"}, "an object with account_id and container and folder"),
    ("copy_before", {**COPY, "account_id": "acct"}, "a resource id of the form /subscriptions/"),
    ("copy_before", {**COPY, "folder": "../x"}, "a folder of that container"),
    ("copy_before", {**COPY, "folder": "/x"}, "a folder of that container"),
    ("copy_after", {**COPY, "folder": "x/.."}, "a folder of that container"),
    ("copy_after", {**COPY, "folder": "x//y"}, "a folder of that container"),
    ("copy_after", {**COPY, "folder": "x\ny/"}, "a folder of that container"),
    ("copy_after", {**COPY, "container": "C"}, "The name of a blob container has 3 to 63"),
    ("allowed_caller_ip_ranges", ["203.0.113.5"], "IPv4 ranges in CIDR notation"),
    ("allowed_caller_ip_ranges", ["203.0.113.5/24"], "IPv4 ranges in CIDR notation"),
    ("allowed_caller_ip_ranges", ["2001:db8::/32"], "IPv4 ranges in CIDR notation"),
    ("allowed_caller_ip_ranges", [5], "IPv4 ranges in CIDR notation"),
    *refused_event_settings.REFUSED,
    *refused_switch_settings.REFUSED,
]


def of(key: str, found: tuple[Problem, ...]) -> list[Problem]:
    return [problem for problem in found if problem.key.partition("[")[0].partition(".")[0] == key]


@pytest.mark.parametrize(("key", "value", "accepted"), REFUSED)
def test_a_value_outside_of_the_rules_is_refused(key: str, value: Any, accepted: str) -> None:
    (problem,) = of(key, problems(**{key: value}))

    assert accepted in problem.accepted
    assert problem.line.startswith((f"azureml-batch-events:{key}: ", f"nothing: put {key}"))


def test_every_key_that_is_checked_has_a_case() -> None:
    checked = {key.name for key in KEYS.values() if key.check is not anything}

    assert {key for key, _, _ in REFUSED} == checked


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("location", 5, "text"),
        ("location", None, "text"),
        ("protect", "yes", "true or false"),
        ("protect", 1, "true or false"),
        ("watch_whole_account", "True", "true or false"),
        ("max_nodes", "many", "a whole number"),
        ("max_nodes", "2.5", "a whole number"),
        ("max_nodes", True, "a whole number"),
        ("max_nodes", "9" * 10_000, "a whole number"),
        ("max_nodes", "٣", "a whole number"),
        ("tags", "owner", "an object"),
        ("tags", ["owner"], "an object"),
        ("tags", "[" * 100_000, "an object"),
        ("publishers", "{}", "a list"),
    ],
)
def test_a_value_of_another_type_is_refused(key: str, value: Any, accepted: str) -> None:
    (problem,) = problems(**{key: value})

    assert (problem.key, problem.accepted) == (key, accepted)


@pytest.mark.parametrize(
    ("key", "text", "read_as"),
    [
        ("max_nodes", "7", 7),
        ("error_threshold", "-1", -1),
        ("protect", "true", True),
        ("tags", '{"owner": "me"}', {"owner": "me"}),
    ],
)
def test_text_of_the_engine_is_read_as_the_value_that_it_stands_for(
    key: str, text: str, read_as: Any
) -> None:
    assert read(BASE | {key: text}) == read(BASE | {key: read_as})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("existing_storage_account_id", ACCOUNT),
        ("existing_storage_account_id", ACCOUNT.upper().replace("MYACCOUNT", "myaccount")),
        ("input_folder", ""),
        ("input_folder", "a 'folder' with \"all\" sorts % of # names/日本/"),
        ("extension_filter", ".tar.gz"),
        ("model", f"{WORKSPACE}/models/digits/versions/1"),
        ("model", "azureml://registries/azureml/models/digits/versions/1"),
        ("environment", "azureml://registries/azureml/environments/sklearn-1.5/versions/54"),
        ("environment", "myregistry.azurecr.io:443/a/b:v1"),
        ("environment_variables", {"_a1": "", "B": "größe 'x' \"y\" % # \n"}),
        ("deployments", [{"name": "one", "environment_variables": {"A": "1"}}]),
        ("existing_invoker_role_id", "/providers/Microsoft.Authorization/roleDefinitions/" + GUID),
        ("allowed_caller_ip_ranges", ["203.0.113.5/32", "10.0.0.0/8"]),
        ("endpoint_name", "my-endpoint"),
        ("pipeline_input_uri", "azureml://datastores/d/paths/"),
        ("pipeline_input_uri", f"{LONG}/d/paths/größe&'x'/"),
        ("pipeline_input_uri", "https://a1b.blob.core.windows.net/c/a%20b%23/"),
        ("pipeline_input_uri", "https://a1b.dfs.core.windows.net/c/x/"),
        ("pipeline_input_uri", "abfss://c@a1b.dfs.core.windows.net/x/"),
        ("pipeline_output_folder", f"{LONG}/workspaceblobstore/paths/scores/"),
        ("copy_before", COPY),
        ("copy_after", {**COPY, "folder": "a 'folder' # 日本"}),
    ],
)
def test_a_value_within_the_rules_is_accepted(key: str, value: Any) -> None:
    assert read(BASE | {"data_factory": True, key: value}) is not None


def test_further_inputs_and_outputs_are_read_in_the_payloads_form() -> None:
    settings = read(
        BASE
        | {
            "existing_endpoint": {"workspace_id": WORKSPACE, "name": "endpoint"},
            "job_inputs": {
                "mode": {"type": "Literal", "value": "append"},
                "more": {"type": "UriFolder", "uri": "azureml://datastores/d/paths/x/"},
            },
            "job_outputs": {
                "out": {"type": "UriFile", "uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
            },
        }
    )

    assert settings.workflow.job_inputs == {
        "mode": {"JobInputType": "Literal", "Value": "append"},
        "more": {"JobInputType": "UriFolder", "Uri": "azureml://datastores/d/paths/x/"},
    }
    assert settings.workflow.job_outputs == {
        "out": {"JobOutputType": "UriFile", "Uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
    }


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("location", "West Europe", '"westeurope"'),
        (
            "pipeline_input_uri",
            f"azureml:{ARM_DATASTORE}/in/",
            f'"{LONG}/my_store/paths/in/"',
        ),
        (
            "pipeline_output_folder",
            "azureml://datastores/d/paths/out",
            '"azureml://datastores/d/paths/out/"',
        ),
        ("prefix_filter", "inputs/incoming", f'"{BLOBS}/incoming/"'),
        ("prefix_filter", "/inputs/blobs/incoming/", f'"{BLOBS}/incoming/"'),
        ("prefix_filter", "/blobservices/default/inputs/incoming/", f'"{BLOBS}/incoming/"'),
        (
            "prefix_filter",
            "https://account.blob.core.windows.net/inputs/incoming",
            f'"{BLOBS}/incoming/"',
        ),
        ("prefix_filter", f"{BLOBS}/incoming", f'"{BLOBS}/incoming/"'),
        ("max_nodes", 0, "2"),
        ("allowed_caller_ip_ranges", "all", '["203.0.113.0/24"]'),
    ],
)
def test_the_line_to_add_says_what_was_meant_where_that_can_be_told(
    key: str, value: Any, line: str
) -> None:
    (problem,) = problems(**{key: value})

    assert problem.line == f"azureml-batch-events:{key}: {line}"


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_example_of_every_key_is_accepted_once_its_zeros_are_an_id(key: Any) -> None:
    text = json.dumps(key.example or key.default)
    zeros = "00000000-0000-0000-0000-000000000000"

    assert key.check(json.loads(text.replace(zeros, GUID))) == []
    assert bool(key.check(json.loads(text))) is (zeros in text)


def test_the_part_of_a_list_that_is_wrong_is_named() -> None:
    good = BASE["publishers"][0]
    (problem,) = problems(publishers=[good, {"object_id": GUID, "type": "Robot"}])

    assert (problem.key, problem.found) == ("publishers[1].type", '"Robot"')


def test_a_long_value_is_told_in_part() -> None:
    (problem,) = problems(endpoint_name="x" * 10_000)

    assert problem.found == f'"{"x" * 79}… (10002 long)'


def test_line_breaks_in_a_value_cannot_forge_lines_of_the_message() -> None:
    (problem,) = problems(endpoint_name="x\n  2. location\n     found: nothing")

    assert "\n" not in problem.found

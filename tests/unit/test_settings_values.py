"""Each configuration key: what is refused, and what is told about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.settings import SettingsError, read
from components.settings.ports import sent
from components.settings.problems import UNSAID
from components.settings.section import Section
from components.settings.telling import REMOVE, example_of
from tests.unit import refused_event_settings, refused_switch_settings
from tests.unit.sample_settings import BASE, line_of, sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from components.settings.problems import Problem

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
BLOBS = "/blobServices/default/containers/inputs/blobs"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/my-factory"
ARM_DATASTORE = f"{WORKSPACE}/datastores/my_store/paths"
LONG = f"azureml://subscriptions/{GUID}/resourcegroups/my-group/workspaces/my-workspace/datastores"
BUILT = {"image": "mcr.microsoft.com/base:1", "conda_file": "samples/heart/conda.yml"}
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
START = "2026-06-01T00:00:00Z"


ENDPOINT = f"{WORKSPACE}/batchEndpoints/my-endpoint"


def problems(**changes: Any) -> tuple[Problem, ...]:
    """What is told about an otherwise valid configuration."""
    with pytest.raises(SettingsError) as caught:
        read(BASE | sections(changes))
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
    ("cloud_overrides", {"login_host": 1}, "text"),
    ("cloud_overrides", {"ml_audience": "http://ml.azure.com"}, "https:// and a host name"),
    ("cloud_overrides", {"ml_audience": "https://ml.azure.com/"}, "https:// and a host name"),
    ("cloud_overrides", {"inference_suffix": ".ml.azure.com"}, "a host name in lower case"),
    ("cloud_overrides", {"loginhost": "login.example.com"}, "these names: azure_native_environ"),
    ("cloud_overrides", {"name": "mars"}, "these names: azure_native_environment"),
    ("cloud_overrides", {"azuread_environment": "mars"}, "one of global, usgovernment, "),
    ("location", "", "the name of a region: it is required"),
    ("location", "west-europe", "the name of a region in lower-case letters and digits"),
    ("tags", {"": "x"}, "up to 46 tags"),
    ("tags", {"a/b": "x"}, "up to 46 tags"),
    ("tags", {"year": 2026}, "text"),
    ("tags", {"owner": "x" * 257}, "up to 46 tags"),
    ("tags", {"owner": ""}, "values text of 1 to 256 characters"),
    ("tags", {"x" * 129: "owner"}, "up to 46 tags"),
    ("tags", {str(number): "x" for number in range(47)}, "up to 46 tags"),
    ("resource_group.existing", "group.", "The name of a resource group has 1 to 90"),
    ("publishers", [{"object_id": GUID}], "one of User, Group, ServicePrincipal: it is req"),
    ("publishers", [{"object_id": GUID, "type": "User", "name": "me"}], "one of object_id, type"),
    ("publishers", [{"object_id": GUID, "type": None}], "one of User, Group, Service"),
    ("publishers", [GUID], "an object with object_id, type"),
    ("publishers", [{"object_id": "me@example.com", "type": "User"}], "the object id in Entra"),
    ("callers", [{"object_id": GUID, "type": "Robot"}], "one of User, Group, ServicePrincipal"),
    ("publishers", [{"object_id": GUID, "type": "user"}], "one of User, Group, ServicePrincipal"),
    ("storage.existing", "myaccount", "a resource id of the form /subscriptions/"),
    ("storage.existing", f"{ACCOUNT}/", "a resource id of the form /subscriptions/"),
    ("storage.existing", f"{ACCOUNT}-1", "The name of a storage account has 3 to 24"),
    ("storage.existing", WORKSPACE, "a resource id of the form /subscriptions/"),
    ("storage.container", "Inputs", "The name of a blob container has 3 to 63"),
    ("storage.container", "", "The name of a blob container has 3 to 63"),
    ("storage.folder", "/", "no slash in front"),
    ("storage.folder", "/incoming/", "no slash in front"),
    ("storage.folder", "incoming//eu/", "no slash in front, none doubled"),
    ("storage.folder", "incoming/../", "no . or .."),
    ("storage.folder", "incoming\\eu", "no slash in front"),
    ("storage.folder", "incoming\neu/", "a folder of at most 1000 characters"),
    ("storage.folder", "x" * 1001, "a folder of at most 1000 characters"),
    ("storage.folder", "incoming/*", "knows no wildcards"),
    ("storage.folder", "https://a.blob.core.windows.net/inputs/incoming/", "not a URL or a filter"),
    ("storage.folder", f"{BLOBS}/incoming/", "not a URL or a filter"),
    (
        "blob_events.prefix_filter",
        "inputs/incoming/",
        "what the subject of a blob's event begins with",
    ),
    (
        "blob_events.prefix_filter",
        "/inputs/blobs/incoming/",
        "what the subject of a blob's event begins",
    ),
    ("blob_events.prefix_filter", f"{BLOBS}/incoming", "also matches 'incoming2/'"),
    ("blob_events.prefix_filter", f"{BLOBS}", "a slash at the end"),
    ("blob_events.prefix_filter", f"{BLOBS}/incoming/*", "knows no wildcards"),
    ("blob_events.prefix_filter", f"{BLOBS}/incoming//eu/", "none doubled"),
    ("blob_events.prefix_filter", "/", "set watch_whole_account instead"),
    (
        "blob_events.prefix_filter",
        "/blobServices/default/containers/",
        "set watch_whole_account instead",
    ),
    (
        "blob_events.prefix_filter",
        BLOBS.replace("inputs", "IN") + "/",
        "The name of a blob container has",
    ),
    ("blob_events.extension_filter", "csv", "from the dot on"),
    ("blob_events.extension_filter", "*.csv", "no wildcards"),
    ("blob_events.extension_filter", ".csv\n", "from the dot on"),
    ("blob_events.marker_name", "", "a file name of letters"),
    ("blob_events.marker_name", "done/_SUCCESS", "a file name of letters"),
    ("blob_events.marker_name", "all done", "a file name of letters"),
    ("blob_events.marker_name", "..", "a file name of letters"),
    ("invoker.kind", "identity", "one of service_principal, managed_identity"),
    ("storage.dead_letter_container", "dead--letters", "The name of a blob container has 3 to 63"),
    ("storage.delete_inputs_after_days", -1, "a whole number from 0 to 36500"),
    ("blob_events.delivery_attempts", 0, "a whole number from 1 to 30"),
    ("blob_events.delivery_attempts", 31, "a whole number from 1 to 30"),
    ("blob_events.time_to_live_minutes", 0, "a whole number from 1 to 1440"),
    ("blob_events.time_to_live_minutes", 1441, "a whole number from 1 to 1440"),
    ("blob_events.existing_system_topic", {"name": "topic"}, "text: it is required"),
    (
        "blob_events.existing_system_topic",
        {"resource_group": "g", "name": "my_topic"},
        "The name of a system topic has 3 to 50",
    ),
    ("workspace.existing", ACCOUNT, "a resource id of the form /subscriptions/"),
    ("cluster.existing", "my_cluster", "The name of a compute has 3 to 24"),
    ("cluster.name", "batch-1", "The name of a compute has 3 to 24"),
    ("cluster.vm_size", "DS3_v2", "a size of machine, such as Standard_DS3_v2"),
    ("cluster.node_priority", "LowPriority", "one of dedicated, low_priority"),
    ("cluster.min_nodes", -1, "a whole number from 0 to 65000"),
    ("cluster.max_nodes", 0, "a whole number from 1 to 65000"),
    ("cluster.idle_seconds_before_scale_down", 0, "a whole number from 1 to 86400"),
    ("endpoint.existing", {"name": "e"}, "text"),
    ("endpoint.existing", f"{WORKSPACE}/batchEndpoints/e", "The name of a batch endpoint has 3 to"),
    ("endpoint.existing", WORKSPACE, "a resource id of the form /subscriptions/"),
    ("endpoint.name", "1endpoint", "The name of a batch endpoint has 3 to 32"),
    ("endpoint.uri", "http://e.r.inference.ml.azure.com/jobs", "https://<endpoint>.<region>"),
    ("endpoint.uri", "https://e.r.inference.ml.azure.com", "https://<endpoint>.<region>"),
    ("endpoint.uri", "https://e.r.inference.ml.azure.com/jobs?x=1", "https://<endpoint>.<region>"),
    ("endpoint.uri", "https://e.r.inference.ml.azure.com:443/jobs", "https://<endpoint>.<region>"),
    ("endpoint.uri", "https://u:p@e.r.ml.azure.com/jobs", "https://<endpoint>.<region>"),
    ("deployments[0].name", "digits_1", "The name of a batch deployment has 3 to 32"),
    ("deployments[0].model", "samples/nothing", "a folder of this project with files in it"),
    ("deployments[0].model", "/srv/model", "relative to Pulumi.yaml"),
    ("deployments[0].model", "../model", "relative to Pulumi.yaml"),
    ("deployments[0].model", "samples\\digits", "relative to Pulumi.yaml"),
    ("deployments[0].model", "x" * 5000, "a folder of this project with files in it"),
    ("deployments[0].model", "azureml:digits:1", "/models/<name>/versions/<version>"),
    (
        "deployments[0].model",
        f"{WORKSPACE}/environments/digits/versions/1",
        "/models/<name>/versions/<version>",
    ),
    ("deployments[0].scoring_code", "samples/nothing", "a folder of this project with files in it"),
    ("deployments[0].scoring_script", "score.sh", "a Python file directly in scoring_code"),
    ("deployments[0].scoring_script", "code/score.py", "a Python file directly in scoring_code"),
    ("deployments[0].scoring_script", "nothing.py", "a Python file that is in samples/"),
    ("deployments[0].environment", "not an image", "a container image with its tag"),
    (
        "deployments[0].environment",
        "mcr.microsoft.com/azureml/base",
        "a container image with its tag",
    ),
    (
        "deployments[0].environment",
        "azureml:AzureML-sklearn@latest",
        "/environments/<name>/versions/<version>",
    ),
    ("deployments[0].environment", 7, "text, or an object with image, conda_file"),
    ("deployments[0].environment", {"image": "i:1"}, "text: it is required"),
    (
        "deployments[0].environment",
        {**BUILT, "image": "i"},
        "a container image with its tag",
    ),
    ("deployments[0].environment", {**BUILT, "build": "."}, "one of image, conda_file"),
    ("deployments[0].environment", {**BUILT, "conda_file": "gone.yml"}, "it can't be read"),
    ("deployments[0].environment", {**BUILT, "conda_file": "../c.yml"}, "relative to Pulumi.yaml"),
    (
        "deployments[0].environment",
        {**BUILT, "conda_file": "Pulumi.yaml"},
        "it has no list 'dependencies'",
    ),
    (
        "deployments[0].environment_variables",
        {"": "x"},
        "names of letters, digits and '_', the first no",
    ),
    (
        "deployments[0].environment_variables",
        {"1ST": "x"},
        "names of letters, digits and '_', the first no digit",
    ),
    ("deployments[0].environment_variables", {"A=B": "x"}, "names of letters, digits and '_'"),
    ("deployments[0].environment_variables", {"A\n": "x"}, "names of letters, digits and '_'"),
    ("deployments[0].environment_variables", {1: "x"}, "names of letters, digits and '_'"),
    ("deployments[0].environment_variables", {"AZUREML_MODEL_DIR": "x"}, "which the service sets"),
    ("deployments[0].environment_variables", {"THREADS": 1}, "text"),
    ("deployments[0].environment_variables", {"NUL": "a\0b"}, "text of at most 32768 characters"),
    (
        "deployments[0].environment_variables",
        {"LONG": "x" * 32769},
        "text of at most 32768 characters",
    ),
    ("deployments[0].instance_count", 0, "a whole number from 1 to 65000"),
    ("deployments[0].mini_batch_size", 0, "a whole number from 1 to 2147483647: files"),
    ("deployments[0].max_concurrency_per_instance", 0, "a whole number from 1 to 2147483647"),
    ("deployments[0].error_threshold", -2, "a whole number from -1 to 2147483647"),
    ("deployments[0].mini_batch_retries", -1, "a whole number from 0 to 2147483647"),
    (
        "deployments[0].mini_batch_timeout_seconds",
        0,
        "a whole number from 1 to 2147483647: seconds",
    ),
    ("deployments[0].output_action", "AppendRow", "one of append_row, summary_only"),
    ("deployments[0].output_file_name", "scores/predictions.csv", "a file name without folder"),
    ("deployments[0].output_file_name", "", "a file name without folder"),
    ("deployments[0].model_type", "MLFLOW", "one of custom_model, mlflow_model"),
    ("endpoint.default_deployment", "x", "The name of a batch deployment has 3 to 32"),
    ("deployments", ["digits"], "an object with name; it may have model, model_type"),
    ("deployments", [{}], "text: it is required"),
    ("deployments", [{"name": "a_b"}], "The name of a batch deployment has 3 to 32"),
    ("deployments", [{"name": "one", "models": "x"}], "one of name, model, model_type"),
    ("deployments", [{"name": "one", "instance_count": 0}], "a whole number from 1 to 65000"),
    ("deployments", [{"name": "one", "instance_count": "2"}], "a whole number"),
    ("deployments", [{"name": "one", "pipeline": "samples/nothing.yml"}], "a file with YAML"),
    ("deployments", [{"name": "one", "pipeline": "../x.yml"}], "relative to Pulumi.yaml"),
    ("deployments", [{"name": "one", "pipeline": "samples/diamonds/clean.yml"}], "type: accepted"),
    (
        "deployments",
        [{"name": "one", "pipeline": "samples/diamonds/pipeline.yml", "model": "x"}],
        "nothing: with pipeline it is not used",
    ),
    ("invoker.secret_lifetime_days", 1, "a whole number from 2 to 730: days"),
    ("invoker.secret_lifetime_days", 731, "a whole number from 2 to 730: days"),
    ("invoker.as_of", "2027-02-29", "a day of the years 2000 to 2999"),
    ("invoker.as_of", "tomorrow", "a day of the years 2000 to 2999"),
    ("invoker.secret_rotation", "", "1 to 40 letters, digits"),
    ("invoker.secret_rotation", "two words", "1 to 40 letters, digits"),
    ("blob_events.payload", "named", "one of named_outputs, plain"),
    ("invoker.role", "narrowest", "one of documented, narrow"),
    ("invoker.existing_role_id", GUID, "the id of a role definition: /subscriptions/"),
    ("data_factory.existing_runner_role_id", GUID, "the id of a role definition: /subscriptions/"),
    (
        "workflows.existing_pipeline_starter_role_id",
        GUID,
        "the id of a role definition: /subscriptions/",
    ),
    ("endpoint.input_name", "my input", "letters, digits and '_'"),
    ("endpoint.input_name", 'x"y', "letters, digits and '_'"),
    ("endpoint.input_name", "a.b", "letters, digits and '_'"),
    ("endpoint.input_name", "a[0]", "letters, digits and '_'"),
    ("blob_events.job_inputs", {"a.b": {"type": "Literal", "value": "x"}}, "letters, digits and"),
    ("blob_events.job_inputs", {"a": "x"}, "an object with type, uri"),
    ("blob_events.job_inputs", {"a": {"type": "Literal", "value": 1}}, "text"),
    (
        "blob_events.job_inputs",
        {"a": {"type": "Literal", "uri": "https://x/"}},
        "one of UriFile, UriFolder, MLT",
    ),
    ("blob_events.job_inputs", {"a": {"type": "UriFile", "value": "x"}}, "Literal"),
    (
        "blob_events.job_inputs",
        {"a": {"type": "UriFile", "uri": "inputs/x"}},
        "of a registered datastore",
    ),
    ("blob_events.job_inputs", {"a": {"type": "uri_file", "uri": "https://x/y"}}, "one of UriFile"),
    (
        "blob_events.job_outputs",
        {"a": {"type": "UriFile", "uri": "azureml://x/y"}},
        "has {event_id} in it",
    ),
    (
        "blob_events.job_outputs",
        {"a": {"type": "Literal", "value": "{event_id}"}},
        "one of type, uri",
    ),
    (
        "blob_events.job_outputs",
        {"a[0]": {"type": "UriFile", "uri": "azureml://x/{event_id}"}},
        "letters, di",
    ),
    (
        "blob_events.job_outputs",
        {"a": {"type": "UriFile", "uri": "https://a.blob.core.windows.net/c/{event_id}"}},
        "registered datastores on blobs only",
    ),
    ("data_factory.existing", "my-factory", "a resource id of the form /subscriptions/"),
    ("data_factory.existing", f"{FACTORY}--1", "The name of a data factory has 3 to 63"),
    ("data_factory.authentication", "MSI", "one of managed_identity, service_principal"),
    ("data_factory.poll_interval_seconds", 0, "a whole number from 1 to 86400: seconds"),
    ("data_factory.max_wait_hours", 2161, "a whole number from 1 to 2160: hours"),
    ("data_factory.input_uri", f"azureml:{ARM_DATASTORE}/in/", "the form with /providers/ fails"),
    ("data_factory.input_uri", f"azureml:/{ARM_DATASTORE}/in/", "the form with /providers/ fails"),
    ("data_factory.input_uri", "sftp://host/in/", "read nothing else: copy it there first, copy_b"),
    ("data_factory.input_uri", "https://example.com/in/", "read nothing else"),
    ("data_factory.input_uri", "https://a1b.blob.core.windows.net/c/x?sig=s", "not by a signature"),
    ("data_factory.input_uri", "azureml://datastores/d/in/", "of a registered datastore"),
    ("data_factory.input_uri", "azureml://datastores/d/paths/../x/", "of a registered datastore"),
    (
        "data_factory.input_uri",
        "azureml://datastores/d/paths/%2e%2e/x/",
        "of a registered datastore",
    ),
    ("data_factory.input_uri", 'azureml://datastores/d/paths/"x/', "of a registered datastore"),
    ("data_factory.input_uri", "azureml://datastores/d/paths/x\n", "of a registered datastore"),
    ("data_factory.input_uri", f"azureml://datastores/d/paths/{'x' * 2001}", "of a registered"),
    ("data_factory.output_name", "a.b", "letters, digits and '_'"),
    ("data_factory.output_type", "uri_folder", "one of UriFile, UriFolder"),
    ("data_factory.input_type", "uri_folder", "one of UriFolder, UriFile"),
    (
        "data_factory.output_folder",
        "https://a1b.blob.core.windows.net/c/x/",
        "datastores on blobs only",
    ),
    (
        "data_factory.output_folder",
        "abfss://c@a1b.dfs.core.windows.net/x/",
        "not to Data Lake Gen2",
    ),
    (
        "data_factory.output_folder",
        "https://a1b.dfs.core.windows.net/c/x/",
        "not to Data Lake Gen2",
    ),
    (
        "data_factory.output_folder",
        f"azureml:{ARM_DATASTORE}/out/",
        "the form with /providers/ fails",
    ),
    ("data_factory.output_folder", "azureml://datastores/d/paths/out", "with a slash at its end"),
    ("data_factory.output_container", "Predictions", "The name of a blob container has 3 to 63"),
    *(
        ("data_factory.window", {"every": every, "start": START}, "5m or longer, in minutes")
        for every in ("4m", "0h", "1w", "1.5h", "90", "10000h")
    ),
    *(
        ("data_factory.window", {"every": "1h", "start": start}, "a time in UTC, quoted")
        for start in ("2026-06-01", "2026-06-01T10:00:00+02:00", "2026-13-01T10:00:00Z")
    ),
    (
        "data_factory.window",
        {"every": "1h", "start": START, "delay": "1d"},
        "a time in minutes or hours",
    ),
    (
        "data_factory.window",
        {"every": "1h", "start": START, "max_concurrency": 51},
        "a whole number from 1 to 50",
    ),
    (
        "data_factory.window",
        {"every": "1h", "start": START, "retries": 11},
        "a whole number from 0 to 10",
    ),
    ("data_factory.copy_before", {"container": "abc", "folder": "x"}, "text: it is required"),
    (
        "data_factory.copy_before",
        {**COPY, "account_id": "acct"},
        "a resource id of the form /subscriptions/",
    ),
    ("data_factory.copy_before", {**COPY, "folder": "../x"}, "a folder of that container"),
    ("data_factory.copy_before", {**COPY, "folder": "/x"}, "a folder of that container"),
    ("data_factory.copy_after", {**COPY, "folder": "x/.."}, "a folder of that container"),
    ("data_factory.copy_after", {**COPY, "folder": "x//y"}, "a folder of that container"),
    ("data_factory.copy_after", {**COPY, "folder": "x\ny/"}, "a folder of that container"),
    (
        "data_factory.copy_after",
        {**COPY, "container": "C"},
        "The name of a blob container has 3 to 63",
    ),
    ("workflows.allowed_caller_ip_ranges", ["203.0.113.5"], "IPv4 ranges in CIDR notation"),
    ("workflows.allowed_caller_ip_ranges", ["203.0.113.5/24"], "IPv4 ranges in CIDR notation"),
    ("workflows.allowed_caller_ip_ranges", ["2001:db8::/32"], "IPv4 ranges in CIDR notation"),
    ("workflows.allowed_caller_ip_ranges", [5], "text"),
    *refused_event_settings.REFUSED,
    *refused_switch_settings.REFUSED,
]


@pytest.mark.parametrize(("key", "value", "accepted"), REFUSED)
def test_a_value_outside_of_the_rules_is_refused(key: str, value: Any, accepted: str) -> None:
    (problem,) = [each for each in problems(**{key: value}) if accepted in each.accepted]

    assert problem.key.startswith(key)
    section = key.partition(".")[0].partition("[")[0]
    right = f"nothing: put {problem.key} right where it stands"
    lines = (right, REMOVE, "by pulumi config set --secret --path event_secrets.NAME")
    assert f"azureml-batch-events:{section}" in problem.line or problem.line in lines


@pytest.mark.parametrize(
    ("key", "value", "accepted"),
    [
        ("location", 5, "text"),
        ("protect", "yes", "true or false"),
        ("protect", 1, "true or false"),
        ("blob_events.watch_whole_account", "True", "true or false"),
        ("cluster.max_nodes", "many", "a whole number"),
        ("cluster.max_nodes", "2.5", "a whole number"),
        ("cluster.max_nodes", True, "a whole number"),
        ("cluster.max_nodes", "9" * 10_000, "a whole number"),
        ("cluster.max_nodes", "٣", "a whole number"),
        ("tags", "owner", "an object"),
        ("tags", ["owner"], "an object"),
        ("tags", "[" * 100_000, "an object"),
        ("publishers", "x", "a list"),
    ],
)
def test_a_value_of_another_type_is_refused(key: str, value: Any, accepted: str) -> None:
    (problem,) = problems(**{key: value})

    assert (problem.key, problem.accepted) == (key, accepted)


@pytest.mark.parametrize(
    ("key", "text", "read_as"),
    [
        ("cluster", '{"max_nodes": 7}', {"max_nodes": 7}),
        ("deployments", '[{"name": "a-1"}]', [{"name": "a-1"}]),
        ("location", "uksouth", "uksouth"),
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
        ("storage.existing", ACCOUNT),
        ("storage.existing", ACCOUNT.upper().replace("MYACCOUNT", "myaccount")),
        ("storage.folder", ""),
        ("storage.folder", "a 'folder' with \"all\" sorts % of # names/日本/"),
        ("blob_events.extension_filter", ".tar.gz"),
        ("deployments[0].model", f"{WORKSPACE}/models/digits/versions/1"),
        ("deployments[0].model", "azureml://registries/azureml/models/digits/versions/1"),
        (
            "deployments[0].environment",
            "azureml://registries/azureml/environments/sklearn-1.5/versions/54",
        ),
        ("deployments[0].environment", BUILT),
        ("deployments[0].environment", "myregistry.azurecr.io:443/a/b:v1"),
        ("deployments[0].environment_variables", {"_a1": "", "B": "größe 'x' \"y\" % # \n"}),
        ("deployments", [{"name": "one", "environment_variables": {"A": "1"}}]),
        ("invoker.existing_role_id", "/providers/Microsoft.Authorization/roleDefinitions/" + GUID),
        ("workflows.allowed_caller_ip_ranges", ["203.0.113.5/32", "10.0.0.0/8"]),
        ("endpoint.name", "my-endpoint"),
        ("data_factory.input_uri", "azureml://datastores/d/paths/"),
        ("data_factory.input_uri", f"{LONG}/d/paths/größe&'x'/"),
        ("data_factory.input_uri", "https://a1b.blob.core.windows.net/c/a%20b%23/"),
        ("data_factory.input_uri", "https://a1b.dfs.core.windows.net/c/x/"),
        ("data_factory.input_uri", "abfss://c@a1b.dfs.core.windows.net/x/"),
        ("data_factory.output_folder", f"{LONG}/workspaceblobstore/paths/scores/"),
        ("data_factory.window", {"every": "5m", "start": START, "copy_from": COPY}),
        ("data_factory.copy_before", COPY),
        ("data_factory.copy_after", {**COPY, "folder": "a 'folder' # 日本"}),
    ],
)
def test_a_value_within_the_rules_is_accepted(key: str, value: Any) -> None:
    assert read(BASE | sections({"data_factory.enabled": True, key: value})) is not None


def test_further_inputs_and_outputs_are_read_in_the_payloads_form() -> None:
    told = {
        "job_inputs": {
            "mode": {"type": "Literal", "value": "append"},
            "more": {"type": "UriFolder", "uri": "azureml://datastores/d/paths/x/"},
        },
        "job_outputs": {
            "out": {"type": "UriFile", "uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
        },
    }
    events = read(BASE | {"endpoint": {"existing": ENDPOINT}, "blob_events": told}).blob_events

    assert sent(events.job_inputs) == {
        "mode": {"JobInputType": "Literal", "Value": "append"},
        "more": {"JobInputType": "UriFolder", "Uri": "azureml://datastores/d/paths/x/"},
    }
    assert sent(events.job_outputs) == {
        "out": {"JobOutputType": "UriFile", "Uri": "azureml://datastores/d/paths/{event_id}/o.csv"}
    }


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("location", "West Europe", '"westeurope"'),
        (
            "data_factory.input_uri",
            f"azureml:{ARM_DATASTORE}/in/",
            f'"{LONG}/my_store/paths/in/"',
        ),
        (
            "data_factory.output_folder",
            "azureml://datastores/d/paths/out",
            '"azureml://datastores/d/paths/out/"',
        ),
        ("blob_events.prefix_filter", "inputs/incoming", f'"{BLOBS}/incoming/"'),
        ("blob_events.prefix_filter", "/inputs/blobs/incoming/", f'"{BLOBS}/incoming/"'),
        (
            "blob_events.prefix_filter",
            "/blobservices/default/inputs/incoming/",
            f'"{BLOBS}/incoming/"',
        ),
        (
            "blob_events.prefix_filter",
            "https://account.blob.core.windows.net/inputs/incoming",
            f'"{BLOBS}/incoming/"',
        ),
        ("blob_events.prefix_filter", f"{BLOBS}/incoming", f'"{BLOBS}/incoming/"'),
        ("cluster.max_nodes", 0, "2"),
        ("workflows.allowed_caller_ip_ranges", "all", '["203.0.113.0/24"]'),
    ],
)
def test_the_line_to_add_says_what_was_meant_where_that_can_be_told(
    key: str, value: Any, line: str
) -> None:
    (problem,) = problems(**{key: value})

    assert problem.line == line_of(key, line)


ZEROS = "00000000-0000-0000-0000-000000000000"


def every_section(above: type[Section] = Section) -> Iterator[type[Section]]:
    """Each model of a part of a stack file."""
    for each in above.__subclasses__():
        yield each
        yield from every_section(each)


EXAMPLES = [
    pytest.param(field, example, id=f"{section.__name__}.{name}")
    for section in every_section()
    for name, field in section.model_fields.items()
    if (example := example_of(field)) is not UNSAID
]


def accepted(field: FieldInfo, text: str) -> bool:
    """Whether a field takes a value, alone."""
    try:
        declared: Any = Annotated[field.annotation, "", *field.metadata]
        TypeAdapter(declared).validate_json(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("field", "example"), EXAMPLES)
def test_the_example_of_every_field_is_accepted_once_its_zeros_are_an_id(
    field: FieldInfo, example: Any
) -> None:
    text = json.dumps(example)

    assert accepted(field, text.replace(ZEROS, GUID))
    assert accepted(field, text) is (ZEROS not in text)


def test_the_part_of_a_list_that_is_wrong_is_named() -> None:
    good = BASE["publishers"][0]
    (problem,) = problems(publishers=[good, {"object_id": GUID, "type": "Robot"}])

    assert (problem.key, problem.found) == ("publishers[1].type", '"Robot"')


def test_a_long_value_is_told_in_part() -> None:
    (problem,) = problems(**{"endpoint.name": "x" * 10_000})

    assert problem.found == f'"{"x" * 79}… (10002 long)'


def test_line_breaks_in_a_value_cannot_forge_lines_of_the_message() -> None:
    (problem,) = problems(**{"endpoint.name": "x\n  2. location\n     found: nothing"})

    assert "\n" not in problem.found

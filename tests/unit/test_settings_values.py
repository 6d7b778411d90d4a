"""Each configuration key: what is refused, and what is told about it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from components.settings import read
from components.settings.ports import sent
from components.settings.problems import UNSAID
from components.settings.section import Section
from components.settings.telling import REMOVE, example_of
from tests.unit import refused_event_settings, refused_switch_settings
from tests.unit.sample_ids import ACCOUNT, BLOBS, COPY, ENDPOINT, FACTORY, GUID, WORKFLOW, WORKSPACE
from tests.unit.sample_settings import BASE, line_of, problems, sections

ARM_DATASTORE = f"{WORKSPACE}/datastores/my_store/paths"
LONG = f"azureml://subscriptions/{GUID}/resourcegroups/my-group/workspaces/my-workspace/datastores"
BUILT = {"image": "mcr.microsoft.com/base:1", "conda_file": "samples/heart/conda.yml"}
START = "2026-06-01T00:00:00Z"


# Of each key what is told to be accepted, and the values that are refused with it.
REFUSED: dict[str, dict[str, list[Any]]] = {
    "cloud": {"one of public, china, usgovernment": ["azure", "Public"]},
    "cloud_overrides": {
        "a host name in lower case": [
            {"login_host": "https://login.example.com"},
            {"login_host": "login.example.com:444"},
            {"login_host": "login.example.com\n"},
            {"login_host": "localhost"},
            {"login_host": "a." * 127 + "com"},
            {"inference_suffix": ".ml.azure.com"},
        ],
        "text": [{"login_host": 1}],
        "https:// and a host name": [
            {"ml_audience": "http://ml.azure.com"},
            {"ml_audience": "https://ml.azure.com/"},
        ],
        "these names: azure_native_environment": [
            {"loginhost": "login.example.com"},
            {"name": "mars"},
        ],
        "one of global, usgovernment, ": [{"azuread_environment": "mars"}],
    },
    "location": {
        "the name of a region: it is required": [""],
        "the name of a region in lower-case letters and digits": ["west-europe"],
    },
    "tags": {
        "up to 46 tags": [
            {"": "x"},
            {"a/b": "x"},
            {"owner": "x" * 257},
            {"x" * 129: "owner"},
            {str(number): "x" for number in range(47)},
        ],
        "text": [{"year": 2026}],
        "values text of 1 to 256 characters": [{"owner": ""}],
    },
    "resource_group.existing": {"The name of a resource group has 1 to 90": ["group."]},
    "publishers": {
        "one of User, Group, ServicePrincipal: it is req": [[{"object_id": GUID}]],
        "one of User, Group, ServicePrincipal": [
            [{"object_id": GUID, "type": "user"}],
            [{"object_id": GUID, "type": None}],
        ],
        "one of object_id, type": [[{"object_id": GUID, "type": "User", "name": "me"}]],
        "an object with object_id, type": [[GUID]],
        "the object id in Entra": [[{"object_id": "me@example.com", "type": "User"}]],
    },
    "operators": {"an object with object_id, type": [[GUID]]},
    "callers": {"one of User, Group, ServicePrincipal": [[{"object_id": GUID, "type": "Robot"}]]},
    "storage.existing": {
        "a resource id of the form /subscriptions/": ["myaccount", f"{ACCOUNT}/", WORKSPACE],
        "The name of a storage account has 3 to 24": [f"{ACCOUNT}-1"],
    },
    "storage.container": {"The name of a blob container has 3 to 63": ["Inputs", ""]},
    "storage.folder": {
        "no slash in front, none doubled": ["/", "/incoming/", "incoming\\eu", "incoming//eu/"],
        "no . or ..": ["incoming/../"],
        "a folder of at most 1000 characters": ["incoming\neu/", "x" * 1001],
        "knows no wildcards": ["incoming/*"],
        "not a URL or a filter": [
            "https://a.blob.core.windows.net/inputs/incoming/",
            f"{BLOBS}/incoming/",
        ],
    },
    "blob_events.prefix_filter": {
        "what the subject of a blob's event begins with": [
            "/inputs/blobs/incoming/",
            "inputs/incoming/",
        ],
        "also matches 'incoming2/'": [f"{BLOBS}/incoming"],
        "a slash at the end": [f"{BLOBS}"],
        "knows no wildcards": [f"{BLOBS}/incoming/*"],
        "none doubled": [f"{BLOBS}/incoming//eu/"],
        "set watch_whole_account instead": ["/", "/blobServices/default/containers/"],
        "The name of a blob container has": [BLOBS.replace("inputs", "IN") + "/"],
    },
    "blob_events.extension_filter": {
        "from the dot on": ["csv", ".csv\n"],
        "no wildcards": ["*.csv"],
    },
    "blob_events.marker_name": {"a file name of letters": ["", "done/_SUCCESS", "all done", ".."]},
    "invoker.kind": {"one of service_principal, managed_identity": ["identity"]},
    "storage.dead_letter_container": {
        "The name of a blob container has 3 to 63": ["dead--letters"]
    },
    "storage.delete_inputs_after_days": {"a whole number from 0 to 36500": [-1]},
    "blob_events.delivery_attempts": {"a whole number from 1 to 30": [0, 31]},
    "blob_events.time_to_live_minutes": {"a whole number from 1 to 1440": [0, 1441]},
    "blob_events.existing_system_topic": {
        "text: it is required": [{"name": "topic"}],
        "The name of a system topic has 3 to 50": [{"resource_group": "g", "name": "my_topic"}],
    },
    "workspace.existing": {"a resource id of the form /subscriptions/": [ACCOUNT]},
    "cluster.existing": {"The name of a compute has 3 to 24": ["my_cluster"]},
    "cluster.name": {"The name of a compute has 3 to 24": ["batch-1"]},
    "cluster.vm_size": {"a size of machine, such as Standard_DS3_v2": ["DS3_v2"]},
    "cluster.node_priority": {"one of dedicated, low_priority": ["LowPriority"]},
    "cluster.min_nodes": {"a whole number from 0 to 65000": [-1]},
    "cluster.max_nodes": {"a whole number from 1 to 65000": [0]},
    "cluster.idle_seconds_before_scale_down": {"a whole number from 1 to 86400": [0]},
    "endpoint.existing": {
        "text": [{"name": "e"}],
        "The name of a batch endpoint has 3 to": [f"{WORKSPACE}/batchEndpoints/e"],
        "a resource id of the form /subscriptions/": [WORKSPACE],
    },
    "endpoint.name": {"The name of a batch endpoint has 3 to 32": ["1endpoint"]},
    "deployments[0].name": {"The name of a batch deployment has 3 to 32": ["digits_1"]},
    "deployments[0].model": {
        "a folder of this project with files in it": ["samples/nothing", "x" * 5000],
        "relative to Pulumi.yaml": ["/srv/model", "../model", "samples\\digits"],
        "/models/<name>/versions/<version>": [
            "azureml:digits:1",
            f"{WORKSPACE}/environments/digits/versions/1",
        ],
    },
    "deployments[0].scoring_code": {
        "a folder of this project with files in it": ["samples/nothing"]
    },
    "deployments[0].scoring_script": {
        "a Python file directly in scoring_code": ["score.sh", "code/score.py"],
        "a Python file that is in samples/": ["nothing.py"],
    },
    "deployments[0].environment": {
        "a container image with its tag": [
            "not an image",
            "mcr.microsoft.com/azureml/base",
            {**BUILT, "image": "i"},
        ],
        "/environments/<name>/versions/<version>": ["azureml:AzureML-sklearn@latest"],
        "text, or an object with image, conda_file": [7],
        "text: it is required": [{"image": "i:1"}],
        "one of image, conda_file": [{**BUILT, "build": "."}],
        "it can't be read": [{**BUILT, "conda_file": "gone.yml"}],
        "relative to Pulumi.yaml": [{**BUILT, "conda_file": "../c.yml"}],
        "it has no list 'dependencies'": [{**BUILT, "conda_file": "Pulumi.yaml"}],
    },
    "deployments[0].environment_variables": {
        "names of letters, digits and '_', the first no digit": [
            {"A=B": "x"},
            {"A\n": "x"},
            {1: "x"},
            {"": "x"},
            {"1ST": "x"},
        ],
        "which the service sets": [{"AZUREML_MODEL_DIR": "x"}],
        "text": [{"THREADS": 1}],
        "text of at most 32768 characters": [{"NUL": "a\0b"}, {"LONG": "x" * 32769}],
    },
    "deployments[0].instance_count": {"a whole number from 1 to 65000": [0]},
    "deployments[0].mini_batch_size": {"a whole number from 1 to 2147483647: files": [0]},
    "deployments[0].max_concurrency_per_instance": {"a whole number from 1 to 2147483647": [0]},
    "deployments[0].error_threshold": {"a whole number from -1 to 2147483647": [-2]},
    "deployments[0].mini_batch_retries": {"a whole number from 0 to 2147483647": [-1]},
    "deployments[0].mini_batch_timeout_seconds": {
        "a whole number from 1 to 2147483647: seconds": [0]
    },
    "deployments[0].output_action": {"one of append_row, summary_only": ["AppendRow"]},
    "deployments[0].output_file_name": {
        "a file name without folder": ["scores/predictions.csv", ""]
    },
    "deployments[0].model_type": {"one of custom_model, mlflow_model": ["MLFLOW"]},
    "endpoint.default_deployment": {"The name of a batch deployment has 3 to 32": ["x"]},
    "deployments": {
        "an object with name; it may have model, model_type": [["digits"]],
        "text: it is required": [[{}]],
        "The name of a batch deployment has 3 to 32": [[{"name": "a_b"}]],
        "one of name, model, model_type": [[{"name": "one", "models": "x"}]],
        "a whole number from 1 to 65000": [[{"name": "one", "instance_count": 0}]],
        "a whole number": [[{"name": "one", "instance_count": "2"}]],
        "a file with YAML": [[{"name": "one", "pipeline": "samples/nothing.yml"}]],
        "relative to Pulumi.yaml": [[{"name": "one", "pipeline": "../x.yml"}]],
        "type: accepted": [[{"name": "one", "pipeline": "samples/diamonds/clean.yml"}]],
        "nothing: with pipeline it is not used": [
            [{"name": "one", "pipeline": "samples/diamonds/pipeline.yml", "model": "x"}]
        ],
    },
    "invoker.secret_lifetime_days": {"a whole number from 2 to 730: days": [1, 731]},
    "invoker.as_of": {"a day of the years 2000 to 2999": ["2027-02-29", "tomorrow"]},
    "invoker.secret_rotation": {"1 to 40 letters, digits": ["", "two words"]},
    "blob_events.payload": {"one of named_outputs, plain": ["named"]},
    "invoker.role": {"one of documented, narrow": ["narrowest"]},
    "invoker.existing_role_id": {"the id of a role definition: /subscriptions/": [GUID]},
    "existing_operator_role_id": {"the id of a role definition: /subscriptions/": [GUID]},
    "data_factory.existing_runner_role_id": {
        "the id of a role definition: /subscriptions/": [GUID]
    },
    "workflows.existing_pipeline_starter_role_id": {
        "the id of a role definition: /subscriptions/": [GUID]
    },
    "endpoint.input_name": {"letters, digits and '_'": ["my input", 'x"y', "a.b", "a[0]"]},
    "blob_events.job_inputs": {
        "letters, digits and": [{"a.b": {"type": "Literal", "value": "x"}}],
        "an object with type, uri": [{"a": "x"}],
        "text": [{"a": {"type": "Literal", "value": 1}}],
        "one of UriFile, UriFolder, MLT": [
            {"a": {"type": "uri_file", "uri": "https://x/y"}},
            {"a": {"type": "Literal", "uri": "https://x/"}},
        ],
        "Literal": [{"a": {"type": "UriFile", "value": "x"}}],
        "of a registered datastore": [{"a": {"type": "UriFile", "uri": "inputs/x"}}],
    },
    "blob_events.job_outputs": {
        "has {event_id} in it": [{"a": {"type": "UriFile", "uri": "azureml://x/y"}}],
        "one of type, uri": [{"a": {"type": "Literal", "value": "{event_id}"}}],
        "letters, di": [{"a[0]": {"type": "UriFile", "uri": "azureml://x/{event_id}"}}],
        "registered datastores on blobs only": [
            {"a": {"type": "UriFile", "uri": "https://a.blob.core.windows.net/c/{event_id}"}}
        ],
    },
    "data_factory.existing": {
        "a resource id of the form /subscriptions/": ["my-factory"],
        "The name of a data factory has 3 to 63": [f"{FACTORY}--1"],
    },
    "data_factory.authentication": {"one of managed_identity, service_principal": ["MSI"]},
    "data_factory.poll_interval_seconds": {"a whole number from 1 to 86400: seconds": [0]},
    "data_factory.max_wait_hours": {"a whole number from 1 to 2160: hours": [2161]},
    "data_factory.input_uri": {
        "the form with /providers/ fails": [
            f"azureml:{ARM_DATASTORE}/in/",
            f"azureml:/{ARM_DATASTORE}/in/",
        ],
        "read nothing else: copy it there first, copy_b": [
            "https://example.com/in/",
            "sftp://host/in/",
        ],
        "says which version is sent": ["azureml:heart-data", "azureml:heart-data@latest"],
        "not by a signature": ["https://a1b.blob.core.windows.net/c/x?sig=s"],
        "of a registered datastore": [
            f"azureml://datastores/d/paths/{'x' * 2001}",
            "azureml://datastores/d/in/",
            "azureml://datastores/d/paths/../x/",
            "azureml://datastores/d/paths/%2e%2e/x/",
            'azureml://datastores/d/paths/"x/',
            "azureml://datastores/d/paths/x\n",
        ],
    },
    "data_factory.output_name": {"letters, digits and '_'": ["a.b"]},
    "data_factory.output_type": {"one of UriFile, UriFolder": ["uri_folder"]},
    "data_factory.input_type": {"one of UriFolder, UriFile": ["uri_folder"]},
    "data_factory.output_folder": {
        "datastores on blobs only": ["https://a1b.blob.core.windows.net/c/x/"],
        "not to Data Lake Gen2": [
            "abfss://c@a1b.dfs.core.windows.net/x/",
            "https://a1b.dfs.core.windows.net/c/x/",
        ],
        "the form with /providers/ fails": [f"azureml:{ARM_DATASTORE}/out/"],
        "with a slash at its end": ["azureml://datastores/d/paths/out"],
    },
    "data_factory.output_container": {"The name of a blob container has 3 to 63": ["Predictions"]},
    "data_factory.window": {
        "5m or longer, in minutes": [
            {"every": every, "start": START} for every in ("4m", "0h", "1w", "1.5h", "90", "10000h")
        ],
        "a time in UTC, quoted": [
            {"every": "1h", "start": start}
            for start in ("2026-06-01", "2026-06-01T10:00:00+02:00", "2026-13-01T10:00:00Z")
        ],
        "a time in minutes or hours": [{"every": "1h", "start": START, "delay": "1d"}],
        "a whole number from 1 to 50": [{"every": "1h", "start": START, "max_concurrency": 51}],
        "a whole number from 0 to 10": [{"every": "1h", "start": START, "retries": 11}],
    },
    "data_factory.copy_before": {
        "text: it is required": [{"container": "abc", "folder": "x"}],
        "a resource id of the form /subscriptions/": [{**COPY, "account_id": "acct"}],
        "a folder of that container": [{**COPY, "folder": "../x"}, {**COPY, "folder": "/x"}],
    },
    "data_factory.copy_after": {
        "a folder of that container": [
            {**COPY, "folder": "x/.."},
            {**COPY, "folder": "x//y"},
            {**COPY, "folder": "x\ny/"},
        ],
        "The name of a blob container has 3 to 63": [{**COPY, "container": "C"}],
    },
    "network.isolation": {"one of allow_internet_outbound": ["none"]},
    "network.allowed_addresses": {
        "a public IPv4 address": [
            *(["10.0.0.7"], ["172.16.0.0/24"], ["192.168.1.1"], ["127.0.0.1"], ["0.0.0.1"]),
            *(["100.64.0.0/10"], ["169.254.1.1"], ["224.0.0.1"], ["240.0.0.0/4"]),
            *(["203.0.113.6/31"], ["203.0.113.6/32"], ["2001:db8::1"], ["0.0.0.0/0"]),
        ],
    },
    "network.address_space": {
        "a private IPv4 range of 32 addresses": [
            "10.1.0.0/28",
            "172.17.0.0/24",
            "8.8.8.0/24",
            "10.1.0.0",
        ],
    },
    "network.existing_subnet": {"a resource id of the form": [ACCOUNT]},
    "network.existing_zones": {"the id of a group": [f"/subscriptions/{GUID}"]},
    "workflows.allowed_caller_ip_ranges": {
        "IPv4 ranges in CIDR notation": [["203.0.113.5"], ["203.0.113.5/24"], ["2001:db8::/32"]],
        "text": [[5]],
    },
    **refused_event_settings.REFUSED,
    **refused_switch_settings.REFUSED,
}


@pytest.mark.parametrize(
    ("key", "accepted", "value"),
    [
        (key, accepted, value)
        for key, told in REFUSED.items()
        for accepted, values in told.items()
        for value in values
    ],
)
def test_a_value_outside_of_the_rules_is_refused(key: str, accepted: str, value: Any) -> None:
    (problem,) = [each for each in problems({key: value}) if accepted in each.accepted]

    assert problem.key.startswith(key)
    section = key.partition(".")[0].partition("[")[0]
    lines = (REMOVE, "by pulumi config set --secret --path event_secrets.NAME")
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
    (problem,) = problems({key: value})

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
        ("data_factory.input_uri", "azureml:heart-data:1"),
        ("data_factory.input_uri", f"{WORKSPACE}/data/heart-data/versions/1"),
        ("data_factory.output_folder", f"{LONG}/workspaceblobstore/paths/scores/"),
        ("data_factory.window", {"every": "5m", "start": START, "copy_from": COPY}),
        ("data_factory.copy_before", COPY),
        *(
            ("workspace_events.rules", refused_event_settings.to(**destination))
            for destination in (
                {"kind": "storage_queue", "resource_id": ACCOUNT, "queue_name": "ml-events"},
                {"kind": "webhook", "url": "https://h.example.com:8443/a"},
                {"kind": "logic_app", "workflow_id": WORKFLOW, "trigger": "On_event"},
            )
        ),
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
    (problem,) = problems({key: value})

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
    (problem,) = problems({"publishers": [good, {"object_id": GUID, "type": "Robot"}]})

    assert (problem.key, problem.found) == ("publishers[1].type", '"Robot"')


def test_a_long_value_is_told_in_part() -> None:
    (problem,) = problems({"endpoint.name": "x" * 10_000})

    assert problem.found == f'"{"x" * 79}… (10002 long)'


def test_line_breaks_in_a_value_cannot_forge_lines_of_the_message() -> None:
    (problem,) = problems({"endpoint.name": "x\n  2. location\n     found: nothing"})

    assert "\n" not in problem.found

"""Reading a whole configuration: defaults, one message for everything, secrets, the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from components.settings import SettingsError, load, read
from components.settings.building import build
from components.settings.keys import KEYS
from components.settings.model import (
    ClusterSettings,
    DeploymentSettings,
    EventSettings,
    ExistingEndpoint,
    Principal,
    StorageSettings,
    SystemTopic,
)
from components.settings.rules import Accepted

if TYPE_CHECKING:
    from collections.abc import Iterator

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
BASE = {"location": "westeurope", "publishers": [{"object_id": GUID, "type": "User"}]}
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"

EIGHT_MISTAKES = {
    "locaton": "westeurope",  # a key that there is not
    "cloud": "mars",  # a word that is not known
    "max_nodes": "many",  # another type
    "event_delivery_attempts": 31,  # outside of the range
    "prefix_filter": "inputs/incoming/",  # another form
    "endpoint_uri": "http://e.westeurope.inference.ml.azure.com/jobs",  # not https
    "publishers": [{"object_id": GUID, "type": "Robot"}],  # inside of a list
    "handled_events_container": "inputs",  # does not go with another key
    "location": "westeurope",
}

THE_MESSAGE = """\
The configuration of stack 'dev' has 8 problems. Nothing was changed.

  1. locaton
     found:    a key that there is not (value not shown)
     accepted: a key of this project; did you mean location?
     add:      azureml-batch-events:location: (the same value)

  2. cloud
     found:    "mars"
     accepted: one of public, china, usgovernment
     add:      azureml-batch-events:cloud: "public"

  3. publishers[0].type
     found:    "Robot"
     accepted: one of User, Group, ServicePrincipal
     add:      nothing: put publishers[0].type right where it stands

  4. prefix_filter
     found:    "inputs/incoming/"
     accepted: /blobServices/default/containers/<container-name>/blobs/<path-to-data-folder>/, \
which is what the subject of a blob's event begins with
     add:      azureml-batch-events:prefix_filter: \
"/blobServices/default/containers/inputs/blobs/incoming/"

  5. event_delivery_attempts
     found:    31
     accepted: a whole number from 1 to 30
     add:      azureml-batch-events:event_delivery_attempts: 30

  6. max_nodes
     found:    "many"
     accepted: a whole number
     add:      azureml-batch-events:max_nodes: 2

  7. endpoint_uri
     found:    "http://e.westeurope.inference.ml.azure.com/jobs"
     accepted: https://<endpoint>.<region>.<inference suffix of the cloud>/jobs
     add:      azureml-batch-events:endpoint_uri: \
"https://my-endpoint.westeurope.inference.ml.azure.com/jobs"

  8. handled_events_container
     found:    "inputs"
     accepted: another container than input_container
     add:      azureml-batch-events:handled_events_container: "handled-events\""""


def test_eight_mistakes_make_one_message_with_all_eight() -> None:
    with pytest.raises(SettingsError) as caught:
        read(EIGHT_MISTAKES, stack="dev")

    assert str(caught.value) == THE_MESSAGE


def test_an_empty_configuration_is_told_what_it_needs() -> None:
    with pytest.raises(SettingsError) as caught:
        read({})

    assert [problem.key for problem in caught.value.problems] == ["location", "publishers"]


@pytest.mark.parametrize(
    ("priority", "nodes", "told"),
    [("low_priority", 1, True), ("low_priority", 2, False), ("dedicated", 1, False)],
)
def test_an_eviction_that_ends_a_job_is_told(
    priority: str,
    nodes: int,
    told: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    advice = read(BASE | {"node_priority": priority, "max_nodes": nodes}).advice
    assert any("a job on a cluster of one node is cancelled" in each for each in advice) is told


def test_what_is_not_configured_has_its_default() -> None:
    settings = read(BASE)

    assert settings.location == "westeurope"
    assert settings.publishers == (Principal(GUID, "User"),)
    assert settings.storage == StorageSettings(
        existing_account_id=None,
        container="inputs",
        folder="incoming/",
        dead_letter_container="dead-letters",
        delete_inputs_after_days=None,
        handled_events_container="handled-events",
    )
    assert settings.events == EventSettings(
        enabled=True,
        prefix_filter="/blobServices/default/containers/inputs/blobs/incoming/",
        extension_filter=None,
        marker_name=None,
        skip_empty_blobs=True,
        delivery_attempts=30,
        time_to_live_minutes=1440,
        existing_system_topic=None,
    )
    assert settings.cluster == ClusterSettings(
        existing_name=None,
        name="batch-cluster",
        vm_size="Standard_DS3_v2",
        priority="dedicated",
        min_nodes=0,
        max_nodes=2,
        idle_seconds=120,
    )
    (deployment,) = settings.deployments
    assert settings.default_deployment == "digits"
    assert deployment == DeploymentSettings(
        name="digits",
        model_folder="samples/digits/model",
        model_id=None,
        is_mlflow=False,
        code_folder="samples/digits/code",
        scoring_script="score.py",
        environment_image="mcr.microsoft.com/azureml/curated/sklearn-1.5:49",
        environment_id=None,
        environment_variables={},
        instance_count=1,
        mini_batch_size=10,
        max_concurrency_per_instance=1,
        error_threshold=-1,
        max_retries=3,
        timeout_seconds=30,
        output_action="append_row",
        output_file_name="predictions.csv",
    )
    assert settings.workflow.input_name == "mnistinput"
    assert (settings.workflow.job_inputs, settings.workflow.job_outputs) == ({}, {})
    assert settings.invoker.kind == "service_principal"


def test_an_empty_value_is_the_same_as_none_where_a_key_need_not_be_given() -> None:
    empty = {name: key.default for name, key in KEYS.items() if not key.default}

    assert read(empty | BASE) == read(BASE)


def test_a_folder_without_a_slash_at_its_end_gets_one() -> None:
    settings = read(BASE | {"input_folder": "data"})

    assert settings.storage.folder == "data/"
    assert settings.events.prefix_filter == "/blobServices/default/containers/inputs/blobs/data/"


def test_an_empty_folder_watches_the_whole_container() -> None:
    settings = read(BASE | {"input_folder": ""})

    assert settings.events.prefix_filter == "/blobServices/default/containers/inputs/blobs/"


def test_the_prefix_is_empty_only_if_the_whole_account_is_asked_for() -> None:
    settings = read(BASE | {"watch_whole_account": True, "extension_filter": ".csv"})

    assert settings.events.prefix_filter == ""


def test_an_existing_endpoint_brings_its_workspace() -> None:
    settings = read(
        {
            "location": "westeurope",
            "existing_endpoint": {"workspace_id": WORKSPACE, "name": "my-endpoint"},
        }
    )

    assert settings.endpoint.existing == ExistingEndpoint(WORKSPACE, "my-endpoint")
    assert settings.existing_workspace_id == WORKSPACE


def test_an_existing_system_topic_is_named_by_group_and_name() -> None:
    account = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
    settings = read(
        BASE
        | {
            "existing_storage_account_id": account,
            "existing_system_topic": {"resource_group": "my-group", "name": "my-topic"},
        }
    )

    assert settings.events.existing_system_topic == SystemTopic("my-group", "my-topic")


def test_registered_assets_are_told_from_folders_and_images() -> None:
    model = f"{WORKSPACE}/models/digits/versions/1"
    environment = "azureml://registries/azureml/environments/sklearn-1.5/versions/54"
    (deployment,) = read(BASE | {"model": model, "environment": environment}).deployments

    assert isinstance(deployment, DeploymentSettings)
    assert (deployment.model_folder, deployment.model_id) == (None, model)
    assert (deployment.environment_image, deployment.environment_id) == (None, environment)


def test_every_key_is_read() -> None:
    read_keys = set()

    class Recording(Accepted):
        def __getitem__(self, key: str) -> Any:
            read_keys.add(key)
            return super().__getitem__(key)

    given = BASE | {"data_factory": True}
    build(Recording({name: given.get(name, key.default) for name, key in KEYS.items()}))

    assert read_keys == set(KEYS)


def test_a_misspelt_key_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"max_node": 3})

    (problem,) = caught.value.problems
    assert problem.accepted == "a key of this project; did you mean max_nodes?"


def test_a_key_like_no_other_is_to_be_removed() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"xyzzy": 3})

    (problem,) = caught.value.problems
    assert (problem.accepted, problem.line) == (
        "a key of this project",
        "nothing: remove the line",
    )


def test_the_value_of_an_unknown_key_is_not_shown_because_it_may_be_a_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"client_secret": "hunter2"})

    assert "hunter2" not in str(caught.value)


def test_an_encrypted_value_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {"endpoint_name": "hunter2!"}, secret=["endpoint_name"])

    (problem,) = caught.value.problems
    assert problem.found == "a secret (not shown)"
    assert "hunter2" not in str(caught.value)


@pytest.fixture
def engine() -> Iterator[None]:
    """A configuration as the engine hands it over, gone after the test."""
    yield
    set_all_config({}, [])


@pytest.mark.usefixtures("engine")
def test_the_configuration_of_the_running_stack_is_read() -> None:
    project = pulumi.get_project()
    set_all_config(
        {
            f"{project}:location": "northeurope",
            f"{project}:max_nodes": "5",
            f"{project}:publishers": f'[{{"object_id":"{GUID}","type":"Group"}}]',
            "azure-native:location": "ignored",
        },
        [],
    )

    settings = load()

    assert (settings.location, settings.cluster.max_nodes) == ("northeurope", 5)
    assert settings.publishers == (Principal(GUID, "Group"),)


@pytest.mark.usefixtures("engine")
def test_the_engine_gets_an_error_that_it_shows_without_a_traceback() -> None:
    set_all_config({f"{pulumi.get_project()}:location": "hunter2!"}, [])

    with pytest.raises(pulumi.RunError, match=r"has 2 problems\. Nothing was changed"):
        load()


@pytest.mark.usefixtures("engine")
def test_what_the_engine_calls_a_secret_is_not_shown() -> None:
    key = f"{pulumi.get_project()}:location"
    set_all_config({key: "hunter2!"}, [key])

    with pytest.raises(pulumi.RunError) as caught:
        load()

    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("engine")
def test_the_providers_clouds_are_looked_at() -> None:
    project = pulumi.get_project()
    set_all_config(
        {
            f"{project}:location": "westeurope",
            f"{project}:publishers": f'[{{"object_id":"{GUID}","type":"Group"}}]',
            "azure-native:environment": "china",
        },
        [],
    )

    with pytest.raises(pulumi.RunError, match="azure-native:environment: public"):
        load()


@pytest.mark.parametrize(
    ("own", "region"),
    [({}, "northeurope"), ({"location": ""}, "northeurope"), ({"location": "uksouth"}, "uksouth")],
)
def test_the_providers_region_is_taken_where_the_program_is_given_none(
    own: dict[str, str], region: str
) -> None:
    config = {key: value for key, value in BASE.items() if key != "location"} | own

    assert read(config, environments={"azure-native:location": "northeurope"}).location == region

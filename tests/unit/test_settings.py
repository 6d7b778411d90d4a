"""Reading a whole configuration: defaults, one message for everything, secrets, the engine."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime.config import set_all_config

from components.settings import SettingsError, load, read
from components.settings.advice import advice
from components.settings.declared import Place
from components.settings.moved import MOVED
from components.settings.settings import Settings
from components.settings.workspace import NewCluster
from tests.unit.sample_ids import ACCOUNT, GUID, WORKSPACE
from tests.unit.sample_settings import BASE, problems, sections

EIGHT_MISTAKES = {
    "locaton": "westeurope",  # a key that there is not
    "cloud": "mars",  # a word that is not known
    "cluster.max_nodes": "many",  # another type
    "blob_events.delivery_attempts": 31,  # outside of the range
    "blob_events.prefix_filter": "inputs/incoming/",  # another form
    "endpoint.name": "1st",  # no name that Azure takes
    "publishers": [{"object_id": GUID, "type": "Robot"}],  # inside of a list
    "workflows.handled_events_container": "inputs",  # does not go with another key
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
     add:      type: (as accepted), below azureml-batch-events:publishers[0]

  4. cluster.max_nodes
     found:    "many"
     accepted: a whole number
     add:      max_nodes: 2, below azureml-batch-events:cluster

  5. endpoint.name
     found:    "1st"
     accepted: The name of a batch endpoint has 3 to 32 characters: letters, digits and hyphens, \
the first a letter, the last no hyphen.
     add:      name: "my-endpoint", below azureml-batch-events:endpoint

  6. blob_events.prefix_filter
     found:    "inputs/incoming/"
     accepted: /blobServices/default/containers/<container-name>/blobs/<path-to-data-folder>/, \
which is what the subject of a blob's event begins with
     add:      prefix_filter: "/blobServices/default/containers/inputs/blobs/incoming/", \
below azureml-batch-events:blob_events

  7. blob_events.delivery_attempts
     found:    31
     accepted: a whole number from 1 to 30
     add:      delivery_attempts: 30, below azureml-batch-events:blob_events

  8. workflows.handled_events_container
     found:    "inputs"
     accepted: another container than storage.container
     add:      handled_events_container: "handled-events", below azureml-batch-events:workflows"""


def test_eight_mistakes_make_one_message_with_all_eight() -> None:
    with pytest.raises(SettingsError) as caught:
        read(sections(EIGHT_MISTAKES), stack="dev")

    assert str(caught.value) == THE_MESSAGE


def test_an_empty_configuration_is_told_what_it_needs() -> None:
    assert [key for key, *_ in problems({"location": "", "publishers": []})] == [
        "location",
        "publishers",
    ]


@pytest.mark.parametrize(
    ("priority", "nodes", "told"),
    [("low_priority", 1, True), ("low_priority", 2, False), ("dedicated", 1, False)],
)
def test_an_eviction_that_ends_a_job_is_told(priority: str, nodes: int, *, told: bool) -> None:
    settings = read(BASE | {"cluster": {"node_priority": priority, "max_nodes": nodes}})
    sentences = advice(settings)
    assert any("a job on a cluster of one node is cancelled" in each for each in sentences) is told


def test_there_is_a_data_factory_only_where_something_is_said_of_it() -> None:
    assert read(BASE).factory is None
    assert read(BASE | {"data_factory": {"max_wait_hours": 24}}).factory is not None


def test_an_empty_value_is_the_same_as_none() -> None:
    empty = dict.fromkeys(Settings.model_fields, "")

    assert read(empty | BASE) == read(BASE)


@pytest.mark.parametrize(
    ("fields", "prefix"),
    [
        ({}, "/blobServices/default/containers/inputs/blobs/incoming/"),
        ({"storage.folder": "data"}, "/blobServices/default/containers/inputs/blobs/data/"),
        ({"storage.folder": ""}, "/blobServices/default/containers/inputs/blobs/"),
        ({"blob_events.watch_whole_account": True, "blob_events.extension_filter": ".csv"}, ""),
    ],
)
def test_a_folder_or_the_whole_account_is_watched(fields: dict[str, Any], prefix: str) -> None:
    assert read(BASE | sections(fields)).prefix_filter == prefix


def test_an_existing_endpoint_brings_its_workspace() -> None:
    settings = read(
        {
            "location": "westeurope",
            "endpoint": {"existing": f"{WORKSPACE}/batchEndpoints/my-endpoint"},
        }
    )

    assert (settings.endpoint.name, settings.workspace_id) == ("my-endpoint", WORKSPACE)


@pytest.mark.parametrize(
    ("name", "meant", "line"),
    [
        ("max_node", "cluster.max_nodes", "max_nodes: {}, below {}:cluster"),
        ("clustr", "cluster", "{1}:cluster: {0}"),
        ("storage.folder", "storage.folder", "folder: {}, below {}:storage"),
        ("mini_batch_size", "deployments[0].mini_batch_size", ""),
        ("existing_endpoint", "endpoint.existing", "existing: {}, below {}:endpoint"),
        ("existing_system_topic", "blob_events.existing_system_topic", ""),
    ],
)
def test_a_misspelt_key_is_refused_with_the_nearest_one(name: str, meant: str, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(BASE | {name: 3})

    (problem,) = caught.value.problems
    assert problem.key == name
    assert problem.accepted == f"a key of this project; did you mean {meant}?"
    if line:
        assert problem.line == line.format("(the same value)", "azureml-batch-events")


@pytest.mark.parametrize("place", MOVED.values())
def test_a_key_of_old_is_told_a_field_that_there_is(place: str) -> None:
    key, _, field = place.partition(".")

    found = Place((*((key.removesuffix("[0]"), 0) if "[0]" in key else (key,)), field))
    assert found.field is not None


@pytest.mark.parametrize(
    ("fields", "key", "accepted", "line"),
    [
        (
            {"cluster.max_node": 3},
            "cluster.max_node",
            (
                "one of name, vm_size, node_priority, min_nodes, max_nodes,"
                " idle_seconds_before_scale_down; did you mean max_nodes?"
            ),
            "max_nodes: (the same value), below azureml-batch-events:cluster",
        ),
        (
            {"storage.existng": "x"},
            "storage.existng",
            (
                "one of container, folder, dead_letter_container, delete_inputs_after_days,"
                " hierarchical_namespace; did you mean existing?"
            ),
            "existing: (the same value), below azureml-batch-events:storage",
        ),
        (
            {"data_factory.copy_before": {"acount_id": "x"}},
            "data_factory.copy_before.acount_id",
            "one of account_id, container, folder; did you mean account_id?",
            "account_id: (the same value), below azureml-batch-events:data_factory.copy_before",
        ),
        (
            {"storage.prefix_filter": "x"},
            "storage.prefix_filter",
            (
                "one of container, folder, dead_letter_container, delete_inputs_after_days,"
                " hierarchical_namespace; did you mean blob_events.prefix_filter?"
            ),
            "prefix_filter: (the same value), below azureml-batch-events:blob_events",
        ),
        (
            {"data_factory.copy_before": {"workspace": {}}},
            "data_factory.copy_before.workspace",
            "one of account_id, container, folder; did you mean workspace?",
            "azureml-batch-events:workspace: (the same value)",
        ),
        (
            {"storage.xyzzy": 3},
            "storage.xyzzy",
            (
                "one of container, folder, dead_letter_container, delete_inputs_after_days,"
                " hierarchical_namespace"
            ),
            "nothing: remove the line",
        ),
    ],
)
def test_a_misspelt_field_is_refused_with_the_nearest_one_of_its_section(
    fields: dict[str, Any], key: str, accepted: str, line: str
) -> None:
    found = "a key that there is not (value not shown)"

    assert (key, found, accepted, line) in problems(fields)


def test_of_a_word_that_is_nearly_one_that_is_accepted_the_line_has_that_one() -> None:
    ((_, found, accepted, line),) = problems({"invoker.kind": "managed-identity"})

    assert (found, line) == (
        '"managed-identity"',
        'kind: "managed_identity", below azureml-batch-events:invoker',
    )
    assert accepted.endswith("; did you mean managed_identity?")


REMOVE = "nothing: remove the line"
MEANT: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "of an id where a name belongs the name": (
        {"resource_group.existing": f"/subscriptions/{GUID}/resourceGroups/my-data"},
        (
            "resource_group.existing",
            "the name alone, which ends the id",
            'existing: "my-data", below azureml-batch-events:resource_group',
        ),
    ),
    "keys below the project's name": (
        {"azureml-batch-events": {"location": "westeurope"}},
        (
            "azureml-batch-events",
            "each key with the project's name before it",
            "azureml-batch-events:location: (its value), and so each other one",
        ),
    ),
    "one thing where a list belongs": (
        {"deployments": {"name": "digits"}},
        ("deployments", "a list", 'azureml-batch-events:deployments: [{"name": "digits"}]'),
    ),
    "one text where a list belongs": (
        {"monitoring.notify": {"emails": "ml@example.com"}},
        (
            "monitoring.notify.emails",
            "a list",
            'emails: ["ml@example.com"], below azureml-batch-events:monitoring.notify',
        ),
    ),
    "one thing that is not whole": (
        {"callers": {"object_id": GUID}},
        ("callers", "a list", "azureml-batch-events:callers: (as accepted)"),
    ),
    "what nothing heeds": (
        {"invoker.kind": "managed_identity", "blob_events.enabled": False},
        ("invoker.kind", "nothing: no Logic App invokes the endpoint", REMOVE),
    ),
    "a key like no other": ({"xyzzy": 3}, ("xyzzy", "a key of this project", REMOVE)),
}


@pytest.mark.parametrize(("fields", "told"), MEANT.values(), ids=MEANT)
def test_what_was_meant_is_told_with_the_line_for_it(
    fields: dict[str, Any], told: tuple[str, str, str]
) -> None:
    ((key, _, accepted, line),) = problems(fields)

    assert (key, accepted, line) == told


RULES = "workspace_events.rules[0]"


@pytest.mark.parametrize(
    ("fields", "key", "why"),
    [
        ({"endpoint_uri": "https://e"}, "endpoint_uri", "the endpoint tells its own"),
        ({"endpoint.uri": "https://e"}, "endpoint.uri", "the endpoint tells its own"),
        (
            {"trigger_on": "folder_marker"},
            "trigger_on",
            "a marker starts jobs where blob_events.marker_name is given",
        ),
        (
            {"workspace_events.rules": [{"delivery_with_identity": True}]},
            f"{RULES}.delivery_with_identity",
            "the topic's identity delivers wherever it can",
        ),
        (
            {"workspace_events.rules": [{"dead_letter_container_id": "c"}]},
            f"{RULES}.dead_letter_container_id",
            "dead letters lie in the stack's own container",
        ),
    ],
)
def test_of_a_key_that_is_gone_it_is_told_why_and_no_other_one_that_is_like_it(
    fields: dict[str, Any], key: str, why: str
) -> None:
    told = [(accepted, line) for each, _, accepted, line in problems(fields) if each == key]

    assert told == [(f"nothing: {why}", "nothing: remove the line")]


@pytest.mark.parametrize("fields", [{"client_secret": "hunter2"}, {"invoker.secret": "hunter2"}])
def test_the_value_of_an_unknown_key_is_not_shown_because_it_may_be_a_secret(
    fields: dict[str, Any],
) -> None:
    assert "hunter2" not in repr(problems(fields))


def test_an_encrypted_value_is_refused_and_not_shown() -> None:
    ((key, found, *rest),) = problems({"endpoint.name": "hunter2!"}, secret=["endpoint"])

    assert (key, found) == ("endpoint", "a secret (not shown)")
    assert "hunter2" not in repr(rest)


@pytest.fixture
def engine() -> Iterator[None]:
    """A configuration as the engine hands it over, gone after the test."""
    yield
    set_all_config({}, [])


OWN = f"Pulumi.{pulumi.get_stack()}.yaml"


def configure(**more: str) -> None:
    """Has the engine hand over a valid configuration, with changes."""
    valid = {"location": "northeurope", "publishers": f'[{{"object_id":"{GUID}","type":"Group"}}]'}
    own = {f"{pulumi.get_project()}:{key}": value for key, value in valid.items()}
    set_all_config(own | more, [])


@pytest.mark.usefixtures("engine")
def test_the_configuration_of_the_running_stack_is_read() -> None:
    nodes = {f"{pulumi.get_project()}:cluster": '{"max_nodes":5}'}
    configure(**nodes, **{"azure-native:location": "ignored"})

    settings = load()

    assert (settings.location, settings.cluster) == ("northeurope", NewCluster(max_nodes=5))
    assert [each.type for each in settings.publishers] == ["Group"]


@pytest.mark.usefixtures("engine")
def test_the_engine_gets_an_error_that_it_shows_without_a_traceback() -> None:
    set_all_config({f"{pulumi.get_project()}:location": "hunter2!"}, [])

    with pytest.raises(pulumi.RunError, match=r"has 2 problems\. Nothing was changed"):
        load()


@pytest.mark.usefixtures("engine")
def test_keys_that_stand_outside_of_config_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = pulumi.get_project()
    monkeypatch.chdir(tmp_path)
    Path(OWN).write_text(f"{project}:location: westeurope\nconfig: {{}}\n")

    told = rf"{project}:location outside of `config:` \(values not shown\)"
    with pytest.raises(pulumi.RunError, match=told):
        load()


@pytest.mark.usefixtures("engine")
def test_a_key_outside_of_config_is_told_of_a_stack_that_would_do_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = pulumi.get_project()
    configure()
    monkeypatch.chdir(tmp_path)
    Path(OWN).write_text(f"{project}:protect: true\nconfig: {{}}\n")

    with pytest.raises(pulumi.RunError, match=rf"(?s)1 problem.*{project}:protect outside of"):
        load()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("file", "there", "told"),
    [
        pytest.param(f"copies/{OWN}", True, [f"{OWN} is newer than copies/{OWN}"], id="a copy"),
        pytest.param("/copies/Pulumi.other.yaml", False, [], id="another's, without its own"),
        pytest.param("/elsewhere/written-by-ci.yaml", True, [], id="of another kind of name"),
    ],
)
def test_a_settings_file_that_was_copied_is_told_once_the_own_one_is_newer(
    file: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi, "warn", warned.append)
    monkeypatch.setenv("PULUMI_OPTION_CONFIG_FILE", file)
    monkeypatch.chdir(tmp_path)
    Path("copies").mkdir()
    Path("copies", OWN).touch()
    os.utime(Path("copies", OWN), (0, 0))
    if there:
        Path(OWN).touch()
    configure()

    assert len(load().publishers) == 1
    assert [each.partition(",")[0] for each in warned] == told
    assert all(f"env --stack {OWN.split('.')[1]})" in each for each in warned)


@pytest.mark.usefixtures("engine")
def test_a_stack_gets_no_settings_of_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_OPTION_CONFIG_FILE", "/copies/Pulumi.other.yaml")
    Path(OWN).touch()
    configure()

    told = f"settings of Pulumi.other.yaml in place of its own {OWN}"
    with pytest.raises(pulumi.RunError, match=told):
        load()


def test_an_id_is_shown_to_its_end() -> None:
    wrong = ACCOUNT.replace("storageAccounts", "storageAccount")

    assert problems({"storage.existing": wrong})[0].found == f'"{wrong}"'


@pytest.mark.usefixtures("engine")
def test_what_the_engine_calls_a_secret_is_not_shown() -> None:
    key = f"{pulumi.get_project()}:location"
    set_all_config({key: "hunter2!"}, [key])

    with pytest.raises(pulumi.RunError) as caught:
        load()

    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("engine")
def test_the_providers_clouds_are_looked_at() -> None:
    configure(**{"azure-native:environment": "china"})

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

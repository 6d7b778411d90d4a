"""What is refused before anything is created: shapes, names, rules; each with its path."""

from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane.resource_manager.names import accepted_instead
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.providers.engine import Engine

ACCOUNT = "azure-native:storage:StorageAccount"
APIS = f"{SUBSCRIPTION}/providers/Microsoft.Web/locations/westeurope/managedApis"
CLUSTERS = "Microsoft.MachineLearningServices/workspaces/computes"
SUBSCRIBED = "eventgrid:SystemTopicEventSubscription"
DEPLOYED = "machinelearningservices:BatchDeployment"
NO_PROCESS = "no process takes it: accepted are a name without '=' and a value, neither with NUL"

_TEXT = Path(__file__).with_name("refused_inputs.yaml").read_text(encoding="utf-8")
_READ = yaml.safe_load(Template(_TEXT).substitute(APIS=APIS))
COMPLETE: dict[str, dict[str, Any]] = {kind: told["taken"] for kind, told in _READ.items()}
"""Inputs that are taken, of each type as azure-native names it, or taken but for what is tried."""
GOOD = COMPLETE["storage:StorageAccount"]
UNNAMED = {key: value for key, value in GOOD.items() if key != "accountName"}
REFUSED = [
    *(
        (kind, change, said)
        for kind, told in _READ.items()
        for said, change in told["refused"].items()
    ),
    (
        "datafactory:Pipeline",
        {"parameters": {f"p{n}": {"type": "string"} for n in range(51)}},
        "accepted: 50",
    ),
    ("datafactory:Pipeline", {"description": "d" * 300_000}, "bytes, accepted: 204800"),
]


@pytest.mark.parametrize(("kind", "change", "said"), REFUSED)
def test_a_property_that_azure_would_drop_or_refuse_is_refused(
    native: Engine, kind: str, change: dict[str, Any], said: str
) -> None:
    [problem] = native.problems(f"azure-native:{kind}", {**COMPLETE[kind], **change})

    assert said in problem


@pytest.mark.parametrize(("name", "value"), [("A=B", "x"), ("NUL", "secret\0")])
def test_a_variable_that_no_process_takes_is_refused(native: Engine, name: str, value: str) -> None:
    variables = {name: value, "GOOD": "a=b", "LATER": UNKNOWN}
    given = COMPLETE[DEPLOYED]
    given = {**given, "properties": {**given["properties"], "environmentVariables": variables}}

    assert native.problems(f"azure-native:{DEPLOYED}", given) == [
        f"properties.environmentVariables.{name}: {NO_PROCESS}"
    ]


def test_every_problem_of_a_resource_is_told_at_once(native: Engine) -> None:
    _, failures = native.check(ACCOUNT, {"resourceGroupName": "group", "kind": 1, "x": 1})
    assert sorted(path for path, _ in failures) == ["kind", "sku", "x"]


def test_a_type_that_is_not_emulated_is_refused_by_name(native: Engine) -> None:
    _, failures = native.check("azure-native:network:LoadBalancer", {})
    assert "azure-native:network:LoadBalancer is not emulated" in failures[0][1]


def test_the_value_of_a_secret_is_never_shown(native: Engine) -> None:
    inputs = {**GOOD, "kind": "hunter2"}
    _, failures = native.check(ACCOUNT, inputs, secrets=("kind",))
    assert failures[0][1].startswith("found [secret], accepted: 'Storage'")


def test_what_is_not_known_yet_fits_every_type(native: Engine) -> None:
    inputs = {**GOOD, "kind": UNKNOWN, "sku": {"name": UNKNOWN}, "tags": UNKNOWN}
    assert native.check(ACCOUNT, inputs)[1] == []


def test_an_incomplete_workflow_definition_is_refused(native: Engine) -> None:
    inputs = {"resourceGroupName": "group", "workflowName": "w", "location": "westeurope"}
    _, failures = native.check("azure-native:logic:Workflow", {**inputs, "definition": {}})
    assert [path for path, _ in failures] == ["definition"] * 4
    assert "The definition has no $schema" in failures[0][1]


def test_a_resource_without_a_name_gets_its_logical_name_and_a_random_end(native: Engine) -> None:
    first, _ = native.check(ACCOUNT, UNNAMED, name="data")
    again, _ = native.check(ACCOUNT, UNNAMED, name="data", olds=first)
    assert first["accountName"].startswith("data")
    assert len(first["accountName"]) == len("data") + 8
    assert again["accountName"] == first["accountName"]


def test_a_nested_resource_without_a_name_gets_its_logical_name(native: Engine) -> None:
    place = {"resourceGroupName": "group", "accountName": "thing"}
    inputs, _ = native.check("azure-native:storage:BlobContainer", place, name="inputs")
    assert inputs["containerName"] == "inputs"


def test_a_name_that_the_projects_settings_propose_is_taken(native: Engine) -> None:
    wish = pb.CheckRequest.AutonamingOptions(proposed_name="proposed")
    inputs, _ = native.check(ACCOUNT, UNNAMED, autonaming=wish)
    assert inputs["accountName"] == "proposed"


def test_where_names_may_not_be_made_up_a_missing_one_is_refused(native: Engine) -> None:
    wish = pb.CheckRequest.AutonamingOptions(mode=pb.CheckRequest.AutonamingOptions.DISABLE)
    _, failures = native.check(ACCOUNT, UNNAMED, autonaming=wish)
    assert failures == [("accountName", "missing, and no name may be made up for it")]


def test_a_region_is_written_as_azure_writes_it(native: Engine) -> None:
    inputs, _ = native.check(ACCOUNT, {**GOOD, "location": "West Europe"})
    assert inputs["location"] == "westeurope"


def test_a_region_is_not_known_before_its_resource_group_is(native: Engine) -> None:
    unplaced = {key: value for key, value in GOOD.items() if key != "location"}
    inputs, failures = native.check(ACCOUNT, {**unplaced, "resourceGroupName": UNKNOWN})
    assert inputs["location"] is UNKNOWN
    assert failures == []


@pytest.mark.parametrize("value", ["5318008", 5318008])
def test_a_header_of_a_subscriptions_own_is_refused_and_its_value_not_shown(
    native: Engine, value: Any
) -> None:
    mapping = {"type": "Static", "name": "Key", "value": value, "isSecret": True}
    hook = {"endpointType": "WebHook", "endpointUrl": "https://h/"}
    destination = {**hook, "deliveryAttributeMappings": [mapping]}

    told = native.problems(
        f"azure-native:{SUBSCRIBED}", {**COMPLETE[SUBSCRIBED], "destination": destination}
    )

    assert "destination.deliveryAttributeMappings" in str(told)
    assert "5318008" not in str(told)


def test_a_cluster_has_a_name_as_the_types_of_azure_say() -> None:
    names = ["ab", "1cpu", "cpu-1", "c" * 25, "cpu-a1", "c" * 24]

    assert [each for each in names if accepted_instead(CLUSTERS, each) is None] == names[4:]

"""What is refused before anything is created: shapes, names, rules; each with its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane.resource_manager.unknown import UNKNOWN

if TYPE_CHECKING:
    from local_azure_tests.providers.conftest import Engine

ACCOUNT = "azure-native:storage:StorageAccount"
GOOD: dict[str, Any] = {
    "resourceGroupName": "group",
    "accountName": "thing",
    "location": "westeurope",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "allowSharedKeyAccess": False,
}
CLUSTER: dict[str, Any] = {
    "resourceGroupName": "group",
    "workspaceName": "ml",
    "computeName": "cluster",
    "location": "westeurope",
}


@pytest.mark.parametrize(
    ("change", "property_path", "reason"),
    [
        ({"sku": {"name": "Standard_LRS", "teir": 1}}, "sku.teir", "'teir' is no property of this"),
        ({"acountName": "thing"}, "acountName", "did you mean 'accountName'?"),
        ({"kind": "StorageV9"}, "kind", "found 'StorageV9', accepted: 'Storage', 'StorageV2'"),
        ({"sku": {"name": 3}}, "sku.name", "found 3, accepted: 'Standard_LRS'"),
        ({"isHnsEnabled": "yes"}, "isHnsEnabled", "found 'yes', accepted: true or false"),
        ({"tags": {"owner": 1}}, "tags.owner", "found 1, accepted: a string"),
        ({"tags": ["owner"]}, "tags", "found ['owner'], accepted: an object"),
        ({"accountName": "My-Account"}, "accountName", "found 'My-Account', accepted: names"),
        ({"sasPolicy": {"sasExpirationPeriod": "1.0:0:0"}}, "sasPolicy", "not emulated"),
    ],
)
def test_a_property_that_azure_would_drop_or_refuse_is_refused(
    native: Engine, change: dict[str, Any], property_path: str, reason: str
) -> None:
    _, failures = native.check(ACCOUNT, {**GOOD, **change})
    assert [path for path, _ in failures] == [property_path]
    assert reason in failures[0][1]


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


def test_a_nested_object_is_checked_by_its_discriminator(native: Engine) -> None:
    kind = "azure-native:machinelearningservices:Compute"
    scale = {"minNodeCount": 3, "maxNodeCount": 2}
    properties = {
        "computeType": "AmlCompute",
        "properties": {"vmSize": "Standard_DS3_v2", "scaleSettings": scale},
    }
    _, failures = native.check(kind, {**CLUSTER, "properties": properties})
    path = "properties.properties.scaleSettings.minNodeCount"
    assert failures == [(path, "found 3, accepted: at most maxNodeCount, 2")]


def test_an_environment_variable_that_no_process_takes_is_refused(native: Engine) -> None:
    variables = {"GOOD": "a=b", "A=B": "x", "NUL": "secret\0", "LATER": UNKNOWN}
    _, failures = native.check(
        "azure-native:machinelearningservices:BatchDeployment",
        {
            "resourceGroupName": "group",
            "workspaceName": "ml",
            "endpointName": "digits",
            "deploymentName": "digits",
            "location": "westeurope",
            "properties": {
                "compute": "/cluster",
                "environmentId": "/environment",
                "codeConfiguration": {"codeId": "/code", "scoringScript": "score.py"},
                "model": {"referenceType": "Id", "assetId": "/model"},
                "environmentVariables": variables,
            },
        },
    )
    reason = "no process takes it: accepted are a name without '=' and a value, neither with NUL"
    assert sorted(failures) == [
        ("properties.environmentVariables.A=B", reason),
        ("properties.environmentVariables.NUL", reason),
    ]


def test_an_incomplete_workflow_definition_is_refused(native: Engine) -> None:
    inputs = {"resourceGroupName": "group", "workflowName": "w", "location": "westeurope"}
    _, failures = native.check("azure-native:logic:Workflow", {**inputs, "definition": {}})
    assert [path for path, _ in failures] == ["definition"] * 4
    assert "The definition has no $schema" in failures[0][1]


def test_an_event_subscription_keeps_to_event_grids_ranges(native: Engine) -> None:
    inputs = {
        "resourceGroupName": "group",
        "systemTopicName": "topic",
        "eventSubscriptionName": "subscription",
        "destination": {
            "endpointType": "WebHook",
            "endpointUrl": "http://x",
            "maxEventsPerBatch": 0,
        },
        "retryPolicy": {"maxDeliveryAttempts": 31},
    }
    _, failures = native.check("azure-native:eventgrid:SystemTopicEventSubscription", inputs)
    assert failures == [
        ("destination.endpointUrl", "found another scheme, accepted: an https URL"),
        ("destination.maxEventsPerBatch", "found 0, accepted: 1 to 5000"),
        ("retryPolicy.maxDeliveryAttempts", "found 31, accepted: 1 to 30"),
    ]


def test_a_resource_without_a_name_gets_its_logical_name_and_a_random_end(native: Engine) -> None:
    unnamed = {key: value for key, value in GOOD.items() if key != "accountName"}
    first, _ = native.check(ACCOUNT, unnamed, name="data")
    again, _ = native.check(ACCOUNT, unnamed, name="data", olds=first)
    assert first["accountName"].startswith("data")
    assert len(first["accountName"]) == len("data") + 8
    assert again["accountName"] == first["accountName"]


def test_a_nested_resource_without_a_name_gets_its_logical_name(native: Engine) -> None:
    place = {"resourceGroupName": "group", "accountName": "thing"}
    inputs, _ = native.check("azure-native:storage:BlobContainer", place, name="inputs")
    assert inputs["containerName"] == "inputs"


def test_a_name_that_the_projects_settings_propose_is_taken(native: Engine) -> None:
    wish = pb.CheckRequest.AutonamingOptions(proposed_name="proposed")
    unnamed = {key: value for key, value in GOOD.items() if key != "accountName"}
    inputs, _ = native.check(ACCOUNT, unnamed, autonaming=wish)
    assert inputs["accountName"] == "proposed"


def test_where_names_may_not_be_made_up_a_missing_one_is_refused(native: Engine) -> None:
    wish = pb.CheckRequest.AutonamingOptions(mode=pb.CheckRequest.AutonamingOptions.DISABLE)
    unnamed = {key: value for key, value in GOOD.items() if key != "accountName"}
    _, failures = native.check(ACCOUNT, unnamed, autonaming=wish)
    assert failures == [("accountName", "missing, and no name may be made up for it")]


def test_a_region_is_written_as_azure_writes_it(native: Engine) -> None:
    inputs, _ = native.check(ACCOUNT, {**GOOD, "location": "West Europe"})
    assert inputs["location"] == "westeurope"


def test_a_region_is_not_known_before_its_resource_group_is(native: Engine) -> None:
    unplaced = {key: value for key, value in GOOD.items() if key != "location"}
    inputs, failures = native.check(ACCOUNT, {**unplaced, "resourceGroupName": UNKNOWN})
    assert inputs["location"] is UNKNOWN
    assert failures == []


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        *[("ab", True), ("1cpu", True), ("cpu-1", True), ("c" * 25, True)],
        *[("cpu-a1", False), ("c" * 24, False)],
    ],
)
def test_a_cluster_has_a_name_as_the_types_of_azure_say(
    native: Engine,
    name: str,
    refused: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    kind = "azure-native:machinelearningservices:Compute"
    place = {"resourceGroupName": "group", "workspaceName": "ws"}
    _, failures = native.check(kind, {**place, "computeName": name})
    told = [reason for path, reason in failures if path == "computeName"]
    assert any("names that match" in reason for reason in told) is refused

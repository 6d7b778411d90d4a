"""What is refused before anything is created: shapes, names, rules; each with its path."""

from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as pb

from local_azure.control_plane.resource_manager.names import accepted_instead
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.providers.engine import Engine

ACCOUNT = "azure-native:storage:StorageAccount"
GOOD: dict[str, Any] = {
    "resourceGroupName": "group",
    "accountName": "thing",
    "location": "westeurope",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "allowSharedKeyAccess": False,
}
UNNAMED = {key: value for key, value in GOOD.items() if key != "accountName"}
IN: dict[str, Any] = {"resourceGroupName": "group", "location": "westeurope"}
NAMESPACE = {**IN, "namespaceName": "namespace", "disableLocalAuth": True}
INSIDE = {"resourceGroupName": "group", "namespaceName": "namespace"}
FACTORY = {"resourceGroupName": "group", "factoryName": "factory"}
APIS = f"{SUBSCRIPTION}/providers/Microsoft.Web/locations/westeurope/managedApis"
CLUSTERS = "Microsoft.MachineLearningServices/workspaces/computes"
SUBSCRIBED = "eventgrid:SystemTopicEventSubscription"
COMPLETE = {
    "storage:StorageAccount": GOOD,
    "storage:Queue": {"resourceGroupName": "g", "accountName": "account", "queueName": "q"},
    "machinelearningservices:BatchDeployment": {
        **IN,
        "workspaceName": "ml",
        "endpointName": "digits",
        "deploymentName": "digits",
    },
    "machinelearningservices:Compute": {**IN, "workspaceName": "ml", "computeName": "cluster"},
    "eventhub:Namespace": NAMESPACE,
    "servicebus:Namespace": NAMESPACE,
    "eventhub:EventHub": {**INSIDE, "eventHubName": "h"},
    "servicebus:Queue": {**INSIDE, "queueName": "q"},
    "web:Connection": {**IN, "connectionName": "wrong"},
    "datafactory:Factory": {**FACTORY, "location": "westeurope"},
    "datafactory:LinkedService": {**FACTORY, "linkedServiceName": "Refused"},
    "datafactory:Pipeline": {
        **FACTORY,
        "pipelineName": "refused",
        "activities": [{"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}],
    },
    SUBSCRIBED: {
        "resourceGroupName": "group",
        "systemTopicName": "topic",
        "eventSubscriptionName": "to-somewhere",
    },
}
"""Inputs that are taken, of each type as azure-native names it, or taken but for what is tried."""
DEPLOYED = {
    "compute": "/cluster",
    "environmentId": "/environment",
    "codeConfiguration": {"codeId": "/code", "scoringScript": "score.py"},
    "model": {"referenceType": "Id", "assetId": "/model"},
}
SCALE = {"minNodeCount": 3, "maxNodeCount": 2}
HOOK = {"endpointType": "WebHook", "endpointUrl": "https://h/"}
NO_PROCESS = "no process takes it: accepted are a name without '=' and a value, neither with NUL"
BLOBS = {"type": "AzureBlobStorage", "serviceEndpoint": "https://a.blob.core.windows.net"}
GIT = {
    "type": "FactoryGitHubConfiguration",
    "accountName": "a",
    "collaborationBranch": "main",
    "repositoryName": "r",
    "rootFolder": "/",
}


def cluster(**properties: Any) -> dict[str, Any]:
    inner = {"vmSize": "Standard_DS3_v2", **properties}
    return {"properties": {"computeType": "AmlCompute", "properties": inner}}


def by_identity(**destination: Any) -> dict[str, Any]:
    identity = {"type": "SystemAssigned"}
    return {"deliveryWithResourceIdentity": {"destination": destination, "identity": identity}}


def connected(**properties: Any) -> dict[str, Any]:
    return {"properties": {"api": {"id": f"{APIS}/office365"}, **properties}}


def linked(**properties: Any) -> dict[str, Any]:
    return {"properties": properties}


REFUSED: dict[str, list[tuple[dict[str, Any], str]]] = {
    "storage:StorageAccount": [
        ({"sku": {"name": "Standard_LRS", "teir": 1}}, "sku.teir: 'teir' is no property of this"),
        ({"acountName": "thing"}, "and would be dropped; did you mean 'accountName'?"),
        ({"kind": "StorageV9"}, "kind: found 'StorageV9', accepted: 'Storage', 'StorageV2'"),
        ({"sku": {"name": 3}}, "sku.name: found 3, accepted: 'Standard_LRS'"),
        ({"isHnsEnabled": "yes"}, "isHnsEnabled: found 'yes', accepted: true or false"),
        ({"tags": {"owner": 1}}, "tags.owner: found 1, accepted: a string"),
        ({"tags": ["owner"]}, "tags: found ['owner'], accepted: an object"),
        ({"accountName": "My-Account"}, "accountName: found 'My-Account', accepted: names"),
        ({"sasPolicy": {"sasExpirationPeriod": "1.0:0:0"}}, "sasPolicy: not emulated"),
    ],
    "storage:Queue": [({"queueName": "Two--Hyphens"}, "queueName: found 'Two--Hyphens'")],
    "machinelearningservices:Compute": [
        (cluster(scaleSettings=SCALE), "minNodeCount: found 3, accepted: at most maxNodeCount, 2"),
    ],
    "machinelearningservices:BatchDeployment": [
        (
            {"properties": {**DEPLOYED, "environmentVariables": {name: value, **good}}},
            f"properties.environmentVariables.{name}: {NO_PROCESS}",
        )
        for good in ({"GOOD": "a=b", "LATER": UNKNOWN},)
        for name, value in (("A=B", "x"), ("NUL", "secret\0"))
    ],
    "eventhub:Namespace": [
        ({"disableLocalAuth": False}, "disableLocalAuth: found"),
        ({"isAutoInflateEnabled": True}, "isAutoInflateEnabled: not emulated"),
    ],
    "servicebus:Namespace": [
        ({"namespaceName": "bus"}, "namespaceName: found 'bus', accepted: names that match"),
        ({"encryption": {"keySource": "Microsoft.KeyVault"}}, "encryption: not emulated"),
    ],
    "eventhub:EventHub": [
        ({"partitionCount": 33}, "partitionCount: found 33, accepted: "),
        ({"captureDescription": {"enabled": True}}, "captureDescription: not emulated"),
        ({"eventHubName": "a/b"}, "eventHubName: found 'a/b', accepted: names that match"),
    ],
    "servicebus:Queue": [
        ({"status": "Disabled"}, "status: found 'Disabled'"),
        ({"forwardTo": "other"}, "forwardTo: not emulated"),
        (
            {"requiresDuplicateDetection": True},
            "requiresDuplicateDetection: not emulated",
        ),
    ],
    "web:Connection": [
        (connected(api={"id": f"{APIS}/azureblob"}), "the connector 'azureblob' is not emulated"),
        (connected(api={"id": "office365"}), "found 'office365', accepted: /subscriptions/"),
        (connected(parameterValues={"token": "x"}), "not emulated; leave it out"),
    ],
    "datafactory:Factory": [
        (
            {"encryption": {"keyName": "key", "vaultBaseUrl": "https://vault"}},
            "encryption: not emulated; leave it out",
        ),
        (
            {"globalParameters": {"one": {"type": "Int", "value": 1}}},
            "globalParameters: not emulated; leave it out",
        ),
        ({"repoConfiguration": GIT}, "repoConfiguration: not emulated; leave it out"),
    ],
    "datafactory:LinkedService": [
        (
            linked(type="AzureSqlDatabase", connectionString="c"),
            "properties.type: found 'AzureSqlDatabase', emulated: AzureBlobStorage, AzureKeyVault",
        ),
        (
            linked(**BLOBS, sasUri="https://a.blob.core.windows.net?sig=x"),
            "properties.sasUri: not emulated; leave it out",
        ),
        (
            linked(**{**BLOBS, "serviceEndpoint": "http://a.blob.core.windows.net"}),
            "properties.serviceEndpoint: found 'http://a.blob.core.windows.net', accepted: ",
        ),
        (linked(type="AzureBlobStorage"), "properties.serviceEndpoint: missing; accepted: "),
        (
            linked(type="AzureKeyVault", baseUrl="https://vault.azure.net.evil.example"),
            "properties.baseUrl: found 'https://vault.azure.net.evil.example', accepted: ",
        ),
        (
            {"linkedServiceName": "key-vault", **linked(**BLOBS)},
            "found 'key-vault', accepted: names that match",
        ),
    ],
    "datafactory:Pipeline": [
        ({"concurrency": 0}, "concurrency: found 0, accepted: 1 or more"),
        ({"policy": {"elapsedTimeMetric": {"duration": "1"}}}, "policy: not emulated"),
        ({"parameters": {f"p{n}": {"type": "string"} for n in range(51)}}, "accepted: 50"),
        ({"description": "d" * 300_000}, "bytes, accepted: 204800"),
        (
            {"activities": [{"name": "Call", "type": "WebHook", "method": "POST", "url": "u"}]},
            "'Call': the type 'WebHook' is not emulated",
        ),
    ],
    SUBSCRIBED: [
        ({"destination": {**HOOK, "endpointUrl": "http://x"}}, "accepted: an https URL"),
        (
            {"destination": {**HOOK, "maxEventsPerBatch": 0}},
            "destination.maxEventsPerBatch: found 0, accepted: 1 to 5000",
        ),
        (
            {"destination": HOOK, "retryPolicy": {"maxDeliveryAttempts": 31}},
            "retryPolicy.maxDeliveryAttempts: found 31, accepted: 1 to 30",
        ),
        (
            {"destination": {"endpointType": "EventHub", "resourceId": "/x"}},
            "give deliveryWithResourceIdentity",
        ),
        (by_identity(**HOOK), "no managed identity delivers to a webhook"),
        (
            {"destination": {"endpointType": "AzureFunction", "resourceId": "/x"}},
            "A function's URL with its key is a 'WebHook'",
        ),
        (
            by_identity(endpointType="StorageQueue", resourceId="/x"),
            "deliveryWithResourceIdentity.destination.queueName: missing",
        ),
        ({}, "destination: events go somewhere; found neither"),
    ],
}


@pytest.mark.parametrize(
    ("kind", "change", "said"), [(kind, *row) for kind, rows in REFUSED.items() for row in rows]
)
def test_a_property_that_azure_would_drop_or_refuse_is_refused(
    native: Engine, kind: str, change: dict[str, Any], said: str
) -> None:
    [problem] = native.problems(f"azure-native:{kind}", {**COMPLETE[kind], **change})

    assert said in problem


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
    destination = {**HOOK, "deliveryAttributeMappings": [mapping]}

    told = native.problems(
        f"azure-native:{SUBSCRIBED}", {**COMPLETE[SUBSCRIBED], "destination": destination}
    )

    assert "destination.deliveryAttributeMappings" in str(told)
    assert "5318008" not in str(told)


def test_an_expiry_of_a_subscription_is_refused_by_name(native: Engine) -> None:
    given = {**COMPLETE[SUBSCRIBED], "expirationTimeUtc": "2030-01-01T00:00:00Z"}

    assert "expirationTimeUtc: not emulated" in str(
        native.problems(f"azure-native:{SUBSCRIBED}", given)
    )


def test_a_cluster_has_a_name_as_the_types_of_azure_say() -> None:
    names = ["ab", "1cpu", "cpu-1", "c" * 25, "cpu-a1", "c" * 24]

    assert [each for each in names if accepted_instead(CLUSTERS, each) is None] == names[4:]

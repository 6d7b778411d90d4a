"""Changes: in place, by replacement, behind Pulumi's back, and away."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, refused
from local_azure_tests.providers.event_path import ML, EventPath

ACCOUNT = "azure-native:storage:StorageAccount"
NETWORK = "azure-native:network:VirtualNetwork"
DEPLOYMENT = "azure-native:resources:Deployment"


def test_a_changed_setting_is_an_update(path: EventPath) -> None:
    told = path.native.diff(path.inputs, {**path.inputs.inputs, "minimumTlsVersion": "TLS1_2"})
    assert list(told.detailedDiff) == ["minimumTlsVersion"]
    assert list(told.replaces) == []


@pytest.mark.parametrize(
    ("kind", "change", "replaced"),
    [
        ("inputs", {"accountName": "changednow"}, "accountName"),
        ("inputs", {"location": "northeurope"}, "location"),
    ],
)
def test_what_azure_can_not_change_makes_a_new_resource(
    path: EventPath, kind: str, change: dict[str, Any], replaced: str
) -> None:
    before: Created = getattr(path, kind)
    told = path.native.diff(before, merged(before.inputs, change))
    assert [one.rpartition(".")[2] for one in told.replaces] == [replaced]
    assert told.deleteBeforeReplace


def test_a_topic_of_something_else_is_sent_as_a_change_which_azure_refuses(path: EventPath) -> None:
    elsewhere = path.account(f"{path.stem}elsewhere").id
    change = {**path.topic.inputs, "source": elsewhere}
    assert list(path.native.diff(path.topic, change).replaces) == []
    with refused("System topic source cannot be modified."):
        path.native.update(path.topic, change)


def test_a_cluster_s_other_size_is_sent_as_a_change_unless_the_program_replaces_it(
    path: EventPath,
) -> None:
    change = {"properties": {"properties": {"vmSize": "Standard_D2"}}}
    told = path.native.diff(path.cluster, merged(path.cluster.inputs, change))
    assert list(told.detailedDiff) == ["properties.properties.vmSize"]
    assert list(told.replaces) == []


@pytest.fixture
def datastore(path: EventPath) -> Created:
    """A datastore on one of two containers."""
    for name in ("first", "second"):
        path.container(path.inputs, name)
    _, _, subscription, _, group, *_ = path.group.id.split("/")
    properties = {
        "datastoreType": "AzureBlob",
        "credentials": {"credentialsType": "None"},
        "subscriptionId": subscription,
        "resourceGroup": group,
        "accountName": path.inputs.outputs["name"],
        "containerName": "first",
    }
    told = {**path.in_workspace, "name": "kept", "properties": properties}
    return path.native.create(f"{ML}Datastore", told)


def test_a_datastore_keeps_its_container(path: EventPath, datastore: Created) -> None:
    with refused("properties.containerName: a datastore keeps its container"):
        path.native.update(
            datastore, merged(datastore.inputs, {"properties": {"containerName": "second"}})
        )


def test_a_subscription_keeps_its_schema(path: EventPath) -> None:
    other = {"eventDeliverySchema": "CloudEventSchemaV1_0"}
    with refused(
        "The new event delivery schema value CloudEventSchemaV1_0 cannot be different from the "
        "already existing event delivery schema value EventGridSchema."
    ):
        path.native.update(path.subscription, merged(path.subscription.inputs, other))


def merged(inputs: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    nested = {
        key: merged(inputs[key], value) if isinstance(value, dict) else value
        for key, value in change.items()
    }
    return {**inputs, **nested}


def test_a_new_resource_comes_first_where_the_name_was_made_up(path: EventPath) -> None:
    unnamed = {key: value for key, value in path.account_inputs("").items() if key != "accountName"}
    made = path.native.create(ACCOUNT, unnamed, name="fresh")
    told = path.native.diff(made, {**unnamed, "location": "northeurope"})
    assert list(told.replaces) == ["location"]
    assert not told.deleteBeforeReplace


@pytest.mark.parametrize(
    "kind", ["inputs", "workspace", "cluster", "endpoint", "workflow", "topic", "subscription"]
)
def test_a_refresh_of_an_untouched_resource_changes_nothing(path: EventPath, kind: str) -> None:
    before: Created = getattr(path, kind)
    assert path.native.read(before) == before


def test_a_refresh_leaves_a_network_s_subnets_to_those(path: EventPath) -> None:
    place = {"resourceGroupName": path.group.outputs["name"], "virtualNetworkName": "spoke"}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}}
    network = path.native.create(NETWORK, {**place, "location": "westeurope", **space})
    subnet = {"subnetName": "endpoints", "addressPrefix": "10.0.0.0/27"}
    path.native.create("azure-native:network:Subnet", {**place, **subnet})
    assert path.native.found(network).inputs == network.inputs


def test_what_was_changed_behind_pulumis_back_shows_in_the_inputs(
    running: Running, path: EventPath
) -> None:
    made = path.native.create(ACCOUNT, path.account_inputs("drifts"))
    found = running.stored(made.id)
    drifted = {**found.properties, "minimumTlsVersion": "TLS1_2", "tags": {"by": "hand"}}
    running.call(running.azure.resources.put, replace(found, properties=drifted))
    now = path.native.found(made)
    assert now.inputs == {**made.inputs, "minimumTlsVersion": "TLS1_2", "tags": {"by": "hand"}}


def test_what_was_deleted_behind_pulumis_back_is_gone(running: Running, path: EventPath) -> None:
    made = path.native.create(ACCOUNT, path.account_inputs("vanishes"))
    running.call(running.azure.resources.delete, made.id)
    assert path.native.read(made) is None
    path.native.delete(made)


def test_an_import_gets_the_inputs_from_the_id_and_the_answer(path: EventPath) -> None:
    found = path.native.found(replace(path.inputs, inputs={}, outputs={})).inputs

    keys = ("accountName", "resourceGroupName", "sku", "primaryEndpoints")
    assert {key: found[key] for key in keys if key in found} == {
        "accountName": "pathinputs",
        "resourceGroupName": "path-group",
        "sku": {"name": "Standard_LRS"},
    }


def test_an_id_of_another_type_is_refused(path: EventPath) -> None:
    with refused("is no id of Microsoft.Storage/storageAccounts"):
        path.native.read(replace(path.inputs, id=path.group.id))


def test_a_deleted_resource_group_takes_all_it_holds_along(
    running: Running, native: Engine
) -> None:
    path, azure = EventPath(native, "doomed"), running.azure
    assert path.subscription
    principal = path.topic.outputs["identity"]["principalId"]
    native.delete(path.group)

    write = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write"
    allows = azure.authorization.allows
    assert {
        "resources": running.call(azure.resources.below, path.group.id),
        "group": native.read(path.group),
        "identity": running.call(azure.directory.find, principal),
        "its right": running.call(allows, principal, write, path.dead_letters.id, data=True),
    } == {"resources": [], "group": None, "identity": None, "its right": False}


def test_the_default_deployment_is_not_deleted_by_itself(native: Engine) -> None:
    path = EventPath(native, "default")
    defaults = {"deploymentName": path.deployment.outputs["name"]}
    properties = {"authMode": "AADToken", "defaults": defaults}
    native.update(path.endpoint, {**path.endpoint.inputs, "properties": properties})
    with refused("is the default of the endpoint 'default-scoring'"):
        native.delete(path.deployment)
    native.delete(path.endpoint)
    assert native.read(path.deployment) is None


TEMPLATE: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
}


def deployment(path: EventPath, deployment_name: str, **resource: Any) -> dict[str, Any]:
    body = {
        "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
        "apiVersion": "2025-12-01",
        "name": f"{path.workspace.outputs['name']}/{path.endpoint.outputs['name']}",
        "location": "westeurope",
        **resource,
    }
    template = {**TEMPLATE, "resources": [body]}
    return {
        **path.in_group,
        "deploymentName": deployment_name,
        "properties": {"mode": "Incremental", "template": template},
    }


def test_an_inline_template_puts_a_resources_whole_body(native: Engine) -> None:
    path = EventPath(native, "inline")
    defaults = {"deploymentName": path.deployment.outputs["name"]}
    properties = {"authMode": "AADToken", "defaults": defaults}
    made = native.create(DEPLOYMENT, deployment(path, "default", properties=properties))
    told = made.outputs["properties"]

    assert native.found(path.endpoint).outputs["properties"]["defaults"] == defaults
    assert (told.get("template"), told["outputResources"]) == (None, [{"id": path.endpoint.id}])
    native.delete(made)
    assert native.read(path.endpoint) is not None


def cluster_put(path: EventPath, vm_size: str) -> dict[str, Any]:
    return deployment(
        path,
        f"cluster-{vm_size}",
        type="Microsoft.MachineLearningServices/workspaces/computes",
        name=f"{path.workspace.outputs['name']}/{path.cluster.outputs['name']}",
        identity={"type": "SystemAssigned"},
        properties={
            "computeType": "AmlCompute",
            "properties": {"vmSize": vm_size, "scaleSettings": {"maxNodeCount": 2}},
        },
    )


def test_an_inline_template_gives_a_cluster_another_identity(path: EventPath) -> None:
    path.native.create(DEPLOYMENT, cluster_put(path, "Standard_DS3_v2"))
    assert path.native.found(path.cluster).outputs["identity"]["type"] == "SystemAssigned"


def test_a_cluster_keeps_the_size_that_it_was_made_with(path: EventPath) -> None:
    with refused("a cluster keeps what it was made with: 'STANDARD_DS3_V2'"):
        path.native.create(DEPLOYMENT, cluster_put(path, "Standard_D2"))


def test_a_template_with_a_wrong_body_writes_nothing(native: Engine, path: EventPath) -> None:
    properties = {"authMode": "AADToken", "defaults": {"deploymentName": "missing"}}
    inputs = deployment(path, "wrong", properties=properties)
    with refused("the endpoint has no deployment 'missing'"):
        native.create(DEPLOYMENT, inputs)
    assert native.read(path.endpoint) == path.endpoint


@pytest.mark.parametrize(
    ("resources", "where"),
    [({"type": "x"}, "resources"), (["x"], "resources[0]"), ("x", "resources")],
)
def test_a_template_has_a_list_of_resources(path: EventPath, resources: Any, where: str) -> None:
    inputs = deployment(path, "x")
    inputs["properties"]["template"]["resources"] = resources
    [problem] = path.native.problems(DEPLOYMENT, inputs)
    assert problem.startswith(f"properties.template.{where}: ")


@pytest.mark.parametrize(
    ("resource", "where"),
    [
        ({"location": "[resourceGroup().location]"}, "location"),
        ({"dependsOn": []}, "dependsOn"),
        ({"name": "alone"}, "name"),
    ],
)
def test_a_template_holds_literal_values_only(
    path: EventPath, resource: dict[str, Any], where: str
) -> None:
    [problem] = path.native.problems(DEPLOYMENT, deployment(path, "x", **resource))
    assert problem.startswith(f"properties.template.resources[0].{where}: ")


def test_a_deleted_vault_s_name_is_free_once_its_retention_is_over(
    running: Running, path: EventPath
) -> None:
    kind, made = "azure-native:keyvault:Vault", EventPath(path.native, "kept").vault
    path.native.delete(made)
    with refused("A vault with the same name already exists in deleted state."):
        path.native.create(kind, made.inputs)
    running.call(running.azure.clock.advance, timedelta(days=91))
    assert path.native.create(kind, made.inputs).id == made.id

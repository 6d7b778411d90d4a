"""What resources have once they exist: an answer per type, never an echo of the inputs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_azure.catalogue import TYPES
from local_azure.control_plane.resource_manager import sdk
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import TENANT_ID
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Engine, refused
from local_azure_tests.providers.event_path import ML, EventPath


def foreign(kinds: dict[str, Any], value: dict[str, Any], where: str = "") -> Iterator[str]:
    """Keys of an answer that the SDK's outputs don't have."""
    for key, entry in value.items():
        if key not in kinds:
            yield f"{where}{key}"
        elif sdk.is_output(kinds[key]) and isinstance(entry, dict):
            yield from foreign(sdk.outputs(kinds[key]), entry, f"{where}{key}.")


def test_every_answer_has_only_what_the_sdk_knows(running: Running, path: EventPath) -> None:
    made = {each.type for each in (path.deployment, path.subscription, path.workflow)}
    found = {
        kind.pulumi_type: list(foreign(sdk.resource(kind.pulumi_type).outputs, one.properties))
        for kind in TYPES
        for one in running.call(running.azure.resources.select, kind.arm_type)
    }
    assert found.keys() >= made
    assert len(found) >= 16
    assert {kind: keys for kind, keys in found.items() if keys} == {}


def test_the_provider_sends_the_body_that_azure_takes(
    native: Engine, path: EventPath, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "bodies.jsonl"
    monkeypatch.setenv("LOCAL_AZURE_BODIES", str(file))
    native.create("azure-native:storage:StorageAccount", path.account_inputs("pathsent"))
    (row,) = map(json.loads, file.read_text().splitlines())

    assert row["type"] == "Microsoft.Storage/storageAccounts"
    assert row["body"] == {
        "kind": "StorageV2",
        "location": "westeurope",
        "properties": {"allowSharedKeyAccess": False},
        "sku": {"name": "Standard_LRS"},
    }


def test_another_cloud_has_other_endpoints(running: Running) -> None:
    port = running.azure.ports.now["azure-native"]
    china = EventPath(Engine(port, environment="china"), "cn", "chinanorth3")
    account, endpoint = china.inputs.outputs, china.endpoint.outputs
    assert account["primaryEndpoints"]["blob"] == "https://cninputs.blob.core.chinacloudapi.cn/"
    scoring_uri = endpoint["properties"]["scoringUri"]
    assert scoring_uri == "https://cn-scoring.chinanorth3.inference.ml.azure.cn/jobs"


def test_identities_given_as_a_list_are_told_as_a_mapping(path: EventPath) -> None:
    told = path.cluster.outputs["identity"]["userAssignedIdentities"]
    identity = path.identity.outputs
    ids = {"clientId": identity["clientId"], "principalId": identity["principalId"]}
    assert told == {path.identity.id: ids}


def test_a_system_assigned_identity_is_a_principal(running: Running, path: EventPath) -> None:
    identity = path.topic.outputs["identity"]
    principal = running.call(running.azure.directory.find, identity["principalId"])
    assert principal is not None
    assert principal.kind == "ManagedIdentity"
    assert identity["tenantId"] == TENANT_ID


def test_a_webhooks_signature_is_not_told(path: EventPath) -> None:
    told = path.subscription.outputs
    base, _, query = path.callback_url.partition("?")

    destination = {key: v for key, v in told["destination"].items() if key.startswith("endpoint")}
    assert destination == {"endpointType": "WebHook", "endpointBaseUrl": base}
    assert ("sig=" in query, "sig=" in json.dumps(told)) == (True, False)


def test_a_secure_parameter_is_told_without_its_value(path: EventPath) -> None:
    assert path.workflow.outputs["parameters"] == {
        "client_secret": {"type": "SecureString"},
        "audience": {"type": "String", "value": "https://ml.azure.com"},
    }


def test_a_conda_file_that_is_told_as_json_is_still_the_same(
    native: Engine, path: EventPath
) -> None:
    given = {"image": "python:3.11", "condaFile": "dependencies: [python=3.11]"}
    inputs = {**path.in_workspace, "name": "packages", "version": "1", "properties": given}
    made = native.create(f"{ML}EnvironmentVersion", inputs)
    told = made.outputs["properties"]["condaFile"]

    assert json.loads(told) == {"dependencies": ["python=3.11"]}
    assert native.is_settled(made, inputs)
    again = native.update(made, {**inputs, "properties": {**given, "condaFile": told}})
    assert again.outputs["properties"]["condaFile"] == told


def test_a_workspace_with_data_isolation_has_its_own_container(path: EventPath) -> None:
    inputs = path.workspace_inputs("isolated") | {"enableDataIsolation": True}
    workspace = path.native.create(f"{ML}Workspace", inputs)
    arguments = {
        "resourceGroupName": inputs["resourceGroupName"],
        "workspaceName": workspace.outputs["name"],
        "name": "workspaceblobstore",
    }
    store = path.native.invoke("azure-native:machinelearningservices:getDatastore", arguments)
    container = f"{workspace.outputs['workspaceId']}-azureml-blobstore"
    assert store["properties"]["containerName"] == container


def test_a_workspace_has_no_keys_of_an_account_that_takes_none(path: EventPath) -> None:
    keyless = path.workspace_inputs("keys") | {"systemDatastoresAuthMode": "accesskey"}
    with refused("the storage account takes no keys"):
        path.native.create(f"{ML}Workspace", keyless)


def test_a_preview_tells_only_what_the_inputs_tell(path: EventPath) -> None:
    inputs = path.account_inputs("previewed")
    told = path.native.preview("azure-native:storage:StorageAccount", inputs)

    assert {key: told[key] for key in ("kind", "sku", "primaryEndpoints", "name")} == {
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS", "tier": UNKNOWN},
        "primaryEndpoints": UNKNOWN,
        "name": UNKNOWN,
    }


def test_a_put_replaces_the_whole_body(path: EventPath) -> None:
    inputs = path.account_inputs("wholebody")
    kind = "azure-native:storage:StorageAccount"
    made = path.native.create(kind, {**inputs, "tags": {"owner": "me"}, "accessTier": "Cool"})
    changed = path.native.update(made, {**inputs, "minimumTlsVersion": "TLS1_2"}).outputs

    keys = ("tags", "accessTier", "minimumTlsVersion", "creationTime")
    assert made.outputs["tags"] == {"owner": "me"}
    assert {key: changed[key] for key in keys} == {
        "tags": {},
        "accessTier": "Hot",
        "minimumTlsVersion": "TLS1_2",
        "creationTime": made.outputs["creationTime"],
    }

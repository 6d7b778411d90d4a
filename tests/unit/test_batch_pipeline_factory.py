"""The data factory, its pipelines, and what it may do."""

import json
from typing import Any

import pulumi
import pytest

from components.data_factory.batch_pipeline_factory import (
    BatchPipelineFactory,
    BatchPipelineFactoryArgs,
    ExistingBatchPipelineFactory,
)
from components.data_factory.copying import CopyingArgs
from components.data_factory.pipeline_principal import PipelinePrincipalArgs
from components.data_factory.pipelines import properties
from tests.unit.azure import GROUP, TENANT
from tests.unit.engine import Deployment, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
FACTORY = f"{GROUP}/providers/Microsoft.DataFactory/factories/pipelines-factory"
PRINCIPAL: PipelinePrincipalArgs = {
    "tenant_id": TENANT,
    "client_id": "client",
    "client_secret": "hunter2",
    "login_host": "login.microsoftonline.us",
    "vault_suffix": "vault.usgovcloudapi.net",
}
READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def _args(**changes: Any) -> BatchPipelineFactoryArgs:
    args: BatchPipelineFactoryArgs = {
        "resource_group_name": "rg",
        "location": "westeurope",
        "tags": {"owner": "me"},
        "role_definition_id": "/role",
        "workspace_id": WORKSPACE,
        "input_scope": f"{STORAGE}/inputs",
        "endpoint_uri": "https://e.westeurope.inference.ml.azure.com/jobs",
        "audience": "https://ml.azure.us",
        "poll_interval_seconds": 60,
        "max_wait_hours": 49,
        "input_uri": "azureml://datastores/batch_inputs/paths/incoming/",
        "input_type": "UriFolder",
        "output_folder": "azureml://datastores/workspaceblobstore/paths/batch/",
    }
    return args | changes  # type: ignore[return-value]


def _deployed(**changes: Any) -> Deployment:
    return deploy(lambda: BatchPipelineFactory("pipelines", _args(**changes)))


def _defaults(deployed: Deployment, name: str) -> dict[str, Any]:
    parameters = deployed.named(name).inputs["parameters"]
    return {key: each["defaultValue"] for key, each in parameters.items() if "defaultValue" in each}


def _grants(deployed: Deployment) -> dict[str, tuple[str, str, str]]:
    return {
        grant.name: (
            grant.inputs["principalId"],
            grant.inputs["roleDefinitionId"].rsplit("/", 1)[-1],
            grant.inputs["scope"].removeprefix(f"{GROUP}/providers/Microsoft."),
        )
        for grant in deployed.all("RoleAssignment")
    }


def test_the_factory_has_an_identity_from_its_creation_on() -> None:
    factory = _deployed().one("datafactory:Factory").inputs
    assert factory["identity"] == {"type": "SystemAssigned"}
    assert factory["tags"] == {"owner": "me"}


def test_it_may_invoke_and_read_the_inputs_and_nothing_else() -> None:
    assert _grants(_deployed()) == {
        "pipelines-invokes": (
            "factory-principal",
            "role",
            "MachineLearningServices/workspaces/ws",
        ),
        "pipelines-reads-inputs": (
            "factory-principal",
            READER,
            "Storage/storageAccounts/inputs",
        ),
    }


@pytest.mark.parametrize(
    ("name", "template", "principal"),
    [
        ("pipelines-run", "Run-BatchEndpoint-MI", None),
        ("pipelines-run", "Run-BatchEndpoint-SP", PRINCIPAL),
        ("pipelines-score", "Score-Folder", None),
        ("pipelines-score", "Score-Folder-SP", PRINCIPAL),
    ],
)
def test_a_template_is_deployed_with_nothing_dropped(
    name: str, template: str, principal: PipelinePrincipalArgs | None
) -> None:
    sent = _deployed(service_principal=principal).named(name).inputs
    hoisted = properties(template)
    assert sent["activities"] == json.loads(json.dumps(hoisted["activities"]))
    assert sent.get("variables", {}) == hoisted.get("variables", {})
    assert set(sent["parameters"]) == set(hoisted["parameters"])
    assert "typeProperties" not in json.dumps(sent)


def test_the_names_are_those_that_pipelines_call_each_other_by() -> None:
    names = {each.inputs["pipelineName"] for each in _deployed().all("datafactory:Pipeline")}
    assert names == {"Run-BatchEndpoint", "Score-Folder"}


def test_what_the_stack_says_is_a_default_of_the_outer_pipeline() -> None:
    assert _defaults(_deployed(), "pipelines-score") == {
        "endpoint_uri": "https://e.westeurope.inference.ml.azure.com/jobs",
        "poll_interval": 60,
        "endpoint_input_uri": "azureml://datastores/batch_inputs/paths/incoming/",
        "endpoint_input_type": "UriFolder",
        "endpoint_input_name": "input",
        "endpoint_output_uri": "",
        "endpoint_output_name": "score",
        "endpoint_output_type": "UriFile",
        "output_folder": "azureml://datastores/workspaceblobstore/paths/batch/",
        "audience": "https://ml.azure.us",
        "max_wait": "2.01:00:00",
        "max_failed_checks": 5,
    }


def test_the_outer_pipeline_is_made_after_the_one_that_it_calls() -> None:
    deployed = _deployed()
    assert "pipelines-run" in deployed.named("pipelines-score").depends_on


def test_a_service_principals_secret_goes_to_a_vault_of_its_own_and_nowhere_else() -> None:
    deployed = _deployed(service_principal=PRINCIPAL)
    kept = deployed.one("keyvault:Secret")
    assert kept.inputs["properties"] == {"value": "hunter2"}
    assert kept.secrets == {"properties.value"}
    assert kept.deleted_with.endswith("pipelines-vault")
    others = [each for each in deployed.resources if each.name != kept.name]
    assert [each.name for each in others if "hunter2" in json.dumps(each.inputs)] == []


def test_with_a_service_principal_the_factory_may_read_its_secret_and_nothing_else() -> None:
    grants = _grants(_deployed(service_principal=PRINCIPAL))
    vault = "KeyVault/vaults/kvpipelinesv0a1b2c3d4e"
    assert grants == {
        "pipelines-reads-secret": (
            "factory-principal",
            "4633458b-17de-408a-b874-0445c86b69e6",
            f"{vault}/secrets/client-secret",
        )
    }


@pytest.mark.parametrize("invokes", [False, True], ids=["it signs in", "its identity invokes"])
def test_while_the_invoker_changes_both_are_ready_and_one_invokes(*, invokes: bool) -> None:
    both = {"service_principal": PRINCIPAL, "identity_may_invoke": True}
    deployed = _deployed(**both, identity_invokes=invokes)
    told = _defaults(deployed, "pipelines-score")
    assert set(_grants(deployed)) == {
        "pipelines-invokes",
        "pipelines-reads-inputs",
        "pipelines-reads-secret",
    }
    assert ("client_secret" in told) is not invokes


def test_a_live_pipeline_changes_only_when_its_identity_may_invoke() -> None:
    before = _deployed().named("pipelines-score").depends_on
    assert before >= {"pipelines-invokes", "pipelines-reads-inputs"}


def test_the_pipeline_is_told_where_the_secret_is_and_the_clouds_hosts() -> None:
    told = _defaults(_deployed(service_principal=PRINCIPAL), "pipelines-score")
    vault = "kvpipelinesv0a1b2c3d4e.vault.usgovcloudapi.net"
    assert told["client_secret"] == f"https://{vault}/secrets/client-secret"
    assert told["login_uri"] == "https://login.microsoftonline.us"
    assert told["vault_audience"] == "https://vault.usgovcloudapi.net"
    assert (told["tenant_id"], told["client_id"]) == (TENANT, "client")


def test_an_existing_factory_is_read_and_gets_the_pipelines_in_its_group() -> None:
    shared = FACTORY.replace("/rg/", "/shared/").replace("pipelines-factory", "team-factory")
    deployed = deploy(
        lambda: ExistingBatchPipelineFactory("pipelines", {**_args(), "factory_id": shared})
    )
    assert deployed.named("pipelines-factory").read_id == shared
    score = deployed.named("pipelines-score").inputs
    assert (score["resourceGroupName"], score["factoryName"]) == ("shared", "team-factory")
    assert "pipelines-invokes" in _grants(deployed)


def test_an_existing_factory_without_an_identity_is_refused() -> None:
    def program() -> None:
        ExistingBatchPipelineFactory("pipelines", {**_args(), "factory_id": FACTORY})

    with pytest.raises(pulumi.RunError, match="no system-assigned identity"):
        deploy(program, answers={"azure-native:datafactory:Factory": {"identity": None}})


def _copying(**changes: Any) -> CopyingArgs:
    args: CopyingArgs = {
        "source": {"account_id": f"{STORAGE}/theirs", "container": "exports", "folder": "eu/"},
        "input": {
            "account_id": f"{STORAGE}/inputs",
            "container": "inputs",
            "datastore": "batch_inputs",
        },
        "output": {
            "account_id": f"{STORAGE}/inputs",
            "container": "predictions",
            "datastore": "batch_outputs",
        },
        "destination": {"account_id": f"{STORAGE}/final", "container": "scores", "folder": "d/"},
        "blob_suffix": "blob.core.windows.net",
    }
    return args | changes  # type: ignore[return-value]


BEFORE = {"source_container", "source_folder", "input_container", "input_datastore"}
AFTER = {
    "endpoint_output_type",
    "output_container",
    "output_datastore",
    "destination_container",
    "destination_folder",
}


@pytest.mark.parametrize(
    ("changes", "pipeline", "values"),
    [
        ({}, "Copy-Score-Copy", BEFORE | AFTER),
        ({"destination": None}, "Copy-Then-Score", BEFORE),
        ({"source": None}, "Score-Then-Copy", AFTER | {"endpoint_input_type"}),
    ],
)
def test_a_pipeline_copies_what_the_stack_names(
    changes: dict[str, Any], pipeline: str, values: set[str]
) -> None:
    deployed = _deployed(copying=_copying(**changes))
    assert deployed.named("pipelines-copies").inputs["pipelineName"] == pipeline
    assert set(_defaults(deployed, "pipelines-copies")) == values


def test_each_account_is_fixed_in_a_linked_service_of_its_own() -> None:
    endpoints = {
        each.inputs["linkedServiceName"]: each.inputs["properties"]
        for each in _deployed(copying=_copying()).all("datafactory:LinkedService")
    }
    assert endpoints["SourceStorage"] == {
        "type": "AzureBlobStorage",
        "serviceEndpoint": "https://theirs.blob.core.windows.net/",
        "accountKind": "StorageV2",
    }
    assert set(endpoints) == {
        "SourceStorage", "InputStorage", "OutputStorage", "DestinationStorage"
    }  # fmt: skip


def test_the_factory_reads_what_it_copies_from_and_writes_what_it_copies_to() -> None:
    grants = {
        name: (role, scope.removeprefix("Storage/storageAccounts/").replace("/blobServices", ""))
        for name, (_, role, scope) in _grants(_deployed(copying=_copying())).items()
        if name.endswith("-copies")
    }
    assert grants == {
        "pipelines-source-copies": (READER, "theirs/default/containers/exports"),
        "pipelines-input-copies": (CONTRIBUTOR, "inputs/default/containers/inputs"),
        "pipelines-output-copies": (READER, "inputs/default/containers/predictions"),
        "pipelines-destination-copies": (CONTRIBUTOR, "final/default/containers/scores"),
    }


def test_copying_without_source_and_destination_is_refused() -> None:
    with pytest.raises(ValueError, match="Give source or destination"):
        _deployed(copying=_copying(source=None, destination=None))

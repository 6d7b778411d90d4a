"""The data factory, its pipelines, and what it may do."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.data_factory import copying
from components.data_factory.pipelines import properties
from tests.unit.azure import CLIENT_SECRET, GROUP, TENANT
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_settings import changed

STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
FACTORY = f"{GROUP}/providers/Microsoft.DataFactory/factories/pipelines-factory"
SECRET = {"authentication": "service_principal"}
READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def _deployed(**factory: Any) -> Deployment:
    return run(changed(data_factory={"enabled": True, **factory}))


def _signing_in() -> Deployment:
    """One whose pipelines have a secret, and nothing else has."""
    return run(changed({"blob_events.enabled": False}, data_factory=SECRET))


def _defaults(deployed: Deployment, name: str) -> dict[str, Any]:
    parameters = deployed.named(name).inputs["parameters"]
    return {key: each["defaultValue"] for key, each in parameters.items() if "defaultValue" in each}


def _grants(deployed: Deployment) -> dict[str, tuple[str, str]]:
    """Role and scope of each right that the factory has."""
    return {
        grant.name: (
            grant.inputs["roleDefinitionId"].rsplit("/", 1)[-1],
            grant.inputs["scope"].removeprefix(f"{GROUP}/providers/Microsoft."),
        )
        for grant in deployed.all("RoleAssignment")
        if grant.inputs["principalId"] == "factory-principal"
    }


def test_it_may_invoke_and_read_the_inputs_and_nothing_else() -> None:
    assert _grants(_deployed()) == {
        "pipelines-invokes": (
            "11111111-2222-3333-4444-555555555555",
            "MachineLearningServices/workspaces/ml-workspace",
        ),
        "pipelines-reads-inputs": (
            READER,
            "Storage/storageAccounts/stinputs0a1b2c3d4e/blobServices/default/containers/inputs",
        ),
    }


@pytest.mark.parametrize(
    ("name", "template", "deployed"),
    [
        ("pipelines-run", "Run-BatchEndpoint-MI", _deployed),
        ("pipelines-run", "Run-BatchEndpoint-SP", _signing_in),
        ("pipelines-score", "Score-Folder", _deployed),
        ("pipelines-score", "Score-Folder-SP", _signing_in),
    ],
)
def test_a_template_is_deployed_with_nothing_dropped(
    name: str, template: str, deployed: Callable[[], Deployment]
) -> None:
    sent, hoisted = deployed().named(name).inputs, json.loads(json.dumps(properties(template)))
    # Their defaults are the stack's.
    assert sent["parameters"].keys() == hoisted.pop("parameters").keys()
    assert {key: sent[key] for key in hoisted} == hoisted
    assert "typeProperties" not in json.dumps(sent)


def test_the_names_are_those_that_pipelines_call_each_other_by() -> None:
    names = {each.inputs["pipelineName"] for each in _deployed().all("datafactory:Pipeline")}
    assert names == {"Run-BatchEndpoint", "Score-Folder"}


def test_what_the_stack_says_is_a_default_of_the_outer_pipeline() -> None:
    said = {"max_wait_hours": 49, "poll_interval_seconds": 61, "output_name": "rows"}
    assert _defaults(_deployed(**said), "pipelines-score") == {
        "endpoint_uri": "https://scoring0a1b2c3d4e.westeurope.inference.ml.azure.com/jobs",
        "poll_interval": 61,
        "endpoint_input_uri": "azureml://datastores/batch_inputs/paths/incoming/",
        "endpoint_input_type": "UriFolder",
        "endpoint_input_name": "mnistinput",
        "endpoint_output_uri": "",
        "endpoint_output_name": "rows",
        "endpoint_output_type": "UriFile",
        "output_folder": "azureml://datastores/workspaceblobstore/paths/batch/",
        "audience": "https://ml.azure.com",
        "max_wait": "2.01:00:00",
        "max_failed_checks": 5,
    }


def test_the_outer_pipeline_is_made_after_the_one_that_it_calls() -> None:
    assert "pipelines-run" in _deployed().named("pipelines-score").depends_on


def test_a_service_principals_secret_goes_to_a_vault_of_its_own_and_nowhere_else() -> None:
    deployed = _signing_in()
    kept = deployed.one("keyvault:Secret")
    holders = [each for each in deployed.resources if CLIENT_SECRET in json.dumps(each.inputs)]
    assert [(each.name, *each.secrets) for each in holders] == [(kept.name, "properties.value")]
    assert kept.inputs["properties"] == {"value": CLIENT_SECRET}
    assert kept.deleted_with.endswith("pipelines-vault")


def test_with_a_service_principal_the_factory_may_read_its_secret_and_nothing_else() -> None:
    vault = "KeyVault/vaults/kvpipelinesv0a1b2c3d4e"
    assert _grants(_signing_in()) == {
        "pipelines-reads-secret": (
            "4633458b-17de-408a-b874-0445c86b69e6",
            f"{vault}/secrets/client-secret",
        )
    }


@pytest.mark.parametrize(
    ("authentication", "signs_in"), [("service_principal", True), ("managed_identity", False)]
)
def test_while_the_invoker_changes_both_are_ready_and_one_invokes(
    authentication: str, *, signs_in: bool
) -> None:
    factory = {"authentication": authentication}
    deployed = run(changed({"invoker.changing": True}, data_factory=factory))
    assert set(_grants(deployed)) == {
        "pipelines-invokes",
        "pipelines-reads-inputs",
        "pipelines-reads-secret",
    }
    assert ("client_secret" in _defaults(deployed, "pipelines-score")) is signs_in


def test_a_live_pipeline_changes_only_when_its_identity_may_invoke() -> None:
    before = _deployed().named("pipelines-score").depends_on
    assert before >= {"pipelines-invokes", "pipelines-reads-inputs"}


def test_the_pipeline_is_told_where_the_secret_is_and_the_clouds_hosts() -> None:
    signing_in = {
        "client_secret": "https://kvpipelinesv0a1b2c3d4e.vault.azure.net/secrets/client-secret",
        "login_uri": "https://login.microsoftonline.com",
        "vault_audience": "https://vault.azure.net",
        "tenant_id": TENANT,
        "client_id": "app-client-id",
    }
    told = _defaults(_signing_in(), "pipelines-score")
    assert {name: told[name] for name in signing_in} == signing_in


def test_an_existing_factory_is_read_and_gets_the_pipelines_in_its_group() -> None:
    shared = FACTORY.replace("/rg/", "/shared/").replace("pipelines-factory", "team-factory")
    deployed = _deployed(existing=shared)
    assert deployed.named("pipelines-factory").read_id == shared
    score = deployed.named("pipelines-score").inputs
    assert (score["resourceGroupName"], score["factoryName"]) == ("shared", "team-factory")
    assert "pipelines-invokes" in _grants(deployed)


def test_an_existing_factory_without_an_identity_is_refused() -> None:
    answers = {"azure-native:datafactory:Factory": {"identity": None}}

    with pytest.raises(pulumi.RunError, match="no system-assigned identity"):
        run(changed({"data_factory.existing": FACTORY}), answers)


SOURCE = {"account_id": f"{STORAGE}/theirs", "container": "exports", "folder": "eu/"}
DESTINATION = {"account_id": f"{STORAGE}/final", "container": "scores", "folder": "d/"}
BOTH = {"copy_before": SOURCE, "copy_after": DESTINATION, "output_container": "predictions"}
BEFORE = {"source_container", "source_folder", "input_container", "input_datastore"}
AFTER = {
    "endpoint_output_type",
    "output_container",
    "output_datastore",
    "destination_container",
    "destination_folder",
}


@pytest.mark.parametrize(
    ("factory", "pipeline", "values"),
    [
        (BOTH, "Copy-Score-Copy", BEFORE | AFTER),
        ({"copy_before": SOURCE}, "Copy-Then-Score", BEFORE),
        ({"copy_after": DESTINATION}, "Score-Then-Copy", AFTER | {"endpoint_input_type"}),
    ],
)
def test_a_pipeline_copies_what_the_stack_names(
    factory: dict[str, Any], pipeline: str, values: set[str]
) -> None:
    deployed = _deployed(**factory)
    assert deployed.named("pipelines-copies").inputs["pipelineName"] == pipeline
    assert set(_defaults(deployed, "pipelines-copies")) == values


def test_each_account_is_fixed_in_a_linked_service_of_its_own() -> None:
    endpoints = {
        each.inputs["linkedServiceName"]: each.inputs["properties"]
        for each in _deployed(**BOTH).all("datafactory:LinkedService")
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
        for name, (role, scope) in _grants(_deployed(**BOTH)).items()
        if name.endswith("-copies")
    }
    inputs = "stinputs0a1b2c3d4e/default/containers"
    assert grants == {
        "pipelines-source-copies": (READER, "theirs/default/containers/exports"),
        "pipelines-input-copies": (CONTRIBUTOR, f"{inputs}/inputs"),
        "pipelines-output-copies": (READER, f"{inputs}/predictions"),
        "pipelines-destination-copies": (CONTRIBUTOR, "final/default/containers/scores"),
    }


def test_copying_without_source_and_destination_is_refused() -> None:
    nothing: Any = {"source": None, "destination": None}

    with pytest.raises(ValueError, match="Give source or destination"):
        copying._sides(nothing)

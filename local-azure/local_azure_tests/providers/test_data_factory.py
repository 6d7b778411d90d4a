"""Factories and their documents, created as azure-native creates them."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import grpc
import pytest

from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.datafactory import exported
from local_azure_tests.providers.conftest import Engine, refusal

if TYPE_CHECKING:
    from local_azure_tests.conftest import Running
    from local_azure_tests.providers.conftest import Created

DF = "azure-native:datafactory:"


WAIT = {"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}


class Factory:
    """A factory and what it needs, created when first asked for."""

    def __init__(self, native: Engine, stem: str) -> None:
        self.native = native
        self.stem = stem

    @cached_property
    def group(self) -> Created:
        given = {"resourceGroupName": f"{self.stem}-group", "location": "westeurope"}
        return self.native.create("azure-native:resources:ResourceGroup", given)

    @cached_property
    def identity(self) -> Created:
        given = {**self.in_group, "resourceName": f"{self.stem}-identity"}
        return self.native.create("azure-native:managedidentity:UserAssignedIdentity", given)

    @cached_property
    def made(self) -> Created:
        return self.native.create(f"{DF}Factory", self.inputs())

    @property
    def in_group(self) -> dict[str, Any]:
        return {"resourceGroupName": self.group.outputs["name"]}

    @property
    def inside(self) -> dict[str, Any]:
        return {**self.in_group, "factoryName": self.made.outputs["name"]}

    def inputs(self) -> dict[str, Any]:
        identity = {
            "type": "SystemAssigned,UserAssigned",
            "userAssignedIdentities": {self.identity.id: {}},
        }
        return {**self.in_group, "factoryName": f"{self.stem}-factory", "identity": identity}

    def create(self, kind: str, key: str, name: str, **given: Any) -> Created:
        return self.native.create(f"{DF}{kind}", {**self.inside, key: name, **given})

    def pipeline(self, name: str, **given: Any) -> Created:
        return self.create("Pipeline", "pipelineName", name, **{"activities": [WAIT], **given})

    def linked_service(self, name: str, **properties: Any) -> Created:
        return self.create("LinkedService", "linkedServiceName", name, properties=properties)

    def problems(self, kind: str, **given: Any) -> list[str]:
        """What a preview says about a document: property and reason."""
        _, failures = self.native.check(f"{DF}{kind}", {**self.inside, **given})
        return [f"{path}: {reason}" for path, reason in failures]


@pytest.fixture(scope="module")
def factory(native: Engine) -> Factory:
    return Factory(native, "adf")


def test_a_factory_has_both_kinds_of_identity(factory: Factory) -> None:
    told = factory.made.outputs["identity"]

    assert told["tenantId"] == TENANT_ID
    assert list(told["userAssignedIdentities"]) == [factory.identity.id]
    assert told["principalId"] != factory.identity.outputs["principalId"]


def test_a_factory_keeps_the_identity_that_it_was_created_with(factory: Factory) -> None:
    later = {**factory.inputs(), "identity": {"type": "SystemAssigned"}}

    with pytest.raises(grpc.RpcError) as error:
        factory.native.update(factory.made, later)

    assert "identity: a factory's identity can't be changed after its creation" in refusal(error)


def test_a_factorys_name_is_unique_in_azure(factory: Factory) -> None:
    assert factory.made
    other = Factory(factory.native, "adf-other")

    with pytest.raises(grpc.RpcError) as error:
        factory.native.create(f"{DF}Factory", {**other.in_group, "factoryName": "ADF-factory"})

    assert "the name 'ADF-factory' is already taken" in refusal(error)


@pytest.mark.parametrize("key", ["encryption", "globalParameters", "repoConfiguration"])
def test_what_a_factory_would_not_heed_is_refused_by_name(factory: Factory, key: str) -> None:
    given = {
        "encryption": {"keyName": "key", "vaultBaseUrl": "https://vault"},
        "globalParameters": {"one": {"type": "Int", "value": 1}},
        "repoConfiguration": {
            "type": "FactoryGitHubConfiguration",
            "accountName": "a",
            "collaborationBranch": "main",
            "repositoryName": "r",
            "rootFolder": "/",
        },
    }

    _, failures = factory.native.check(f"{DF}Factory", {**factory.inputs(), key: given[key]})

    assert failures == [(key, "not emulated; leave it out")]


def test_a_pipeline_is_updated_in_place(factory: Factory) -> None:
    made = factory.pipeline("changed")
    later = {**made.inputs, "concurrency": 3}

    assert list(factory.native.diff(made, later).replaces) == []
    assert factory.native.update(made, later).outputs["concurrency"] == 3


def test_an_activity_of_an_unknown_type_is_refused_in_the_preview(factory: Factory) -> None:
    hook = {"name": "Call", "type": "WebHook", "method": "POST", "url": "https://example.org"}

    [problem] = factory.problems("Pipeline", pipelineName="unknown", activities=[hook])

    assert "'Call': the type 'WebHook' is not emulated" in problem


def test_a_key_that_azure_native_would_drop_is_refused(factory: Factory) -> None:
    activity = {"name": "Wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}

    problems = factory.problems("Pipeline", pipelineName="dropped", activities=[activity])

    assert any("typeProperties" in each and "would be dropped" in each for each in problems)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"concurrency": 0}, "concurrency: found 0, accepted: 1 or more"),
        ({"policy": {"elapsedTimeMetric": {"duration": "1"}}}, "policy: not emulated"),
        ({"parameters": {f"p{n}": {"type": "string"} for n in range(51)}}, "accepted: 50"),
        ({"description": "d" * 300_000}, "bytes, accepted: 204800"),
    ],
)
def test_a_limit_of_pipelines_is_told(factory: Factory, given: dict[str, Any], reason: str) -> None:
    [problem] = factory.problems(
        "Pipeline", pipelineName="limits", **{"activities": [WAIT], **given}
    )

    assert reason in problem


def test_a_pipeline_is_told_with_its_parameters(factory: Factory) -> None:
    made = factory.pipeline("told", parameters={"seconds": {"type": "int", "defaultValue": 120}})

    assert made.outputs["parameters"] == {"seconds": {"type": "int", "defaultValue": 120}}
    assert made.id.endswith("/factories/adf-factory/pipelines/told")


def call(name: object) -> dict[str, Any]:
    pipeline = {"type": "PipelineReference", "referenceName": name}
    own = {"pipeline": pipeline, "waitOnCompletion": True}
    return {"name": "Call", "type": "ExecutePipeline", **own}


def test_a_pipeline_that_calls_none_that_exists_is_refused_by_name(factory: Factory) -> None:
    [problem] = factory.problems("Pipeline", pipelineName="lost", activities=[call("nobody")])

    assert problem.startswith("activities[0].pipeline: it names 'nobody', which the factory does")


def test_pipelines_do_not_call_each_other_in_a_circle(factory: Factory) -> None:
    first = factory.pipeline("first")
    factory.pipeline("second", activities=[call("first")])

    with pytest.raises(grpc.RpcError) as error:
        factory.native.update(first, {**first.inputs, "activities": [call("second")]})

    assert "pipelines that call each other: first > second > first" in refusal(error)


def test_a_pipeline_that_another_one_calls_is_not_deleted(factory: Factory) -> None:
    inner = factory.pipeline("inner")
    outer = factory.pipeline("outer", activities=[call("inner")])

    with pytest.raises(grpc.RpcError) as error:
        factory.native.delete(inner)
    assert "cannot be deleted since it is referenced by outer" in refusal(error)

    factory.native.delete(outer)
    factory.native.delete(inner)
    assert factory.native.read(inner) is None


def test_a_factory_is_deleted_with_all_that_is_in_it(native: Engine) -> None:
    factory = Factory(native, "adf-gone")
    inner = factory.pipeline("inner")
    factory.pipeline("outer", activities=[call("inner")])

    native.delete(factory.made)

    assert native.read(inner) is None


def test_a_secret_in_a_pipeline_is_neither_told_nor_kept_in_clear(
    running: Running, factory: Factory
) -> None:
    password = {"type": "SecureString", "value": "s3cr&t"}
    web = {
        "name": "Web",
        "type": "WebActivity",
        "method": "GET",
        "url": "https://example.org",
        "authentication": {"type": "Basic", "username": "me", "password": password},
    }
    made = factory.native.create(
        f"{DF}Pipeline", {**factory.inside, "pipelineName": "secret", "activities": [web]}
    )

    again = factory.native.read(made)
    kept = b"".join(path.read_bytes() for path in running.home.folder.glob("state.db*"))

    assert "s3cr&t" not in json.dumps(made.outputs)
    assert b"s3cr&t" not in kept
    assert again is not None
    assert again.inputs == made.inputs


@pytest.mark.parametrize(
    "properties",
    [
        {"type": "AzureBlobStorage", "serviceEndpoint": "https://inputs.blob.core.windows.net"},
        {"type": "AzureKeyVault", "baseUrl": "https://vault-one.vault.azure.net/"},
        {
            "type": "AzureBlobStorage",
            "serviceEndpoint": "https://@{linkedService().account}.blob.core.windows.net",
            "parameters": {"account": {"type": "string"}},
        },
    ],
)
def test_a_linked_service_by_managed_identity_is_created(
    factory: Factory, properties: dict[str, Any]
) -> None:
    made = factory.linked_service(f"By{len(str(properties))}", **properties)

    assert made.outputs["properties"] == properties


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        (
            {"type": "AzureSqlDatabase", "connectionString": "c"},
            "properties.type: found 'AzureSqlDatabase', emulated: AzureBlobStorage, AzureKeyVault",
        ),
        (
            {
                "type": "AzureBlobStorage",
                "serviceEndpoint": "https://a.blob.core.windows.net",
                "sasUri": "https://a.blob.core.windows.net?sig=x",
            },
            "properties.sasUri: not emulated; leave it out",
        ),
        (
            {"type": "AzureBlobStorage", "serviceEndpoint": "http://a.blob.core.windows.net"},
            "properties.serviceEndpoint: found 'http://a.blob.core.windows.net', accepted: ",
        ),
        ({"type": "AzureBlobStorage"}, "properties.serviceEndpoint: missing; accepted: "),
        (
            {"type": "AzureKeyVault", "baseUrl": "https://vault.azure.net.evil.example"},
            "properties.baseUrl: found 'https://vault.azure.net.evil.example', accepted: ",
        ),
    ],
)
def test_a_linked_service_that_would_not_work_is_refused_by_name(
    factory: Factory, properties: dict[str, Any], problem: str
) -> None:
    [found] = factory.problems("LinkedService", linkedServiceName="Refused", properties=properties)

    assert found.startswith(problem)


def test_a_linked_services_name_has_no_hyphen(factory: Factory) -> None:
    vault = {"type": "AzureKeyVault", "baseUrl": "https://vault-one.vault.azure.net/"}

    [found] = factory.problems("LinkedService", linkedServiceName="key-vault", properties=vault)

    assert "found 'key-vault', accepted: names that match" in found


def dataset(linked_service: str, **given: Any) -> dict[str, Any]:
    location = {"type": "AzureBlobStorageLocation", "container": "inputs"}
    reference = {"type": "LinkedServiceReference", "referenceName": linked_service}
    return {"type": "Binary", "linkedServiceName": reference, "location": location, **given}


def test_a_dataset_is_exported_with_its_own_keys_apart(factory: Factory) -> None:
    endpoint = "https://files.blob.core.windows.net"
    factory.linked_service("Files", type="AzureBlobStorage", serviceEndpoint=endpoint)
    made = factory.create("Dataset", "datasetName", "Folder", properties=dataset("Files"))

    document = exported.document(made.outputs["properties"])

    assert set(document) == {"type", "linkedServiceName", "typeProperties"}
    assert document["typeProperties"] == {
        "location": {"type": "AzureBlobStorageLocation", "container": "inputs"}
    }


def test_a_dataset_of_no_linked_service_is_refused_by_name(factory: Factory) -> None:
    [problem] = factory.problems("Dataset", datasetName="Lost", properties=dataset("Nowhere"))

    assert problem.startswith("properties.linkedServiceName: it names 'Nowhere', which the fact")


def test_a_preview_counts_what_is_declared_before(running: Running) -> None:
    engine = Engine(running.azure.ports.now["azure-native"])
    unborn = {"resourceGroupName": "unborn", "factoryName": UNKNOWN}

    def problems(name: str, *activities: dict[str, Any]) -> list[tuple[str, str]]:
        inputs = {**unborn, "pipelineName": name, "activities": list(activities)}
        return engine.check(f"{DF}Pipeline", inputs)[1]

    before = problems("outer", call("inner"))
    inner = problems("inner", WAIT)
    after = problems("outer", call("INNER"))
    engine.channel.close()

    assert "it names 'inner', which the factory does not have" in before[0][1]
    assert (inner, after) == ([], [])


@pytest.mark.parametrize("name", [UNKNOWN, "anything"])
def test_a_name_that_a_preview_can_not_know_is_not_held_against_it(
    running: Running, name: object
) -> None:
    engine = Engine(running.azure.ports.now["azure-native"])
    unborn = {"resourceGroupName": "unborn", "factoryName": UNKNOWN, "pipelineName": UNKNOWN}
    engine.check(f"{DF}Pipeline", {**unborn, "activities": [WAIT]})

    _, problems = engine.check(f"{DF}Pipeline", {**unborn, "activities": [call(name)]})
    engine.channel.close()

    assert problems == []


def test_a_dataset_of_another_format_is_refused_by_name(factory: Factory) -> None:
    [found] = factory.problems(
        "Dataset", datasetName="Table", properties=dataset("Files", type="Parquet")
    )

    assert found == "properties.type: found 'Parquet', emulated: Binary, DelimitedText"


def test_a_credential_is_an_identity_of_the_factory(factory: Factory) -> None:
    given = {"type": "ManagedIdentity", "resourceId": factory.identity.id}
    assert factory.create("CredentialOperation", "credentialName", "scorer", properties=given)

    stranger = {**factory.in_group, "resourceName": "adf-stranger"}
    other = factory.native.create("azure-native:managedidentity:UserAssignedIdentity", stranger)
    with pytest.raises(grpc.RpcError) as error:
        factory.create(
            "CredentialOperation",
            "credentialName",
            "other",
            properties={**given, "resourceId": other.id},
        )

    assert "'adf-stranger' is not assigned to the factory 'adf-factory'" in refusal(error)

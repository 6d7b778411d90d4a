"""Factories and their documents, created as azure-native creates them."""

import json
from functools import cached_property
from typing import Any

import pytest

from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.datafactory import exported
from local_azure_tests.conftest import Running
from local_azure_tests.providers.engine import Created, Engine, refused
from local_azure_tests.providers.event_path import EventPath

DF = "azure-native:datafactory:"


WAIT = {"name": "Wait", "type": "Wait", "waitTimeInSeconds": 1}


class Factory(EventPath):
    """A factory and what it needs, created when first asked for."""

    @cached_property
    def factory(self) -> Created:
        return self.native.create(f"{DF}Factory", self.factory_inputs)

    @property
    def inside(self) -> dict[str, Any]:
        return {**self.in_group, "factoryName": self.factory.outputs["name"]}

    @cached_property
    def factory_inputs(self) -> dict[str, Any]:
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
        return self.native.problems(f"{DF}{kind}", {**self.inside, **given})


@pytest.fixture(scope="module")
def factory(native: Engine) -> Factory:
    return Factory(native, "adf")


def test_a_factory_has_both_kinds_of_identity(factory: Factory) -> None:
    told = factory.factory.outputs["identity"]

    assert told["tenantId"] == TENANT_ID
    assert list(told["userAssignedIdentities"]) == [factory.identity.id]
    assert told["principalId"] != factory.identity.outputs["principalId"]


def test_a_factory_keeps_the_identity_that_it_was_created_with(factory: Factory) -> None:
    later = {**factory.factory_inputs, "identity": {"type": "SystemAssigned"}}

    with refused("identity: a factory's identity can't be changed after its creation"):
        factory.native.update(factory.factory, later)


def test_a_factorys_name_is_unique_in_azure(factory: Factory) -> None:
    assert factory.factory

    with refused("the name 'ADF-factory' is already taken"):
        Factory(factory.native, "adf-other").made("datafactory:Factory", factoryName="ADF-factory")


def test_a_pipeline_is_updated_in_place(factory: Factory) -> None:
    made = factory.pipeline("changed")
    later = {**made.inputs, "concurrency": 3}

    assert list(factory.native.diff(made, later).replaces) == []
    assert factory.native.update(made, later).outputs["concurrency"] == 3


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

    with refused("pipelines that call each other: first > second > first"):
        factory.native.update(first, {**first.inputs, "activities": [call("second")]})


def test_a_pipeline_that_another_one_calls_is_not_deleted(factory: Factory) -> None:
    inner = factory.pipeline("inner")
    outer = factory.pipeline("outer", activities=[call("inner")])

    with refused("cannot be deleted since it is referenced by outer"):
        factory.native.delete(inner)

    factory.native.delete(outer)
    factory.native.delete(inner)
    assert factory.native.read(inner) is None


def test_a_factory_is_deleted_with_all_that_is_in_it(native: Engine) -> None:
    factory = Factory(native, "adf-gone")
    inner = factory.pipeline("inner")
    factory.pipeline("outer", activities=[call("inner")])

    native.delete(factory.factory)

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
    made = factory.pipeline("secret", activities=[web])

    kept = b"".join(path.read_bytes() for path in running.home.folder.glob("state.db*"))

    assert "s3cr&t" not in json.dumps(made.outputs)
    assert b"s3cr&t" not in kept
    assert factory.native.found(made).inputs == made.inputs


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

    assert found == "properties.type: found 'Parquet', emulated: 'Binary'"


def test_a_credential_is_an_identity_of_the_factory(factory: Factory) -> None:
    given = {"type": "ManagedIdentity", "resourceId": factory.identity.id}
    assert factory.create("CredentialOperation", "credentialName", "scorer", properties=given)

    kind = "managedidentity:UserAssignedIdentity"
    stranger = factory.made(kind, resourceName="adf-stranger")
    other = {**given, "resourceId": stranger.id}
    with refused("'adf-stranger' is not assigned to the factory 'adf-factory'"):
        factory.create("CredentialOperation", "credentialName", "other", properties=other)

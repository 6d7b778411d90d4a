"""Models registered and deployed through the control plane, and what failed: events or none."""

from typing import Any

import pytest

from local_azure_tests.conftest import Running
from local_azure_tests.providers.conftest import native
from local_azure_tests.providers.engine import Created, Engine, refused
from local_azure_tests.providers.event_path import EventPath

__all__ = ["native"]

Json = dict[str, Any]
ML = "azure-native:machinelearningservices:"
PREFIX = "Microsoft.MachineLearningServices."
MODEL = "azureml://datastores/workspaceblobstore/paths/model"


@pytest.fixture(scope="module")
def path(native: Engine) -> EventPath:
    """A workspace with a system topic."""
    made = EventPath(native, "news")
    made.made(
        "eventgrid:SystemTopic",
        systemTopicName="news-workspace",
        source=made.workspace.id,
        topicType="Microsoft.MachineLearningServices.Workspaces",
    )
    return made


def told(running: Running, kind: str, subject: str = "") -> list[Json]:
    """The events of a type, and of a subject that begins so, oldest first."""
    history = running.call(running.azure.eventgrid.history, 1000)
    events = [each["event"] for each in reversed(history)]
    found = [each for each in events if each["eventType"] == f"{PREFIX}{kind}"]
    return [each for each in found if each["subject"].startswith(subject)]


def version(path: EventPath, name: str, number: str = "1", **properties: Any) -> Created:
    given = {"modelUri": MODEL, "modelType": "custom_model", **properties}
    return path.version("ModelVersion", name, number, **given)


def test_a_registered_model_is_told_as_the_documentation_has_it(
    running: Running, path: EventPath
) -> None:
    version(path, "regression", "20", tags={"area": "diabetes"}, properties={"type": "test"})

    event = told(running, "ModelRegistered")[-1]
    del event["id"], event["eventTime"]
    assert event == {
        "topic": path.workspace.id,
        "subject": "models/regression:20",
        "eventType": f"{PREFIX}ModelRegistered",
        "data": {
            "ModelName": "regression",
            "ModelVersion": 20,
            "ModelTags": {"area": "diabetes"},
            "ModelProperties": {"type": "test"},
        },
        "dataVersion": "",
        "metadataVersion": "1",
    }


@pytest.mark.parametrize("number", ["007", "1.2", "2026-06-01", "9" * 25])
def test_a_version_that_is_no_plain_number_is_told_as_text(
    running: Running, path: EventPath, number: str
) -> None:
    version(path, "texts", number)

    assert told(running, "ModelRegistered")[-1]["data"]["ModelVersion"] == number


def test_a_version_that_is_only_described_anew_is_no_news(
    running: Running, path: EventPath
) -> None:
    made = version(path, "described")

    inputs = {**made.inputs, "properties": {**made.inputs["properties"], "tags": {"a": "b"}}}
    path.native.update(made, inputs)

    assert len(told(running, "ModelRegistered", "models/described:")) == 1


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("ftp://somewhere/model", "ftp"),
        ("abfss://models@inputs.dfs.core.windows.net/model", "Other stores than blobs"),
        ("https://inputs.dfs.core.windows.net/models/model", "Other stores than blobs"),
    ],
)
def test_a_registration_that_fails_raises_no_event(
    running: Running, path: EventPath, uri: str, said: str
) -> None:
    with refused(said):
        version(path, "broken", modelUri=uri)

    assert told(running, "ModelRegistered", "models/broken:") == []


def test_code_and_environments_raise_no_event(running: Running, path: EventPath) -> None:
    count = len(running.call(running.azure.eventgrid.history, 1000))

    path.version("CodeVersion", "silent", codeUri=MODEL)
    path.version("EnvironmentVersion", "silent", image="python:3.11")

    assert len(running.call(running.azure.eventgrid.history, 1000)) == count


def test_a_deployed_model_is_told_once_and_a_changed_setting_is_no_news(
    running: Running, path: EventPath
) -> None:
    inputs = deployment(path, "told", version(path, "told"))
    made = path.native.create(f"{ML}BatchDeployment", inputs)

    properties = {**made.inputs["properties"], "miniBatchSize": 3}
    path.native.update(made, {**made.inputs, "properties": properties})

    [event] = told(running, "ModelDeployed")
    assert event["subject"] == "endpoints/news-scoring"
    assert event["data"] == {
        "ServiceName": "news-scoring",
        "ServiceComputeType": "AmlCompute",
        "ModelIds": "told:1",
        "ServiceTags": {"team": "blue"},
        "ServiceProperties": {"type": "test"},
    }


def test_a_deployment_that_fails_raises_no_event(running: Running, path: EventPath) -> None:
    before = told(running, "ModelDeployed")
    inputs = deployment(path, "broken", version(path, "whole"))
    inputs["properties"]["resources"] = {"instanceCount": 99}

    with refused("maxNodeCount"):
        path.native.create(f"{ML}BatchDeployment", inputs)

    assert told(running, "ModelDeployed") == before


def deployment(path: EventPath, name: str, model: Created) -> Json:
    inputs = path.deployment_inputs
    return {
        **inputs,
        "deploymentName": name,
        "tags": {"team": "blue"},
        "properties": {
            **inputs["properties"],
            "model": {"referenceType": "Id", "assetId": model.id},
            "properties": {"type": "test"},
        },
    }

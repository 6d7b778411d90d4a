"""Where a job's outputs are looked for."""

from __future__ import annotations

from typing import Any

import pytest

from client.environment import Environment
from client.errors import ClientError
from client.jobs import Job
from client.predictions import output_uris, places
from client.uris import BlobPlace

WORKSPACE = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
)
ENVIRONMENT = Environment(
    {
        "workspace_id": WORKSPACE,
        "predictions_url": "https://own.blob.core.windows.net/azureml-blobstore-1/azureml/",
    }
)


class Manager:
    """Knows one datastore."""

    def __init__(self, **properties: Any) -> None:
        self.properties = properties
        self.asked: list[str] = []

    def get(self, url: str, _: Any) -> Any:
        self.asked.append(url)
        return {"properties": self.properties}


def job(**properties: Any) -> Job:
    return Job("job-1", "Completed", properties)


class Looking:
    """A caller in the environment."""

    environment = ENVIRONMENT
    credential = None

    def __init__(self, manager: Manager) -> None:
        self.manager = manager


def found(job: Job, manager: Manager) -> dict[str, BlobPlace]:
    return places(Looking(manager), job)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("properties", "uri"),
    [
        ({}, "azureml://datastores/workspaceblobstore/paths/azureml/job-1/score/"),
        ({"outputData": {}, "output": {"uri": "azureml://a"}}, "azureml://a"),
        (
            {"output": {"datastoreId": f"{WORKSPACE}/datastores/d", "path": "p/q"}},
            "azureml://datastores/d/paths/p/q",
        ),
        (
            {"outputData": {"score": {"uri": "azureml://named"}}, "output": {"uri": "other"}},
            "azureml://named",
        ),
        ({"outputData": {"score": {"Uri": "azureml://Pascal"}}}, "azureml://Pascal"),
    ],
)
def test_a_named_output_comes_before_the_default_place(
    properties: dict[str, Any], uri: str
) -> None:
    assert output_uris(job(**properties)) == {"score": uri}


OWN = "https://own.blob.core.windows.net/azureml-blobstore-1"


@pytest.mark.parametrize(
    ("folders", "outputs"),
    [
        ([], ["score"]),
        (["logs"], ["score"]),
        (["logs", "score"], ["score"]),
        (["rows", "logs", "plots"], ["plots", "rows"]),
    ],
)
def test_outputs_without_a_name_are_the_folders_of_the_job(
    monkeypatch: pytest.MonkeyPatch, folders: list[str], outputs: list[str]
) -> None:
    monkeypatch.setattr("client.predictions.subfolders", lambda *_: folders)
    manager = Manager()

    assert found(job(), manager) == {
        name: BlobPlace(OWN, f"azureml/job-1/{name}/") for name in outputs
    }
    assert manager.asked == []


def test_another_datastore_is_asked_for() -> None:
    manager = Manager(datastoreType="AzureBlob", accountName="a", containerName="c")
    outputs = {"rows": {"uri": "azureml://datastores/mine/paths/x/rows.csv"}}

    assert found(job(outputData=outputs), manager) == {
        "rows": BlobPlace("https://a.blob.core.windows.net/c", "x/rows.csv")
    }
    assert manager.asked == [f"https://management.azure.com{WORKSPACE}/datastores/mine"]


def test_a_datastore_that_is_not_on_blobs_is_refused() -> None:
    outputs = {"rows": {"uri": "azureml://datastores/lake/paths/x"}}

    with pytest.raises(ClientError, match="'lake' is of type AzureDataLakeGen2"):
        found(job(outputData=outputs), Manager(datastoreType="AzureDataLakeGen2"))

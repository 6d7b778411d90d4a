"""Where a job's outputs are looked for."""

from collections import defaultdict
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.jobs import Job
from batch_client.predictions import log_places, output_uris, places
from batch_client.run_history import ChildRun, RunHistory
from batch_client.uris import BlobPlace
from tests.client.manager import WORKSPACE, Manager, asking

OWN = "https://own.blob.core.windows.net/azureml-blobstore-1"
OUTPUTS = {"workspace_id": WORKSPACE, "predictions_url": f"{OWN}/azureml/"}
MINE = "https://a.blob.core.windows.net/c"
CHILD = ChildRun("child-1", "batchscoring")

BLOBS = {"datastoreType": "AzureBlob", "accountName": "a", "containerName": "c"}


@dataclass
class History:
    """Knows the runs below each job."""

    runs: list[ChildRun] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)

    def children(self, _: str) -> list[ChildRun]:
        return self.runs

    def references(self, _: str) -> dict[str, Any]:
        return self.told


def looking(history: History | None = None, **store: Any) -> Caller:
    """A caller in the environment, whose datastores are all of this kind."""
    told = defaultdict[str, Any](lambda: {"properties": store or BLOBS})
    return asking(OUTPUTS, manager=Manager(told), history=history or History())


def job(**properties: Any) -> Job:
    return Job("job-1", "Completed", properties)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """URLs of the folders in which something lies."""
    folders: set[str] = set()

    def below(_: object, place: BlobPlace) -> list[str]:
        inside = [url[len(place.url) :] for url in folders if url.startswith(place.url)]
        return [name.partition("/")[0] for name in inside]

    monkeypatch.setattr("batch_client.predictions.exists", lambda _, place: place.url in folders)
    monkeypatch.setattr("batch_client.predictions.subfolders", below)
    return folders


@pytest.mark.parametrize(
    ("properties", "uri"),
    [
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
def test_a_place_that_the_job_tells_is_taken(properties: dict[str, Any], uri: str) -> None:
    assert output_uris(job(**properties)) == {"score": uri}


def test_where_the_logs_of_an_ended_job_lie_is_no_place_of_scores() -> None:
    store = f"{WORKSPACE}/datastores/workspaceartifactstore"
    assert output_uris(job(output={"datastoreId": store, "path": "ExperimentRun/dcid.j"})) == {}


SCORED = {
    "the recorded folder": (f"{OWN}/azureml/child-1/score/", {}),
    "the older folder": (f"{OWN}/dataset/child-1/score/", {}),
    "what the run's definition says": (
        f"{MINE}/kept/here/",
        {"score": {"dataStoreName": "mine", "pathOnDataStore": "kept/here"}},
    ),
}


@pytest.mark.parametrize(("url", "told"), SCORED.values(), ids=SCORED)
def test_predictions_without_a_name_are_found_by_the_child_run(
    stored: set[str], url: str, told: dict[str, Any]
) -> None:
    stored.add(url)
    nowhere = job(output={"datastoreId": None, "path": None})

    (place,) = places(looking(History([CHILD], told)), nowhere).values()

    assert place.url == url


def test_a_pipelines_outputs_are_the_folders_of_its_job(stored: set[str]) -> None:
    stored |= {f"{OWN}/azureml/job-1/{name}/" for name in ("rows", "plots")}

    assert places(looking(History([CHILD])), job()) == {
        name: BlobPlace(OWN, f"azureml/job-1/{name}/") for name in ("plots", "rows")
    }


@pytest.mark.usefixtures("stored")
def test_where_nothing_lies_the_recorded_folder_is_named() -> None:
    assert places(looking(History([CHILD])), job()) == {
        "score": BlobPlace(OWN, "azureml/child-1/score/")
    }


@pytest.mark.usefixtures("stored")
def test_a_job_without_runs_has_scored_nothing() -> None:
    with pytest.raises(ClientError, match="no run below the job job-1"):
        places(looking(), job())


@pytest.mark.parametrize(
    ("runs", "steps"),
    [
        ([CHILD], [("", "job-1"), ("", "child-1")]),
        (
            [ChildRun("a", "prepare"), ChildRun("b", "score")],
            [("", "job-1"), ("prepare", "a"), ("score", "b")],
        ),
    ],
)
def test_logs_are_the_jobs_own_and_those_of_each_step(
    runs: list[ChildRun], steps: list[tuple[str, str]]
) -> None:
    assert log_places(looking(History(runs)), "job-1") == [
        (name, BlobPlace(MINE, f"ExperimentRun/dcid.{run}/")) for name, run in steps
    ]


def test_another_datastore_is_asked_for() -> None:
    caller = looking()
    outputs = {"rows": {"uri": "azureml://datastores/mine/paths/x/rows.csv"}}

    assert places(caller, job(outputData=outputs)) == {
        "rows": BlobPlace("https://a.blob.core.windows.net/c", "x/rows.csv")
    }
    assert cast("Manager", caller.manager).asked == [f"{WORKSPACE}/datastores/mine"]


def test_a_datastore_that_is_not_on_blobs_is_refused() -> None:
    outputs = {"rows": {"uri": "azureml://datastores/lake/paths/x"}}

    with pytest.raises(ClientError, match="'lake' is of type AzureDataLakeGen2"):
        places(looking(datastoreType="AzureDataLakeGen2"), job(outputData=outputs))


def test_the_runs_below_a_job_are_those_of_all_pages() -> None:
    first = {"value": [{"runId": "a"}], "continuationToken": "more"}
    pages = {"": first, "more": {"value": [{"runId": "b"}], "continuationToken": None}}

    def get(_: str, __: str, query: dict[str, str]) -> Any:
        return pages[query.get("$continuationtoken", "")]

    history = RunHistory(cast("Any", SimpleNamespace(get=get)), WORKSPACE)
    history.__dict__["api"] = str

    assert history.children("job-1") == [ChildRun("a", ""), ChildRun("b", "")]

"""Deployments as code on the real engine: a second sample, a switch without a gap, a pipeline.

The tests run in their order, on one stack.
"""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests import PROJECT
from tests.stack.event_path.client import Client, digits
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.shell import SEVEN

INPUTS = PROJECT / "samples" / "diamonds" / "inputs"
DIAMONDS = {
    "name": "diamonds",
    "model": "samples/diamonds/code/model",
    "scoring_code": "samples/diamonds/code",
}
DIGITS = {"name": "digits"}
PIPELINE = {"name": "clean-diamonds", "pipeline": "samples/diamonds/pipeline.yml"}
ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"


stack = brought_up(deployments=[DIAMONDS], endpoint={"default_deployment": "diamonds"})
"""The dev stack with one deployment of a list, of the second sample."""


def _set(stack: Deployed, deployments: list[dict[str, Any]], default: str) -> None:
    stack.configure({"deployments": deployments, "endpoint": {"default_deployment": default}})


@pytest.fixture
def client(stack: Deployed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    return Client(stack, tmp_path, capsys)


def _default(stack: Deployed) -> str | None:
    """The endpoint's default deployment, as a GET answers it."""
    (endpoint,) = stack.resources(ENDPOINTS)
    defaults = endpoint.properties["properties"].get("defaults") or {}
    return defaults.get("deploymentName")


def _deployments(stack: Deployed) -> set[str]:
    return {each.name for each in stack.resources(f"{ENDPOINTS}/deployments")}


def _below(stack: Deployed, folder: str) -> dict[str, str]:
    """The blobs below a folder of the workspace's own container, by name."""
    container = stack.outputs["predictions_url"].removesuffix("/azureml/")
    with stack.container_at(container) as client:
        return {
            name.removeprefix(folder): client.download_blob(name).readall().decode()
            for name in client.list_blob_names(name_starts_with=folder)
        }


def _of_event(stack: Deployed, job: dict[str, Any]) -> dict[str, str]:
    """What the job of an event has written, by name."""
    return _below(stack, f"{stack.outputs['endpoint_name']}/{job['request_id']}/")


def test_a_list_of_diamonds_becomes_a_list_with_prices(stack: Deployed) -> None:
    name = "diamonds-1.csv"

    job = stack.job_of(f"incoming/{name}", (INPUTS / name).read_bytes())

    assert (job["status"], job["error"]) == ("Completed", "")
    prices = _of_event(stack, job)["diamonds-1_predictions.csv"]
    assert prices.splitlines()[:2] == ["carat,cut,color,clarity,price", "1.03,Fair,H,VVS2,7440"]


def test_a_second_deployment_changes_nothing_of_the_first(stack: Deployed) -> None:
    _set(stack, [DIAMONDS, DIGITS], "diamonds")

    printed = stack.up()

    assert "updated" not in printed
    assert "deleted" not in printed
    assert (_default(stack), _deployments(stack)) == ("diamonds", {"diamonds", "digits"})


def test_a_caller_scores_with_either_deployment(client: Client, tmp_path: Path) -> None:
    priced = client("score", str(INPUTS / "diamonds-1.csv"), "--into", str(tmp_path / "priced"))
    read = client("score", str(SEVEN), "--deployment", "digits", "--into", str(tmp_path / "read"))

    assert "1.03,Fair,H,VVS2,7440" in Path(priced["files"][0]).read_text()
    assert digits(read) == [("digit-7.pgm", 7)]


def test_the_default_is_switched_without_a_gap(stack: Deployed) -> None:
    _set(stack, [DIAMONDS, DIGITS], "digits")
    seen: set[str | None] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            seen.add(_default(stack))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        stack.up()
    finally:
        done.set()
        watching.join()

    assert seen | {_default(stack)} == {"diamonds", "digits"}
    assert _default(stack) == "digits"


def test_the_old_default_goes_in_the_up_that_switches(stack: Deployed) -> None:
    _set(stack, [PIPELINE], "clean-diamonds")
    stack.configure(
        {"blob_events": {"marker_name": "_SUCCESS"}, "endpoint": {"input_name": "data"}}
    )

    stack.up()

    assert (_default(stack), _deployments(stack)) == ("clean-diamonds", {"clean-diamonds"})


def test_a_second_up_changes_nothing(stack: Deployed) -> None:
    stack.changes_nothing("up")


def test_a_marker_starts_the_pipeline_for_its_folder(stack: Deployed) -> None:
    content = b"carat,cut,color,clarity\n1.03,Fair,H,VVS2\n1,,H,VVS2\n"
    stack.drop("incoming/today/list.csv", content=content)
    [marker] = stack.drop("incoming/today/_SUCCESS", content=b"")

    [job] = stack.await_jobs([marker.removesuffix("_SUCCESS")])

    assert (job["status"], job["error"]) == ("Completed", "")
    assert [(step["name"], step["status"]) for step in job["steps"]] == [
        ("clean", "Completed"),
        ("price", "Completed"),
    ]
    assert _of_event(stack, job) == {
        "predictions/list_predictions.csv": (
            "carat,cut,color,clarity,price\n1.03,Fair,H,VVS2,7440\n"
        )
    }


def test_a_caller_runs_the_pipeline_and_fetches_what_it_names(
    client: Client, tmp_path: Path
) -> None:
    named = "predictions:UriFolder=azureml://datastores/workspaceblobstore/paths/of-a-caller/"

    default = client("score", "--input", f"data={INPUTS}", "--into", str(tmp_path / "default"))
    chosen = client(
        "score", "--input", f"data={INPUTS}", "--output", named, "--into", str(tmp_path / "named")
    )

    names = [f"diamonds-{number}_predictions.csv" for number in (1, 2)]
    assert default["files"] == [str(tmp_path / "default" / name) for name in names]
    assert [Path(file).name for file in chosen["files"]] == names


def test_verify_proves_a_pipeline_with_a_sample_of_its_own(client: Client) -> None:
    found = client.verify("--sample", str(INPUTS / "diamonds-1.csv"))

    assert found["the default deployment"] == "clean-diamonds"
    assert found["the predictions"] == "carat,cut,color,clarity,price"
    assert found["cleaning up"] == "nothing is left"


def test_a_data_factory_runs_the_pipeline_for_its_folder(stack: Deployed) -> None:
    stack.configure({"data_factory": {"output_name": "predictions", "output_type": "UriFolder"}})
    stack.up()
    content = b"carat,cut,color,clarity\n1.03,Fair,H,VVS2\n"
    stack.drop("incoming/by-factory/list.csv", content=content)
    [marker] = stack.drop("incoming/by-factory/_SUCCESS", content=b"")

    [job] = stack.await_jobs([marker.removesuffix("_SUCCESS")])

    assert (job["status"], job["error"]) == ("Completed", "")
    folder = job["output"].partition("/paths/")[2].rstrip("/")
    assert _below(stack, f"{folder}/") == {
        "list_predictions.csv": "carat,cut,color,clarity,price\n1.03,Fair,H,VVS2,7440\n"
    }

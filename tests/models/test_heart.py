"""The heart sample, from files to predictions: by an event, and by the data factory's pipeline."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure.services.machinelearning.environments import virtual
from local_azure.services.machinelearning.inputs import InputFile
from local_azure.services.machinelearning.mlflow.model import packages
from tests.models.conftest import HEART
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import on_its_own
from tests.stack.pipeline.piped import Piped

INPUTS = sorted((HEART / "inputs").iterdir())
IMAGE = "mcr.microsoft.com/azureml/curated/sklearn-1.5:49"
EXPECTED = {"heart-1.csv": list("011011111111"), "heart-2.csv": list("101010111011")}
"""What the model says of each patient."""
OF_MODEL = {"model": "samples/heart/model", "mini_batch_timeout_seconds": 300}
SOURCE = "https://theirclinic.blob.core.windows.net/exports"


@pytest.fixture(scope="module")
def piped(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Piped]:
    """The sample as MLflow runs it, and beside it by a script; environments are there already."""
    assert interpreter
    folder = tmp_path_factory.mktemp("model")
    shutil.copytree(HEART / "model", folder / "heart")
    wanted = packages(folder, [InputFile("a.csv", "a.csv")])
    asyncio.run(virtual.interpreter(wanted, folder / "log"))
    with on_its_own(tmp_path_factory.mktemp("azure"), Piped) as stack:
        source = stack.account("theirclinic", "exports")
        stack.up_with(
            deployments=[
                {**OF_MODEL, "name": "heart", "model_type": "mlflow_model"},
                {
                    **OF_MODEL,
                    "name": "risk",
                    "scoring_code": "samples/heart/code",
                    "environment": {"image": IMAGE, "conda_file": "samples/heart/conda.yml"},
                },
            ],
            endpoint={"default_deployment": "heart"},
            blob_events={"extension_filter": ".csv"},
            data_factory={
                "poll_interval_seconds": 1,
                "copy_before": {"account_id": source, "container": "exports", "folder": "today"},
            },
        )
        yield stack


def _conditions(text: str, name: str) -> list[str]:
    """Predictions of a file's rows, in their order."""
    rows = [line.split(",") for line in text.splitlines()]
    return [prediction for _, prediction, file in rows if file == name]


def test_a_file_that_lands_is_scored(piped: Piped) -> None:
    job = piped.job_of("incoming/heart-1.csv", INPUTS[0].read_bytes())

    assert (job["status"], job["error"]) == ("Completed", "")
    assert _conditions(piped.predictions(job["name"]), "heart-1.csv") == EXPECTED["heart-1.csv"]


def test_the_factory_copies_a_folder_and_scores_it(piped: Piped) -> None:
    for file in INPUTS:
        piped.upload(f"{SOURCE}/today/{file.name}", file.read_bytes())

    run = piped.ended(piped.run())

    assert (run.status, run.message) == ("Succeeded", "")
    (job,) = [each for each in piped.history()["jobs"] if "copied/" in each["input"]]
    text = piped.predictions(job["name"])
    assert {name: _conditions(text, name) for name in EXPECTED} == EXPECTED


def test_a_script_in_an_environment_of_its_own_scores_the_same_patients(
    piped: Piped, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Client(piped, tmp_path, capsys)

    told = client(
        "score", str(INPUTS[0]), "--deployment", "risk", "--into", str(tmp_path / "in"), "--rows"
    )

    assert told["job"]["status"] == "Completed"
    risks = [float(row["columns"][2]) for row in told["rows"]]
    assert [str(int(risk >= 0.5)) for risk in risks] == EXPECTED["heart-1.csv"]

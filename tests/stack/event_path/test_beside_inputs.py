"""Predictions in the folder of their inputs: `<input>_predictions.csv`, which starts no job."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.event_path.deployed import Deployed, on_its_own
from tests.stack.event_path.test_client import Client, rows

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The dev stack's own file with two keys more, brought up by the real engine."""
    with on_its_own(tmp_path_factory.mktemp("azure")) as stack:
        stack.configure(
            {"blob_events": {"predictions_beside_inputs": True, "extension_filter": ".pgm"}}
        )
        stack.up()
        yield stack


def test_a_files_predictions_lie_beside_it_and_start_nothing(
    beside: Deployed, digit: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (url,) = beside.drop("incoming/größe #7.pgm", content=digit)
    (job,) = beside.await_jobs([url])
    assert job["status"] == "Completed", job["error"]
    (beside_it,) = (name for name in names(beside) if name != "incoming/größe #7.pgm")
    with beside.signed_in(beside.rights_of_callers().values()):
        told = Client(beside, tmp_path, capsys)("download", job["name"], "--into", str(tmp_path))

    assert beside_it == "incoming/größe #7.pgm_predictions.csv"
    assert [row["digit"] for row in rows(told["files"][0])] == [7]
    assert len(beside.history()["jobs"]) == 1
    assert "event_predictions_url" not in beside.outputs


def names(deployed: Deployed) -> list[str]:
    with deployed.container() as container:
        return list(container.list_blob_names())

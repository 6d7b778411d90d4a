"""Predictions in the folder of their inputs: `<input>_predictions.csv`, which starts no job."""

from pathlib import Path

import pytest

from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed, brought_up
from tests.stack.event_path.test_client import rows

pytestmark = pytest.mark.long


deployed = brought_up(blob_events={"predictions_beside_inputs": True, "extension_filter": ".pgm"})


def test_a_files_predictions_lie_beside_it_and_start_nothing(
    deployed: Deployed, client: Client, digit: bytes, tmp_path: Path
) -> None:
    (url,) = deployed.drop("incoming/größe #7.pgm", content=digit)
    (job,) = deployed.await_jobs([url])
    assert job["status"] == "Completed", job["error"]
    with deployed.container() as container:
        written = {*container.list_blob_names()}
    with deployed.signed_in(deployed.rights_of_callers.values()):
        told = client("download", job["name"], "--into", str(tmp_path))

    assert written - {"incoming/größe #7.pgm"} == {"incoming/größe #7.pgm_predictions.csv"}
    assert [row["digit"] for row in rows(told["files"][0])] == [7]
    assert len(deployed.history()["jobs"]) == 1
    assert "event_predictions_url" not in deployed.outputs

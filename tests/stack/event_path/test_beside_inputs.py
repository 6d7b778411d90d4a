"""Predictions in the folder of their inputs: `<input>_predictions.csv`, which starts no job."""

from pathlib import Path

import pytest

from tests.stack.event_path.client import Client, digits
from tests.stack.event_path.deployed import Deployed, brought_up

pytestmark = pytest.mark.long


deployed = brought_up(blob_events={"predictions_beside_inputs": True, "extension_filter": ".pgm"})


def test_a_files_predictions_lie_beside_it_and_start_nothing(
    deployed: Deployed, client: Client, digit: bytes, tmp_path: Path
) -> None:
    job = deployed.job_of("incoming/größe #7.pgm", digit)
    with deployed.container() as container:
        there = sorted(container.list_blob_names())
    with deployed.one_of("callers"):
        told = client("download", job["name"], "--into", str(tmp_path))

    assert there == ["incoming/größe #7.pgm", "incoming/größe #7.pgm_predictions.csv"]
    assert digits(told) == [("größe #7.pgm", 7)]
    assert len(deployed.history()["jobs"]) == 1


def test_no_folder_of_an_event_is_told(deployed: Deployed) -> None:
    assert "event_predictions_url" not in deployed.outputs

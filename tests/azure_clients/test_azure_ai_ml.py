"""The machine learning SDK takes an endpoint from nothing to its first job, by itself."""

import json
import os
import subprocess
from pathlib import Path

from tests.stack.pipeline.piped import Piped
from tests.stack.shell import sample
from tools import azure_ai_ml

CLIENT = Path(__file__).with_name("machine_learning_client.py")
USED = {"model": "models/digits", "code": "codes/digits-code", "compute": "computes/batch-cluster"}


def test_an_endpoint_is_made_filled_and_invoked(deployed: Piped, made: list[str]) -> None:
    (url,) = deployed.drop("by-hand/seven.pgm", content=sample(7))
    used = {**USED, "environment": "environments/digits-environment"}
    ids = {each: next(one for one in made if f"/{part}" in one) for each, part in used.items()}

    done = subprocess.run(
        [str(azure_ai_ml.python()), str(CLIENT)],
        input=json.dumps({**ids, "workspace": deployed.outputs["workspace_id"], "file": url}),
        env={**os.environ, **deployed.variables, "AZUREML_RUN_POLLING_INTERVAL_MIN": "0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.rpartition("\n")[2]) == {
        "endpoints": [False, True],
        "default": "blue",
        "deployments": ["blue"],
        "job": "Completed",
        "left": [],
    }

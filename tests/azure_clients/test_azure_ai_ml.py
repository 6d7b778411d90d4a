"""The machine learning SDK takes an endpoint from nothing to its first job, by itself."""

import json
from pathlib import Path

from tests.commands import printed
from tests.stack.pipeline.piped import Piped
from tests.stack.shell import sample
from tools import azure_ai_ml

CLIENT = Path(__file__).with_name("machine_learning_client.py")
USED = {"model": "models/digits", "code": "codes/digits-code", "compute": "computes/batch-cluster"}


def test_an_endpoint_is_made_filled_and_invoked(deployed: Piped, made: list[str]) -> None:
    (url,) = deployed.drop("by-hand/seven.pgm", content=sample(7))
    used = {**USED, "environment": "environments/digits-environment"}
    ids = {each: next(one for one in made if f"/{part}" in one) for each, part in used.items()}

    told = printed(
        [azure_ai_ml.python(), CLIENT],
        {**deployed.variables, "AZUREML_RUN_POLLING_INTERVAL_MIN": "0"},
        given=json.dumps({**ids, "workspace": deployed.outputs["workspace_id"], "file": url}),
    )

    assert json.loads(told.rpartition("\n")[2]) == {
        "endpoints": [False, True],
        "default": "blue",
        "deployments": ["blue"],
        "job": "Completed",
        "left": [],
    }

"""Runs in the environment of azure-ai-ml: an endpoint from nothing to its first job.

Reads the ids of what the stack has as one JSON object, prints what it saw in its last line:
`jobs.stream` prints too.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from azure.ai.ml import Input, MLClient
from azure.ai.ml.entities import (
    BatchEndpoint,
    CodeConfiguration,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
)
from azure.identity import EnvironmentCredential

ENDPOINT = "made-by-azure-ai-ml"


def main(given: dict[str, str]) -> dict[str, Any]:
    """What came of it."""
    _, _, subscription, _, group, *_, workspace = given["workspace"].split("/")
    client = MLClient(EnvironmentCredential(), subscription, group, workspace)
    endpoints, deployments = client.batch_endpoints, client.batch_deployments
    endpoint = endpoints.begin_create_or_update(BatchEndpoint(name=ENDPOINT)).result()
    made = deployments.begin_create_or_update(_deployment(given)).result()
    endpoint.defaults = {"deployment_name": made.name}
    endpoints.begin_create_or_update(endpoint).result()
    file = Input(type="uri_file", path=given["file"])
    job = endpoints.invoke(endpoint_name=ENDPOINT, input=file)
    client.jobs.stream(job.name)
    seen = {
        "endpoints": sorted(each.name == ENDPOINT for each in endpoints.list()),
        "default": endpoints.get(ENDPOINT).defaults.deployment_name,
        "deployments": [each.name for each in deployments.list(ENDPOINT)],
        "job": client.jobs.get(job.name).status,
    }
    endpoints.begin_delete(ENDPOINT).result()
    return {**seen, "left": [each.name for each in endpoints.list() if each.name == ENDPOINT]}


def _deployment(given: dict[str, str]) -> ModelBatchDeployment:
    return ModelBatchDeployment(
        name="blue",
        endpoint_name=ENDPOINT,
        model=given["model"],
        environment=given["environment"],
        code_configuration=CodeConfiguration(code=given["code"], scoring_script="score.py"),
        compute=given["compute"],
        settings=ModelBatchDeploymentSettings(instance_count=1, mini_batch_size=10),
    )


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(json.load(sys.stdin))))

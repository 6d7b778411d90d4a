"""What the test has azure-ai-ml do; run by the interpreter that has it, so it imports no test.

Prints what it saw as one JSON document, in the last line: `jobs.stream` prints too.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from azure.ai.ml import Input, MLClient
from azure.ai.ml.entities import Data
from azure.core.credentials import AccessToken

AUDIENCES = {
    "https://management.azure.com": "MANAGEMENT",
    "https://storage.azure.com": "STORAGE",
    "https://ml.azure.com": "LEARNING",
}


class Tokens:
    """Tokens that the test has made, by audience."""

    def get_token(self, scope: str, **_: Any) -> AccessToken:
        kind = AUDIENCES[scope.removesuffix("/.default").rstrip("/")]
        return AccessToken(os.environ[f"TOKEN_FOR_{kind}"], int(time.time()) + 3600)


def files(name: str, into: str, **more: Any) -> dict[str, str]:
    """What ``jobs.download`` has put into a folder."""
    folder = Path(os.environ["FOLDER"]) / into
    client.jobs.download(name, download_path=folder, **more)
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


client = MLClient(Tokens(), os.environ["SUBSCRIPTION"], "rg", "ws")
file = Input(type="uri_file", path="https://inputs.blob.core.windows.net/inputs/data/a.txt")
job = client.batch_endpoints.invoke(endpoint_name="digits", input=file)
client.jobs.stream(job.name)
shown = client.jobs.get(job.name)
children = list(client.jobs.list(parent_job_name=job.name))
(child,) = children
place = "azureml://datastores/batch_inputs/paths/data/"
letters = Data(name="letters", version="1", path=place, type="uri_folder")
registered = client.data.create_or_update(letters)
named = client.batch_endpoints.invoke(
    endpoint_name="digits", input=Input(type="uri_folder", path="azureml:letters@latest")
)
client.jobs.stream(named.name)
# The SDK keeps the deployment that one names for all later invocations, so this is the last.
slow = client.batch_endpoints.invoke(
    endpoint_name="digits", deployment_name="slow", inputs={"file": file}
)
client.jobs.begin_cancel(slow.name).result()
seen = {
    "first": job.status,
    "end": [shown.status, shown.type],
    "registered": [registered.path, client.data.get("letters", label="latest").version],
    "of registered": files(named.name, "named", output_name="score"),
    "cancelled": client.jobs.get(slow.name).status,
    "listed": {each.name: each.status for each in client.batch_endpoints.list_jobs("digits")},
    "jobs": [job.name, slow.name, named.name],
    "child": [child.display_name, child.status, child.properties["azureml.moduleName"]],
    "read": client.jobs.get(child.name).status,
    "predictions": files(job.name, "job", output_name="score"),
    "of child": files(child.name, "child", output_name="score"),
    "logs": files(child.name, "logs"),
}
sys.stdout.write("\n" + json.dumps(seen))

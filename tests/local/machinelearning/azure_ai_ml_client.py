"""What the test has azure-ai-ml do; run by the interpreter that has it, so it imports no test.

Prints the job's status after the invocation, its status at the end, and the type that it is shown
as; the job of the second endpoint is cancelled.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from azure.ai.ml import Input, MLClient
from azure.core.credentials import AccessToken


class Tokens:
    """Tokens that the test has made, by audience."""

    def get_token(self, scope: str, **_: Any) -> AccessToken:
        kind = "MANAGEMENT" if scope.startswith("https://management.azure.com") else "LEARNING"
        return AccessToken(os.environ[f"TOKEN_FOR_{kind}"], int(time.time()) + 3600)


client = MLClient(Tokens(), os.environ["SUBSCRIPTION"], "rg", "ws")
file = Input(type="uri_file", path="https://inputs.blob.core.windows.net/inputs/data/a.txt")
# As Azure's own notebook of digits does it (azureml-examples, mnist-batch.ipynb).
settings = [{"mini_batch_size": "20"}, {"compute.instance_count": "1"}]
job = client.batch_endpoints.invoke(endpoint_name="digits", input=file, params_override=settings)
while (shown := client.jobs.get(job.name)).status not in {"Completed", "Failed", "Canceled"}:
    time.sleep(0.05)
slow = client.batch_endpoints.invoke(
    endpoint_name="digits", deployment_name="slow", inputs={"file": file}
)
client.jobs.begin_cancel(slow.name).result()
ends = [job.status, shown.status, shown.type, client.jobs.get(slow.name).status]
sys.stdout.write(json.dumps(ends))

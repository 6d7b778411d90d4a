"""Who lacks one of the rights that a stack gives is told at which step, and the role."""

import re
from pathlib import Path

import pytest

from batch_client.errors import Exit
from tests.stack.event_path.client import Client
from tests.stack.event_path.deployed import Deployed
from tests.stack.shell import SEVEN

PLACE = "https://a.blob.core.windows.net/inputs/a.pgm"
DENIED = "invoke the endpoint: Microsoft Entra Token denied by policy"
GIVES = ".*`callers` in the stack file gives it"
READS = rf"Storage Blob Data Reader on the container https://\S+/azureml-blobstore-{GIVES}"
READS_LOGS = rf"Storage Blob Data Reader on the container https://\S+/azureml\.{GIVES}"
WRITES = f"Storage Blob Data Contributor on the container https://{GIVES}"
INVOKES = f".*AzureML Data Scientist on {{workspace}}{GIVES}"
REFUSED = {
    "drop": (f"upload {SEVEN}", "upload", WRITES),
    "invoke": (f"invoke {PLACE}", DENIED, INVOKES),
    "invoke, and follows": ("download {job} --into {into}", "follow the job", INVOKES),
    "read-predictions": ("download {job} --into {into}", "download", READS),
    "read-logs": ("download {job} --logs --into {into}", "download", READS_LOGS),
    "workspace": ("jobs", "list the workspace's jobs", ""),
    "topic": ("watch", "look at what `up` created", ""),
    "inputs": ("watch", "look for files", ""),
    "logs": ("logs {job}", "read the logs", ""),
    "dead-letters": ("dead-letters list", "read dead letters", ""),
}
"""By the right that is lacking: a command, the step that it stops at, and what that takes."""


@pytest.fixture(scope="module")
def job(deployed: Deployed, digit: bytes) -> str:
    """One that has completed."""
    return str(deployed.job_of("incoming/of-somebody.pgm", digit)["name"])


@pytest.mark.parametrize("lacking", REFUSED)
def test_without_one_right_a_command_stops_and_names_the_role(
    deployed: Deployed, client: Client, job: str, tmp_path: Path, lacking: str
) -> None:
    command, step, role = REFUSED[lacking]
    right = lacking.partition(",")[0]
    people = "callers" if right in deployed.rights["callers"] else "operators"
    into = tmp_path / "none"

    with deployed.one_of(people, lacking=right):
        told = client(command.format(job=job, into=into))

    assert (told["exit"], into.exists()) == (Exit.ERROR, False)
    assert told["error"].startswith(f"You may not {step}")
    needed = role.format(workspace=deployed.outputs["workspace_id"])
    assert re.search(f"Needed: {needed}", told["error"], re.DOTALL)

"""Every `az` line of README and docs, run by azure-cli as a reader runs it."""

import pytest

from tests.azure_clients.cli import Cli
from tests.azure_clients.documented import Line, lines
from tests.azure_clients.filled import ELSEWHERE, EXTENSIONS, filled
from tests.stack.event_path.deployed import Deployed

HOOK = "https://my-function-app.azurewebsites.net/api/myeventhandler"
KEYS_NEEDED = "delivery by the destination's keys is not emulated"
_QUEUE = "az storage queue create --auth-mode login --account-name <dead_letter_account> --name {}"
_HUB = "az eventhubs {} create --resource-group <resource_group_name> {}"
BEFORE = {
    "pipeline-runs": [_QUEUE.format("pipeline-runs")],
    "one-model": [
        _HUB.format("namespace", "--name <namespace> --disable-local-auth true"),
        _HUB.format("eventhub", "--namespace-name <namespace> --name EH1"),
    ],
}
"""What the reader of a line has already, by the name of the line's event subscription."""

REFUSED = {"pipeline-runs": KEYS_NEEDED, "one-model": KEYS_NEEDED}
"""What is refused here, and why (DIFFERENCES.md, Event Grid)."""


def test_a_file_that_az_uploads_gets_its_job(deployed: Deployed, az: Cli) -> None:
    command = deployed.outputs["upload_command"].replace("/FILE ", "/from-az.pgm ")
    assert az.run(command).said == "answered"

    account, container = (
        deployed.outputs[key] for key in ("storage_account_name", "input_container")
    )
    url = f"https://{account}.blob.core.windows.net/{container}/incoming/from-az.pgm"
    assert {job["status"] for job in deployed.await_jobs([url])} == {"Completed"}


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.page}: {line.command[:60]}")
def test_a_documented_line_is_answered(deployed: Deployed, az: Cli, line: Line) -> None:
    if line.command.startswith(EXTENSIONS):
        pytest.skip("an extension, which the Python package index does not have")
    if line.command in ELSEWHERE:
        pytest.skip(f"in {ELSEWHERE[line.command]}")
    deployed.console.post("/receivers", {"url": HOOK, "key": az.variables["KEY"]})
    name = line.command.partition("event-subscription create --name ")[2].partition(" ")[0]
    for command in BEFORE.get(name, ()):
        assert az.run(filled(command, deployed.outputs)).said == "answered", command

    said = az.run(filled(line.command, deployed.outputs)).said

    assert said == "answered" if name not in REFUSED else REFUSED[name] in said

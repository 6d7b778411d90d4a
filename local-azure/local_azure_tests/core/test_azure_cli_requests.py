"""What azure-cli 2.91.0 was seen to send, line by line, and the status that it goes on with.

`make clients` has the real one; here its requests are sent again without it.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from local_azure.commands.console_client import Console
from local_azure.control_plane.authorization.roles import OWNER, by_name
from local_azure.control_plane.entra.graph import ALL
from local_azure.control_plane.tenant import SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID
from local_azure_tests.conftest import Running
from local_azure_tests.core import rest_client
from local_azure_tests.core.bodies import BODY, STORAGE, VAULT

RECORDED = Path(__file__).with_name("azure_cli_requests.jsonl")
LINES = [json.loads(line) for line in RECORDED.read_text().splitlines()]
COMMANDS = list(dict.fromkeys(line["command"] for line in LINES))
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
HOOK = "https://example.com/hook"
AUDIENCES = {
    "management.azure.com": "https://management.azure.com",
    "graph.microsoft.com": "https://graph.microsoft.com",
    "acct.blob.core.windows.net": "https://storage.azure.com",
    "vvv.vault.azure.net": "https://vault.azure.net",
}


class Client:
    """Sends requests as somebody who may do everything that the lines do."""

    def __init__(self, running: Running) -> None:
        self._running = running
        console = Console.at(running.home, {"ports": running.azure.ports.now})
        person = {"object_id": str(uuid4()), "type": "ServicePrincipal", "graph": [ALL]}
        [signed] = console.post("/principals", [person])
        console.post("/receivers", {"url": HOOK})
        who = running.call(running.azure.directory.find, person["object_id"])
        assert who is not None
        self._who = who
        assign = running.azure.authorization.assign
        data = ("Storage Blob Data Contributor", "Key Vault Secrets Officer")
        for role in (OWNER, *(by_name()[name] for name in data)):
            running.call(assign, f"{SUBSCRIPTION}/{role}", signed["object_id"], role, SUBSCRIPTION)
        self.known = {
            "{tenant}": TENANT_ID,
            "{subscriptionId}": SUBSCRIPTION_ID,
            "{appId}": signed["client_id"],
            "{oid}": signed["object_id"],
            "REMOVED": signed["client_secret"],
        }

    def send(self, line: dict[str, Any]) -> tuple[int, Any]:
        """The answer to a recorded request."""
        url, body = self._filled(line["url"]), self._filled(line["body"])
        audience = AUDIENCES[str(urlsplit(url).hostname)] if line["token"] else ""
        client = rest_client.Client(self._running, self._who, line["headers"], audience)
        status, told, _ = client.exchange(line["method"], url, data=body.encode())
        self._learn(url, told)
        return status, told

    def put(self, rest: str, version: str, body: dict[str, Any]) -> None:
        """Make what a line needs."""
        url = f"https://management.azure.com{GROUP}{rest}?api-version={version}"
        headers = {"content-type": "application/json"}
        line = {"method": "PUT", "url": url, "headers": headers, "token": True}
        status, told = self.send({**line, "body": json.dumps(body)})
        assert status in {200, 201, 202}, told

    def _filled(self, text: str) -> str:
        for name, value in self.known.items():
            text = text.replace(name, value)
        return text

    def _learn(self, url: str, told: Any) -> None:
        """The ids of what the directory has made, which later requests name."""
        if url.endswith("/v1.0/applications"):
            self.known |= {"{appObjectId}": told["id"], "{appId}": told["appId"]}
        elif url.endswith("/v1.0/servicePrincipals"):
            self.known["{oid}"] = told["id"]


@pytest.fixture(scope="module")
def client(running: Running) -> Client:
    made = Client(running)
    made.put("", "2024-11-01", {"location": "westeurope"})
    made.put("/providers/Microsoft.Storage/storageAccounts/acct", "2024-01-01", STORAGE)
    made.put("/providers/Microsoft.KeyVault/vaults/vvv", "2024-11-01", BODY[VAULT])
    return made


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[:50])
def test_a_command_of_azure_cli_is_answered_as_it_goes_on(client: Client, command: str) -> None:
    for line in LINES:
        if line["command"] == command:
            status, told = client.send(line)
            assert status == line["status"], (line["method"], line["url"], told)

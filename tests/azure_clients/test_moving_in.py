"""A set-up that somebody made with az, taken over by a stack: `adopt --own` and an import."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from batch_client.cli import main
from components.settings.namespaces import NAMESPACE
from tests.azure_clients.cli import Cli
from tests.stack.event_path.deployed import Deployed
from tests.stack.pipeline.piped import BLOB_CONTRIBUTOR, Piped
from tests.stack.shell import sample

PLACE = "/blobServices/default/containers/data/blobs/new/"
SPELT = "microsoft.storage/storageaccounts"
VALIDATION = "@triggerBody()?[0]?['data']?['validationCode']"
DEFINITION = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/"
    "2016-06-01/workflowdefinition.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"endpoint_uri": {"type": "String", "defaultValue": "https://their.endpoint"}},
    "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
    "actions": {
        "Response": {
            "type": "Response",
            "kind": "Http",
            "inputs": {"statusCode": 200, "body": {"validationResponse": VALIDATION}},
            "runAfter": {},
        }
    },
}


class Theirs:
    """Account, container, system topic, Logic App and subscription of somebody's."""

    def __init__(self, stack: Piped, az: Cli) -> None:
        self.stack, self.az = stack, az
        self.group = stack.outputs["resource_group_name"]
        self.account = self._made(
            "storage account create --name uploads2026 --location westeurope --sku Standard_LRS"
            " --allow-shared-key-access false --min-tls-version TLS1_2 --https-only true"
            " --allow-blob-public-access false"
        )["id"]
        self._made("storage container-rm create --storage-account uploads2026 --name data")
        self._let_nodes_read(stack.outputs["compute_identity_principal_id"])
        # as Azure's own sample of a system topic spells it (REST, System Topics - Create Or Update)
        source = self.account.replace("Microsoft.Storage/storageAccounts", SPELT)
        self.topic = self._made(
            "eventgrid system-topic create --name uploads-topic --location westeurope"
            f" --topic-type Microsoft.Storage.StorageAccounts --source {source}"
        )["id"]
        self.workflow = self._workflow()
        self.subscription = self._made(
            "eventgrid system-topic event-subscription create --system-topic-name uploads-topic"
            f" --name to-logic-app --endpoint '{self._callback()}' --subject-begins-with {PLACE}"
            " --included-event-types Microsoft.Storage.BlobCreated"
        )["id"]

    def _made(self, command: str) -> Any:
        return self.az.run(f"az {command} --resource-group {self.group}").json

    def _let_nodes_read(self, who: str) -> None:
        assigned = self.az.run(
            f"az role assignment create --role 'Storage Blob Data Reader' --scope {self.account}"
            f" --assignee-object-id {who} --assignee-principal-type ServicePrincipal"
        )
        assert assigned.said == "answered"

    def _workflow(self) -> str:
        body = {"location": "westeurope", "properties": {"definition": DEFINITION}}
        (self.az.folder / "workflow.json").write_text(json.dumps(body))
        group = self.account.partition("/providers/")[0]
        made = f"{group}/providers/Microsoft.Logic/workflows/on-upload"
        version = "api-version=2019-05-01"
        put = self.az.run(f"az rest --method put --url '{made}?{version}' --body @workflow.json")
        assert put.said == "answered"
        return made

    def _callback(self) -> str:
        asked = f"{self.workflow}/triggers/manual/listCallbackUrl?api-version=2019-05-01"
        return str(self.az.run(f"az rest --method post --url '{asked}'").json["value"])

    def adopt(self, *arguments: str) -> int:
        """What the command ends with."""
        chosen = ("--account", "uploads2026", "--project", NAMESPACE)
        with self.stack.shell():
            return main(["adopt", "--resource-group", self.group, *chosen, "--own", *arguments])


@pytest.fixture(scope="module")
def theirs(deployed: Piped, az: Cli) -> Theirs:
    """Made once."""
    return Theirs(deployed, az)


@pytest.fixture(scope="module")
def mine(theirs: Theirs, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """A stack with the file that `adopt --own` writes, its import done and nothing else."""
    folder = tmp_path_factory.mktemp("moving-in")
    written, wanted = folder / "Pulumi.mine.yaml", folder / "import.json"
    stack = Deployed(theirs.stack.running, "test")
    assert theirs.adopt("--write", str(written)) == 0
    stack.say(written)
    stack.succeeds("preview", "--import-file", str(wanted))
    assert theirs.adopt("--import-file", str(wanted)) == 0
    stack.succeeds("import", "--file", str(wanted), "--yes", "--generate-code=false")
    yield stack
    stack.succeeds("state", "unprotect", "--all", "--yes")
    stack.succeeds("destroy", "--yes")


def test_what_is_imported_is_what_az_made_and_nothing_is_replaced(
    theirs: Theirs, mine: Deployed
) -> None:
    steps = json.loads(mine.succeeds("preview", "--json"))["steps"]
    done = {each["urn"].rpartition("::")[2]: each["op"] for each in steps}
    imported = {each["id"] for each in mine.state() if "/" in each.get("id", "")}

    assert imported == {theirs.topic, theirs.subscription}
    assert done["blob-created-topic"] == done["blob-created-subscription"] == "update"
    assert not [name for name, step in done.items() if "replace" in step or "delete" in step]


def test_from_the_first_up_on_a_file_is_scored_once_beside_the_former_logic_app(
    theirs: Theirs, mine: Deployed
) -> None:
    mine.up()
    theirs.stack.grant(BLOB_CONTRIBUTOR, theirs.account)
    url = "https://uploads2026.blob.core.windows.net/data/new/moved.pgm"
    theirs.stack.upload(url, sample(7))
    (job,) = theirs.stack.await_jobs([url])
    [run] = theirs.stack.runs_for(url)

    assert job["status"] == "Completed"
    assert run["workflow"] == mine.outputs["workflow_id"]
    assert mine.outputs["blob_event_subscription_id"] == theirs.subscription

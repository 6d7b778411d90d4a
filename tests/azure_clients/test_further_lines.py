"""What azure-cli can do beside the documents' lines, in this order."""

from pathlib import Path

import pytest

from local_azure.home import identity_header
from tests.azure_clients.cli import Cli
from tests.azure_clients.filled import filled
from tests.stack.event_path.deployed import Deployed

GROUP = "/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/<resource_group_name>"
LINES = """
az account show
az account list
az account set --subscription $AZURE_SUBSCRIPTION_ID
az account get-access-token --resource-type ms-graph --query expiresOn
az account list-locations --query [].name
az provider list --query [].namespace
az provider register --namespace Microsoft.EventGrid
az group list
az group create --name second --location westeurope
az group update --name second --tags purpose=test
az group delete --name second --yes
az resource list --query [].type
az resource show --ids <workflow_id>
az resource show --resource-group <resource_group_name> --name <workspace_name> \
--resource-type Microsoft.MachineLearningServices/workspaces
az storage account show --name <storage_account_name>
az storage container list --account-name <storage_account_name> --auth-mode login
az eventgrid system-topic list --resource-group <resource_group_name>
az role definition list --name Reader
az role assignment create --assignee <invoker_client_id> --role Reader --scope GROUP
az role assignment list --assignee <invoker_client_id> --all
az role assignment list --scope GROUP
az role assignment delete --assignee <invoker_client_id> --role Reader --scope GROUP
az identity create --resource-group <resource_group_name> --name made
az identity list --resource-group <resource_group_name>
az identity delete --resource-group <resource_group_name> --name made
az ad sp show --id <invoker_client_id>
az ad app owner list --id <invoker_client_id>
az ad sp create-for-rbac --name made --role Reader --scopes GROUP
az deployment group what-if --resource-group <resource_group_name> --template-file template.json
az deployment group create --resource-group <resource_group_name> --template-file template.json
az deployment group delete --resource-group <resource_group_name> --name template
az storage account create --resource-group <resource_group_name> --name madebyaz \
--location westeurope --allow-shared-key-access false
az storage account delete --resource-group <resource_group_name> --name madebyaz --yes
""".replace("GROUP", GROUP).strip()
TEMPLATE = """{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
      "apiVersion": "2023-01-31",
      "name": "from-template",
      "location": "LOCATION"
    }
  ]
}"""


@pytest.mark.parametrize("line", LINES.splitlines(), ids=lambda line: line[:60])
def test_a_further_line_is_answered(deployed: Deployed, az: Cli, line: str) -> None:
    (az.folder / "template.json").write_text(TEMPLATE.replace("LOCATION", "westeurope"))

    assert az.run(filled(line, deployed.outputs)).said == "answered"


def test_a_function_of_a_template_is_refused_by_name(deployed: Deployed, az: Cli) -> None:
    calculated = TEMPLATE.replace("LOCATION", "[resourceGroup().location]")
    (az.folder / "calculated.json").write_text(calculated)
    group = deployed.outputs["resource_group_name"]
    deploy = "az deployment group create --template-file calculated.json"

    assert "found '[resourceGroup().location]'" in az.run(f"{deploy} -g {group}").error


def test_who_may_not_is_refused(deployed: Deployed, tmp_path: Path) -> None:
    group = deployed.outputs["resource_group_name"]
    scope = f"/subscriptions/{deployed.variables['AZURE_SUBSCRIPTION_ID']}/resourceGroups/{group}"
    with deployed.signed_in([("Reader", scope)]):
        reader = Cli(tmp_path / "reader", deployed.variables)
        answers = [reader.sign_in(), reader.run(f"az identity list --resource-group {group}")]
        created = reader.run("az ad sp create-for-rbac --name theirs")
        written = reader.run(f"az identity create --resource-group {group} --name theirs")

    assert [each.said for each in answers] == ["answered", "answered"]
    assert "Insufficient privileges to complete the operation." in created.error
    assert written.said.startswith("ERROR: (AuthorizationFailed)")


def test_a_managed_identity_signs_in_where_it_lives(deployed: Deployed, tmp_path: Path) -> None:
    """As on a host that gives it an address and a header, such as a function's."""
    running, group = deployed.running, deployed.outputs["resource_group_name"]
    everybody = running.call(running.azure.directory.all)
    who = next(one for one in everybody if one.name.startswith("compute-identity")).object_id
    of_host = {
        "IDENTITY_ENDPOINT": (
            f"http://127.0.0.1:{running.azure.ports.now['console']}/identity/{who}/token"
        ),
        "IDENTITY_HEADER": identity_header(running.home.secret("console"), who),
    }
    cli = Cli(tmp_path / "identity", {**deployed.variables, **of_host})

    assert cli.run("az login --identity").said == "answered"
    assert "AuthorizationFailed" in cli.run(f"az identity create -g {group} -n theirs").error

"""A Pulumi program in YAML that has the components as a package."""

import json
import os
from pathlib import Path

import pytest

from tests import PROJECT
from tests.commands import printed
from tests.stack.pipeline.piped import Piped
from tools import azure_clients
from tools.errors import SetupError

PROGRAM = """
name: another-program
runtime: yaml
packages:
  azureml-batch-events: {components}
resources:
  inputs:
    type: azureml-batch-events:InputStorage
    properties:
      resourceGroupName: {group}
      location: westeurope
      container: drops
      deadLetterContainer: letters
      deleteInputsAfterDays: 30
  domain:
    type: azureml-batch-events:EventDomain
    properties:
      resourceGroupName: {group}
      location: westeurope
      topics: [orders]
      publishers: []
  role:
    type: azureml-batch-events:BatchEndpointInvokerRole
    properties:
      workspaceId: {workspace}
      displayName: another program
outputs:
  account: ${{inputs.accountName}}
  domain: ${{domain.domainId}}
  role: ${{role.roleDefinitionId}}
"""


@pytest.fixture
def path(deployed: Piped) -> str:
    """Where the host of YAML programs is found as well."""
    try:
        return f"{azure_clients.yaml_host()}{os.pathsep}{deployed.variables['PATH']}"
    except SetupError as error:
        pytest.skip(str(error))


def test_a_yaml_program_makes_components_moves_and_removes_them(
    deployed: Piped, tmp_path: Path, path: str
) -> None:
    told = {
        "components": PROJECT / "components",
        "group": deployed.outputs["resource_group_name"],
        "workspace": deployed.outputs["workspace_id"],
    }
    (tmp_path / "Pulumi.yaml").write_text(PROGRAM.format(**told))

    variables = {
        name: value
        for name, value in deployed.variables.items()
        if name not in ("PULUMI_OPTION_CONFIG_FILE", "PULUMI_STACK")
    }

    def pulumi(*arguments: str) -> str:
        command = ["pulumi", *arguments, "--non-interactive"]
        return printed(command, {**variables, "PATH": path}, folder=tmp_path)

    pulumi("stack", "init", "other")
    pulumi("up", "--yes", "--skip-preview")
    outputs = json.loads(pulumi("stack", "output", "--json"))
    kinds = ("Microsoft.Storage/storageAccounts", "Microsoft.Authorization/roleDefinitions")

    def names() -> set[str]:
        return {each.name for kind in kinds for each in deployed.resources(kind)}

    made = {outputs["account"], outputs["role"].rpartition("/")[2]}
    assert made <= names()
    pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    moved = (tmp_path / "Pulumi.yaml").read_text().replace("westeurope", "northeurope")
    (tmp_path / "Pulumi.yaml").write_text(moved)
    pulumi("up", "--yes", "--skip-preview")
    elsewhere = json.loads(pulumi("stack", "output", "--json"))
    assert elsewhere["domain"] != outputs["domain"]
    pulumi("destroy", "--yes")
    made |= {elsewhere["account"], elsewhere["role"].rpartition("/")[2]}
    assert not made & names()

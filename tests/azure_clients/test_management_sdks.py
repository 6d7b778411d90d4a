"""The management SDKs make, read, change, list and delete what the program creates."""

import json

import pytest

from tests.commands import printed
from tests.stack.pipeline.piped import Piped
from tools import azure_clients

WHOLE = "made changed list_by_resource_group list_by_subscription deleted"
GROUPED = "made changed list list_by_resource_group deleted"
LISTED = "made changed list deleted"
UNLINKED = (
    "400: (InvalidRequestContent) Microsoft.MachineLearningServices/workspaces/datastores "
    "'made_by_sdk': properties.subscriptionId: missing; without it the account is not linked"
)
"""Stricter than Azure (DIFFERENCES.md): the client's version of the interface can't say it."""
STEPS = {
    "Microsoft.Resources/resourceGroups": LISTED,
    "Microsoft.ManagedIdentity/userAssignedIdentities": WHOLE,
    "Microsoft.Storage/storageAccounts": GROUPED,
    "Microsoft.Storage/storageAccounts/blobServices/containers": LISTED,
    "Microsoft.Storage/storageAccounts/managementPolicies": "made changed deleted",
    "Microsoft.Authorization/roleDefinitions": LISTED,
    "Microsoft.Authorization/roleAssignments": (
        "made list_for_scope list_for_subscription deleted"
    ),
    "Microsoft.KeyVault/vaults": (
        "made changed list list_by_resource_group list_by_subscription deleted"
    ),
    "Microsoft.KeyVault/vaults/secrets": "made changed list",
    "Microsoft.Logic/workflows": WHOLE,
    "Microsoft.EventGrid/systemTopics": WHOLE,
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": (
        "made changed list_by_system_topic deleted"
    ),
    "Microsoft.EventGrid/domains": WHOLE,
    "Microsoft.EventGrid/domains/topics": "made list_by_domain deleted",
    "Microsoft.EventGrid/domains/topics/eventSubscriptions": LISTED,
    "Microsoft.DataFactory/factories": GROUPED,
    "Microsoft.DataFactory/factories/linkedservices": "made changed list_by_factory deleted",
    "Microsoft.DataFactory/factories/datasets": "made changed list_by_factory deleted",
    "Microsoft.DataFactory/factories/pipelines": "made changed list_by_factory deleted",
    "Microsoft.MachineLearningServices/workspaces": WHOLE,
    "Microsoft.MachineLearningServices/workspaces/computes": LISTED,
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints": LISTED,
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments": (
        "made changed list deleted"
    ),
    "Microsoft.MachineLearningServices/workspaces/datastores": UNLINKED,
    "Microsoft.MachineLearningServices/workspaces/codes/versions": LISTED,
    "Microsoft.MachineLearningServices/workspaces/models/versions": LISTED,
    "Microsoft.MachineLearningServices/workspaces/environments/versions": LISTED,
    "Microsoft.MachineLearningServices/workspaces/components/versions": LISTED,
    "Microsoft.ContainerRegistry/registries": LISTED,
    "Microsoft.Insights/actionGroups": LISTED,
    "Microsoft.Insights/components": LISTED,
    "Microsoft.Insights/metricAlerts": LISTED,
    "Microsoft.OperationalInsights/workspaces": LISTED,
    "Microsoft.Web/connections": LISTED,
}
"""By type what its client can do; a list's name is the method that has the resource in its list."""

BY_CLI = {"microsoft.resources/deployments"}
"""What `az deployment group create` makes instead."""


def test_every_type_that_the_program_creates_has_a_row(made: list[str]) -> None:
    kinds = {each.lower() for each in STEPS}

    assert {_kind(each) for each in made} == kinds | BY_CLI


@pytest.fixture(scope="module")
def told(deployed: Piped, made: list[str]) -> dict[str, list[str]]:
    """What the client told of each row."""
    command = [azure_clients.sdk_python(), "-m", "tests.azure_clients.management_client"]
    told = printed(command, deployed.variables, given=json.dumps(made))
    found: dict[str, list[str]] = json.loads(told)
    return found


@pytest.mark.parametrize("kind", STEPS)
def test_a_copy_is_made_changed_listed_and_deleted(told: dict[str, list[str]], kind: str) -> None:
    assert " ".join(told[kind]) == STEPS[kind]


def _kind(resource_id: str) -> str:
    _, provider, named = resource_id.lower().rpartition("/providers/")
    namespace, *parts = named.split("/")
    return "/".join([namespace, *parts[0::2]]) if provider else "microsoft.resources/resourcegroups"

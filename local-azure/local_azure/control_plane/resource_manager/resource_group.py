"""Resource groups. Deleting one deletes all it holds, as in Azure."""

from collections.abc import Iterator

from local_azure.control_plane.resource_manager.answers import chosen, tracked
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import Problem


def _rules(inputs: Json) -> Iterator[Problem]:
    if "location" not in inputs:
        yield Problem("location", "missing; give one, or set azure-native:location for all")


def _answer(put: Put) -> Json:
    return {
        **tracked(put),
        **chosen(put.body, ["managedBy"]),
        "properties": {"provisioningState": "Succeeded"},
    }


RESOURCE_GROUP = ResourceType(
    pulumi_type="azure-native:resources:ResourceGroup",
    arm_type="Microsoft.Resources/resourceGroups",
    path="/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
    api_version="2024-03-01",
    answer=_answer,
    rules=_rules,
    replaces=("location",),
    operations="Microsoft.Resources/subscriptions/resourceGroups",
)

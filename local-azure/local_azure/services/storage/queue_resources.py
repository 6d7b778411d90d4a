"""Storage queues on the control plane."""

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.answers import proxied
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType


def _answer(put: Put) -> Json:
    return {**proxied(put), "metadata": put.body.get("metadata", {}), "approximateMessageCount": 0}


STORAGE_QUEUE = ResourceType(
    pulumi_type="azure-native:storage:Queue",
    path=f"{arm_types.STORAGE_ACCOUNT}/{{accountName}}/queueServices/default/queues/{{queueName}}",
    api_version="2024-01-01",
    answer=_answer,
)

"""What lies at a resource id, read through the provider's functions.

They look in the provider's own subscription alone.
"""

import re
from importlib import import_module
from typing import Any

from components.azure.resource_id import parse

_ML = "machinelearningservices"
_FUNCTIONS = {
    "": ("resources", "get_resource_group"),
    "batchEndpoints": (_ML, "get_batch_endpoint", "workspace_name", "endpoint_name"),
    "workspaces": (_ML, "get_workspace", "workspace_name"),
    "computes": (_ML, "get_compute", "workspace_name", "compute_name"),
    "workspaces/datastores": (_ML, "get_datastore", "workspace_name", "name"),
    "data/versions": (_ML, "get_data_version", "workspace_name", "name", "version"),
    "models/versions": (_ML, "get_model_version", "workspace_name", "name", "version"),
    "environments/versions": (_ML, "get_environment_version", "workspace_name", "name", "version"),
    "factories/pipelines": ("datafactory", "get_pipeline", "factory_name", "pipeline_name"),
    "systemTopics": ("eventgrid", "get_system_topic", "system_topic_name"),
    "namespaces/eventhubs": ("eventhub", "get_event_hub", "namespace_name", "event_hub_name"),
    "namespaces/queues": ("servicebus", "get_queue", "namespace_name", "queue_name"),
    "namespaces/topics": ("servicebus", "get_topic", "namespace_name", "topic_name"),
    "blobServices/containers": ("storage", "get_blob_container", "account_name", "container_name"),
    "queueServices/queues": ("storage", "get_queue", "account_name", "queue_name"),
}
"""By the end of a resource's type (a group has none): the SDK's module, function and arguments."""

_ABSENT = re.compile("Status=404|RESPONSE 404|NotFound")


class AbsentError(LookupError):
    """There is nothing at an id."""


def read(resource_id: str) -> Any:
    """What lies at an id; None where that can't be told, such as without the right to read.

    Raises:
        AbsentError: nothing does.
        ValueError: no function reads this type.
    """
    get, arguments = _function(resource_id)
    names = parse(resource_id).names if arguments else ()
    if len(names) > len(arguments):
        names = (names[0], names[-1])
    given = dict(zip(arguments, names, strict=True))
    try:
        return get(resource_group_name=resource_id.split("/")[4], **given)
    except Exception as error:  # noqa: BLE001 the SDK raises nothing narrower
        if _ABSENT.search(str(error)):
            raise AbsentError(resource_id) from None
        return None


def _function(resource_id: str) -> tuple[Any, list[str]]:
    types = "/".join(resource_id.split("/")[7::2]).lower()
    for end, (module, function, *arguments) in _FUNCTIONS.items():
        if types == end or (end and f"/{types}".endswith(f"/{end}".lower())):
            return getattr(import_module(f"pulumi_azure_native.{module}"), function), arguments
    message = f"No function reads {resource_id}"
    raise ValueError(message)

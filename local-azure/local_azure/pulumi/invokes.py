"""The providers' functions: who asks, callback URLs, and resources that exist already.

There is a getter for every type of the catalogue. Of the functions that hand out keys that of
storage accounts alone exists here.
"""

from collections.abc import Mapping, Sequence

from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager import account_keys
from local_azure.control_plane.resource_manager.actions import (
    LIST_CALLBACK,
    WORKFLOW,
    Secrets,
    callback,
    in_version,
)
from local_azure.control_plane.resource_manager.errors import ResourceNotFoundError
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID
from local_azure.pulumi.azure_native import ArmKind
from local_azure.pulumi.kind import Caller, Json
from local_azure.pulumi.servicer import Invoke

_OF_WORKFLOWS = "2019-05-01"
"""The version in which azure-native asks."""
_OF_SITES = (
    "Microsoft.Web/sites/{site}/workflows",
    "Microsoft.Web/sites/hostruntime/webhooks/api/workflows/triggers/listCallbackUrl/action",
)


def of_azure_native(
    control: ControlPlane, kinds: Mapping[str, ArmKind], secrets: Secrets
) -> dict[str, Invoke]:
    """The functions of azure-native, by Pulumi's name."""
    account = kinds["azure-native:storage:StorageAccount"].type
    return {
        **{_getter_name(kind): _getter(kind) for kind in kinds.values()},
        "azure-native:authorization:getClientConfig": _client_config,
        "azure-native:logic:listWorkflowTriggerCallbackUrl": _callback_url(
            control, secrets, WORKFLOW, LIST_CALLBACK
        ),
        "azure-native:storage:listStorageAccountKeys": _account_keys(control, account),
        "azure-native:web:listWorkflowTriggerCallbackUrl": _callback_url(
            control, secrets, *_OF_SITES
        ),
    }


def of_azuread() -> dict[str, Invoke]:
    """The functions of azuread, by Pulumi's name."""
    return {"azuread:index/getClientConfig:getClientConfig": _ad_client_config}


async def _client_config(arguments: Json, caller: Caller) -> Json:
    del arguments
    return {
        "clientId": caller.principal.client_id,
        "objectId": caller.principal.object_id,
        "subscriptionId": SUBSCRIPTION_ID,
        "tenantId": TENANT_ID,
    }


async def _ad_client_config(arguments: Json, caller: Caller) -> Json:
    told = await _client_config(arguments, caller)
    del told["subscriptionId"]
    return {**told, "id": f"{told['tenantId']}-{told['clientId']}-{told['objectId']}"}


def _getter_name(kind: ArmKind) -> str:
    place, _, name = kind.pulumi_type.rpartition(":")
    return f"{place}:get{name}"


def _getter(kind: ArmKind) -> Invoke:
    async def get(arguments: Json, caller: Caller) -> Json:
        found = await kind.get(_only(arguments, kind.type.path_keys), caller)
        return {**found.outputs, "id": found.id}

    return get


def _callback_url(control: ControlPlane, secrets: Secrets, kind: str, action: str) -> Invoke:
    """The function of Consumption workflows, or that of a site's: ``{site}`` stands in the type."""
    keys = ["resourceGroupName", "triggerName", "workflowName", *(["name"] * ("{" in kind))]

    async def list_callback_url(arguments: Json, caller: Caller) -> Json:
        given = _only(arguments, keys)
        group = f"{SUBSCRIPTION}/resourceGroups/{given['resourceGroupName']}"
        place = kind.format(site=given.get("name"))
        workflow_id = f"{group}/providers/{place}/{given['workflowName']}"
        trigger = given["triggerName"]
        control.authorize(caller.principal, action, f"{workflow_id}/triggers/{trigger}")
        _found(control, workflow_id)
        url = secrets.callback_url(workflow_id, trigger)
        told = callback(in_version(url, _OF_WORKFLOWS) if kind == WORKFLOW else url)
        return {**told, "queries": {_query_key(k): v for k, v in told["queries"].items()}}

    return list_callback_url


def _account_keys(control: ControlPlane, kind: ResourceType) -> Invoke:
    """The keys of a storage account; the SDK does not know that they are secret."""

    async def list_keys(arguments: Json, caller: Caller) -> Json:
        path = {key: str(value) for key, value in _only(arguments, kind.path_keys).items()}
        resource_id = kind.resource_id(path)
        control.authorize(caller.principal, kind.action("listkeys/action"), resource_id)
        return account_keys.listed(control, _found(control, resource_id))

    return list_keys


def _found(control: ControlPlane, resource_id: str) -> Resource:
    """What there is at an id.

    Raises:
        ResourceNotFoundError: nothing.
    """
    found = control.resources.find(resource_id)
    if found is None:
        raise ResourceNotFoundError(resource_id)
    return found


def _query_key(key: str) -> str:
    return "apiVersion" if key == "api-version" else key


def _only(arguments: Json, keys: Sequence[str]) -> Json:
    """The arguments, if they are exactly these.

    Raises:
        ValueError: one is missing, or not emulated.
    """
    if set(arguments) != set(keys):
        raise ValueError(f"Arguments: found {sorted(arguments)}, accepted: {sorted(keys)}.")
    return arguments

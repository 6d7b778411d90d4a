"""Workspaces. Each has datastores of its own on containers of its account.

They are ``workspaceblobstore``, the default, and ``workspaceartifactstore`` for runs' logs. Hubs,
projects and feature stores are not emulated. The workspace's own
identity exists; nothing here acts by it.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from local_azure.control_plane import arm_types
from local_azure.control_plane.networks import connections
from local_azure.control_plane.resource_manager.answers import chosen, system_data, tracked
from local_azure.control_plane.resource_manager.form import of_items
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import (
    Problem,
    missing,
    not_emulated,
    other_than,
)
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.resource_manager.unknown import UNKNOWN
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.machinelearning.resources import managed_network
from local_azure.services.machinelearning.resources.place import API_VERSION, ARM, PATH, made
from local_azure.services.machinelearning.uris import (
    ARTIFACTS_CONTAINER,
    ARTIFACTS_DATASTORE,
    DEFAULT_DATASTORE,
)

_PARTS = {
    "storageAccount": arm_types.STORAGE_ACCOUNT,
    "keyVault": "Microsoft.KeyVault/vaults",
    "applicationInsights": "Microsoft.Insights/components",
    "containerRegistry": "Microsoft.ContainerRegistry/registries",
}
_BY_KEY, _BY_IDENTITY = "accesskey", "identity"
_TOLD = ("allowPublicAccessWhenBehindVnet", "imageBuildCompute", "provisionNetworkNow")
_NOT_EMULATED = (
    "associatedWorkspaces",
    "enableServiceSideCMKEncryption",
    "encryption",
    "featureStoreSettings",
    "hubResourceId",
    "primaryUserAssignedIdentity",
    "serverlessComputeSettings",
    "serviceManagedResourcesSettings",
    "sharedPrivateLinkResources",
    "v1LegacyMode",
    "workspaceHubConfig",
)


def _rules(inputs: Json) -> Iterator[Problem]:
    yield from not_emulated(inputs, *_NOT_EMULATED)
    parts = ("storageAccount", "keyVault", "applicationInsights", "identity")
    yield from missing(inputs, *parts, why="a workspace is made of it")
    yield from other_than(inputs, "kind", "Default")
    yield from managed_network.problems(inputs.get("managedNetwork"))
    mode = inputs.get("systemDatastoresAuthMode", _BY_KEY)
    if mode is not UNKNOWN and mode.lower() not in {_BY_KEY, _BY_IDENTITY}:
        reason = f"found {mode!r}, emulated: 'Identity' and 'AccessKey', in whatever case"
        yield Problem("systemDatastoresAuthMode", reason)


def _check(put: Put) -> None:
    for key, arm_type in _PARTS.items():
        if key in put.body:
            put.linked(key, put.body[key], arm_type)
    account = put.linked("storageAccount", put.body["storageAccount"])
    if _mode(put) == _BY_KEY and account.properties.get("allowSharedKeyAccess") is False:
        reason = "found AccessKey, the default, but the storage account takes no keys"
        raise put.refuse("systemDatastoresAuthMode", f"{reason}; accepted: 'Identity'")
    for other in put.control.resources.select(ARM):
        shared = other.properties["storageAccount"].lower() == put.body["storageAccount"].lower()
        if shared and other.id.lower() != put.id.lower():
            reason = f"it belongs to the workspace '{other.name}' already; give each its own"
            raise put.refuse("storageAccount", reason)
    managed_network.check(put)


def _answer(put: Put) -> Json:
    return {
        **tracked(put),
        **chosen(put.body, [*_PARTS, *_TOLD]),
        **connections.shown(put),
        "description": put.body.get("description", ""),
        "discoveryUrl": f"https://{_host(put)}/discovery",
        "enableDataIsolation": _isolated(put),
        "enableServiceSideCMKEncryption": False,
        "friendlyName": put.body.get("friendlyName", put.name),
        "hbiWorkspace": put.body.get("hbiWorkspace", False),
        "kind": "Default",
        "managedNetwork": managed_network.told(put),
        "notebookInfo": {
            "fqdn": (
                f"ml-{put.name}-{put.location}-{_workspace_id(put)}.{put.location}."
                "notebooks.azure.net"
            ),
            "isPrivateLinkEnabled": False,
            "resourceId": _workspace_id(put).replace("-", ""),
        },
        "mlFlowTrackingUri": f"azureml://{_host(put)}/mlflow/v1.0{put.id}",
        "privateLinkCount": len(connections.told(put.control, put.id, ARM)),
        "provisioningState": "Succeeded",
        "publicNetworkAccess": put.body.get("publicNetworkAccess", "Enabled"),
        "sku": {"name": "Basic", "tier": "Basic", **put.body.get("sku", {})},
        "storageHnsEnabled": False,
        "systemData": system_data(put),
        "systemDatastoresAuthMode": _mode(put),
        "tenantId": TENANT_ID,
        "v1LegacyMode": False,
        "workspaceId": _workspace_id(put),
    }


def _workspace_id(put: Put) -> str:
    """The GUID that its containers are named by; the same if it is made again in its place."""
    return str(uuid5(NAMESPACE_URL, put.id.lower()))


def _host(put: Put) -> str:
    return f"{put.location}.{put.cloud.ml_api}"


def containers(put: Put) -> dict[str, str]:
    """The workspace's datastores and their containers; Azure's two on files are not here.

    With data isolation the GUID comes first (D:machine-learning/
    how-to-identity-based-service-authentication; UNVERIFIED for the artifacts).
    """
    guid = _workspace_id(put)
    if _isolated(put):
        return {
            DEFAULT_DATASTORE: f"{guid}-azureml-blobstore",
            ARTIFACTS_DATASTORE: f"{guid}-{ARTIFACTS_CONTAINER}",
        }
    return {
        DEFAULT_DATASTORE: f"azureml-blobstore-{guid}",
        ARTIFACTS_DATASTORE: ARTIFACTS_CONTAINER,
    }


def _isolated(put: Put) -> bool:
    return bool(put.body.get("enableDataIsolation"))


def _mode(put: Put) -> str:
    """As it is answered: in small letters, recorded of `accesskey`."""
    return str(put.body.get("systemDatastoresAuthMode", _BY_KEY)).lower()


def _register(put: Put, answer: Json) -> None:
    """The containers and the datastores that come with a workspace, and its network."""
    managed_network.commit(put, answer)
    if put.before:
        return
    account: str = answer["storageAccount"]
    kind = "Microsoft.Storage/storageAccounts/blobServices/containers"
    for store, container in containers(put).items():
        container_id = f"{account}/blobServices/default/containers/{container}"
        told = {"name": container, "type": kind}
        put.control.resources.put(Resource(container_id, kind, container, {}, told))
        put.control.resources.put(_datastore(put, account, store, container))


def _datastore(put: Put, account: str, name: str, container: str) -> Resource:
    by_key = _mode(put) == _BY_KEY
    body = {
        "datastoreType": "AzureBlob",
        "accountName": account.rpartition("/")[2],
        "containerName": container,
        "credentials": {"credentialsType": "AccountKey" if by_key else "None"},
        "endpoint": put.cloud.storage,
        "protocol": "https",
        "subscriptionId": account.split("/")[2],
        "resourceGroup": account.split("/")[4],
        "serviceDataAccessAuthIdentity": "WorkspaceSystemAssignedIdentity" if by_key else "None",
    }
    kind = f"{ARM}/datastores"
    answer = {**body, "isDefault": name == DEFAULT_DATASTORE}
    told = {"name": name, "type": kind, "properties": answer, "systemData": made(put)}
    return Resource(f"{put.id}/datastores/{name}", kind, name, {"properties": body}, told)


WORKSPACE = ResourceType(
    pulumi_type="azure-native:machinelearningservices:Workspace",
    path=PATH,
    api_version=API_VERSION,
    answer=_answer,
    rules=_rules,
    check=_check,
    # "This cannot be changed once the workspace has been created" (SDK).
    replaces=("storageAccount", "keyVault", "hbiWorkspace", "enableDataIsolation"),
    commit=_register,
    form=of_items("privateEndpointConnections"),
)

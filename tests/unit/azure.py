"""What Azure would answer, as far as the program looks at it: ids and computed outputs."""

import re
from typing import Any

from components.azure.resource_manager import ResourceManager
from tools.resume.arm_ids import PATHS

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-00000000000a"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
DEPLOYER = "0b1ec700-0000-4000-8000-00000000de91"
"""Object id of who runs the program."""

TENANT = "00000000-0000-0000-0000-0000000000ff"
ACCOUNT_KEY = "key of the account"
CALLBACK_URL = "https://prod-01.westeurope.logic.azure.com/triggers/x?sig=SECRET-SIGNATURE"
CLIENT_SECRET = "CLIENT-SECRET"
CREATED = "2026-01-01T00:00:00Z"
MANAGER: ResourceManager = {
    "arm_host": "arm.example",
    "arm_audience": "https://arm.example",
    "login_host": "login.example",
}


def physical_id(type_: str, name: str, inputs: dict[str, Any]) -> str:
    """The id that Azure gives; auto-naming takes the logical name as it is."""
    known = {"subscriptionId": SUBSCRIPTION.rpartition("/")[2], "resourceGroupName": "rg"}
    path = PATHS.get(type_, f"{name}-id")
    given = {key: inputs.get(key, known.get(key, name)) for key in re.findall(r"{(\w+)}", path)}
    return path.format(**{key: told.strip("/") for key, told in given.items()})


def answer(type_: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Outputs that Azure computes."""
    short = type_.removeprefix("azure-native:")
    name = id_.rsplit("/", 1)[-1]
    computed = COMPUTED.get(short, {})
    filled = {key: _filled(value, name) for key, value in computed.items()}
    if type_.startswith("azure-native:"):
        filled = {"name": name, "location": inputs.get("location", "westeurope"), **filled}
    return filled


def invoked(  # noqa: PLR0911 - one for each
    token: str, given: dict[str, Any]
) -> dict[str, Any]:
    """Answers to the invokes that the program makes; any other one is an error."""
    if token == "azure-native:authorization:getClientConfig":
        return {"clientId": "c", "objectId": "o", "subscriptionId": "s", "tenantId": TENANT}
    if token == "azuread:index/getClientConfig:getClientConfig":
        return {"clientId": "c", "objectId": DEPLOYER, "tenantId": TENANT, "id": "i"}
    if token == "azure-native:logic:listWorkflowTriggerCallbackUrl":
        assert given["triggerName"] in {"When_a_resource_event_occurs", "manual"}
        return {"value": CALLBACK_URL, "method": "POST"}
    if token == "azure-native:web:listWorkflowTriggerCallbackUrl":
        assert given["name"] == "on-blob-site"
        return {"value": CALLBACK_URL, "method": "POST"}
    if token == "azure-native:storage:listStorageAccountKeys":
        return {"keys": [{"keyName": "key1", "value": ACCOUNT_KEY}]}
    if token == "azure-native:machinelearningservices:getDatastore":
        containers = {
            "workspaceblobstore": "guid-azureml-blobstore",
            "workspaceartifactstore": "guid-azureml",
        }
        return {"properties": {"containerName": containers[given["name"]]}}
    if token == "azure-native:machinelearningservices:getCompute":
        inner = {"computeType": "AmlCompute", "properties": {}}
        return {"location": "westeurope", "properties": inner}
    if token == "azure-native:resources:getResourceGroup":
        return {"id": f"/subscriptions/s/resourceGroups/{given['resourceGroupName']}"}
    message = f"The program invokes {token}"
    raise AssertionError(message)


COMPUTED: dict[str, dict[str, Any]] = {
    "azuread:index/application:Application": {"clientId": "app-client-id"},
    "azuread:index/applicationPassword:ApplicationPassword": {"value": CLIENT_SECRET},
    "azuread:index/servicePrincipal:ServicePrincipal": {"objectId": "sp-object-id"},
    "datafactory:Factory": {
        "identity": {
            "type": "SystemAssigned",
            "principalId": "factory-principal",
            "tenantId": TENANT,
        }
    },
    "eventgrid:Domain": {
        "endpoint": "https://{}.westeurope-1.eventgrid.azure.net/api/events",
        "identity": {"type": "SystemAssigned", "principalId": "domain-principal"},
    },
    "eventgrid:SystemTopic": {
        "identity": {"type": "SystemAssigned", "principalId": "topic-principal", "tenantId": TENANT}
    },
    "logic:Workflow": {
        "identity": {
            "type": "SystemAssigned",
            "principalId": "workflow-principal",
            "tenantId": TENANT,
        }
    },
    "machinelearningservices:BatchEndpoint": {
        "properties": {
            "authMode": "AADToken",
            "scoringUri": "https://{}.westeurope.inference.ml.azure.com/jobs",
            "swaggerUri": "",
            "provisioningState": "Succeeded",
        },
        "systemData": {"createdAt": CREATED},
    },
    # Inputs list the identities, the answer maps them.
    "machinelearningservices:Compute": {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {}}
    },
    "machinelearningservices:Workspace": {
        "workspaceId": "workspace-guid",
        "identity": {"type": "SystemAssigned", "principalId": "workspace-principal"},
        "storageAccount": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stml",
        "containerRegistry": f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crml",
    },
    "managedidentity:UserAssignedIdentity": {
        "principalId": "uami-principal",
        "clientId": "uami-client",
    },
    "random:index/randomString:RandomString": {"result": "0a1b2c3d4e"},
    "random:index/randomUuid:RandomUuid": {"result": "11111111-2222-3333-4444-555555555555"},
    "storage:StorageAccount": {
        "kind": "StorageV2",
        "isHnsEnabled": False,
        "primaryEndpoints": {"blob": "https://{}.blob.core.windows.net/"},
    },
    "web:WebApp": {"identity": {"type": "SystemAssigned", "principalId": "site-principal"}},
}
"""By type; `{}` stands for the resource's name."""


def _filled(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return value.replace("{}", name)
    if isinstance(value, dict):
        return {key: _filled(item, name) for key, item in value.items()}
    return value

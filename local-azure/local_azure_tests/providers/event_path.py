"""The resources of the event path, created one after another, for tests that need some of them."""

from functools import cached_property
from typing import Any
from uuid import uuid4

from local_azure.control_plane.tenant import SUBSCRIPTION_ID, TENANT_ID
from local_azure_tests.providers.engine import Created, Engine
from local_azure_tests.storage.world import hook_url

BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
ML = "azure-native:machinelearningservices:"
SECRET = "s3cr&t=+%"

DEFINITION: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"client_secret": {"type": "securestring"}, "audience": {"type": "string"}},
    "triggers": {"arrived": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
    "actions": {
        "Answer": {
            "type": "Response",
            "kind": "Http",
            "runAfter": {},
            "inputs": {
                "statusCode": 200,
                "body": {"validationResponse": "@triggerBody()?[0]?['data']?['validationCode']"},
            },
        }
    },
}


class EventPath:
    """Each resource is created when it is first asked for, with what it needs.

    Args:
        native: the provider azure-native.
        stem: two letters or more that start every name, so that paths don't collide.
        location: region of everything.
    """

    subscription_id, tenant_id = SUBSCRIPTION_ID, TENANT_ID

    def __init__(self, native: Engine, stem: str, location: str = "westeurope") -> None:
        self.native = native
        self.stem = stem
        self.location = location

    @cached_property
    def group(self) -> Created:
        inputs = {"resourceGroupName": f"{self.stem}-group", "location": self.location}
        return self.native.create("azure-native:resources:ResourceGroup", inputs)

    @property
    def in_group(self) -> dict[str, Any]:
        return {"resourceGroupName": self.group.outputs["name"]}

    def made(self, kind: str, /, **inputs: Any) -> Created:
        """A resource in the group, of a type of azure-native's."""
        return self.native.create(f"azure-native:{kind}", {**self.in_group, **inputs})

    def account_inputs(self, name: str) -> dict[str, Any]:
        return {
            **self.in_group,
            "accountName": name,
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "allowSharedKeyAccess": False,
        }

    def account(self, name: str) -> Created:
        kind = "azure-native:storage:StorageAccount"
        return self.native.create(kind, self.account_inputs(name))

    @cached_property
    def inputs(self) -> Created:
        return self.account(f"{self.stem}inputs")

    def container(self, account: Created, name: str) -> Created:
        place = {"accountName": account.outputs["name"], "containerName": name}
        return self.made("storage:BlobContainer", **place)

    @cached_property
    def dead_letters(self) -> Created:
        return self.container(self.inputs, "dead-letters")

    @cached_property
    def identity(self) -> Created:
        name = f"{self.stem}-identity"
        return self.made("managedidentity:UserAssignedIdentity", resourceName=name)

    def role_id(self, name: str) -> str:
        """A built-in role's id, by its GUID."""
        place = f"/subscriptions/{self.subscription_id}/providers/Microsoft.Authorization"
        return f"{place}/roleDefinitions/{name}"

    def grant_inputs(
        self, principal: str, scope: str, role: str = BLOB_DATA_CONTRIBUTOR
    ) -> dict[str, Any]:
        return {
            "scope": scope,
            "principalId": principal,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": self.role_id(role),
            "roleAssignmentName": str(uuid4()),
        }

    def grant(self, principal: str, scope: str, role: str = BLOB_DATA_CONTRIBUTOR) -> Created:
        kind = "azure-native:authorization:RoleAssignment"
        return self.native.create(kind, self.grant_inputs(principal, scope, role))

    @cached_property
    def vault(self) -> Created:
        properties = {
            "tenantId": self.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        }
        return self.made("keyvault:Vault", vaultName=f"{self.stem}-vault", properties=properties)

    @cached_property
    def insights(self) -> Created:
        name, sku = f"{self.stem}-logs", {"name": "PerGB2018"}
        logs = self.made("operationalinsights:Workspace", workspaceName=name, sku=sku)
        return self.made(
            "applicationinsights:Component",
            resourceName=f"{self.stem}-insights",
            kind="web",
            applicationType="web",
            workspaceResourceId=logs.id,
        )

    def workspace_inputs(self, name: str) -> dict[str, Any]:
        """Of a workspace with an account of its own."""
        return {
            **self.in_group,
            "workspaceName": f"{self.stem}-{name}",
            "identity": {"type": "SystemAssigned"},
            "storageAccount": self.account(f"{self.stem}{name}artifacts").id,
            "keyVault": self.vault.id,
            "applicationInsights": self.insights.id,
            "systemDatastoresAuthMode": "Identity",
        }

    @cached_property
    def workspace(self) -> Created:
        return self.native.create(f"{ML}Workspace", self.workspace_inputs("ml"))

    @property
    def in_workspace(self) -> dict[str, Any]:
        return {**self.in_group, "workspaceName": self.workspace.outputs["name"]}

    @cached_property
    def cluster(self) -> Created:
        inputs = {
            **self.in_workspace,
            "computeName": "batch-cluster",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": [self.identity.id]},
            "properties": {
                "computeType": "AmlCompute",
                "properties": {
                    "vmSize": "Standard_DS3_v2",
                    "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2},
                },
            },
        }
        return self.native.create(f"{ML}Compute", inputs)

    @cached_property
    def endpoint_inputs(self) -> dict[str, Any]:
        return {
            **self.in_workspace,
            "endpointName": f"{self.stem}-scoring",
            "properties": {"authMode": "AADToken"},
        }

    @cached_property
    def endpoint(self) -> Created:
        return self.native.create(f"{ML}BatchEndpoint", self.endpoint_inputs)

    def version(
        self, kind: str, name: str = "digits", number: str = "1", /, **properties: Any
    ) -> Created:
        inputs = {**self.in_workspace, "name": name, "version": number, "properties": properties}
        return self.native.create(f"{ML}{kind}", inputs)

    @cached_property
    def deployment_inputs(self) -> dict[str, Any]:
        folder = "azureml://datastores/workspaceblobstore/paths"
        model = self.version("ModelVersion", modelUri=f"{folder}/model", modelType="custom_model")
        code = self.version("CodeVersion", codeUri=f"{folder}/code")
        environment = self.version("EnvironmentVersion", image="python:3.11")
        return {
            **self.in_workspace,
            "endpointName": self.endpoint.outputs["name"],
            "deploymentName": "digits",
            "properties": {
                "model": {"referenceType": "Id", "assetId": model.id},
                "codeConfiguration": {"codeId": code.id, "scoringScript": "score.py"},
                "environmentId": environment.id,
                "compute": self.cluster.id,
                "resources": {"instanceCount": 1},
            },
        }

    @cached_property
    def deployment(self) -> Created:
        return self.native.create(f"{ML}BatchDeployment", self.deployment_inputs)

    @cached_property
    def workflow_inputs(self) -> dict[str, Any]:
        return {
            **self.in_group,
            "workflowName": f"{self.stem}-workflow",
            "definition": DEFINITION,
            "parameters": {
                "client_secret": {"type": "SecureString", "value": SECRET},
                "audience": {"type": "String", "value": "https://ml.azure.com"},
            },
        }

    @cached_property
    def workflow(self) -> Created:
        return self.native.create("azure-native:logic:Workflow", self.workflow_inputs)

    @property
    def trigger(self) -> dict[str, Any]:
        name = self.workflow.outputs["name"]
        return {**self.in_group, "workflowName": name, "triggerName": "arrived"}

    @property
    def callback_url(self) -> str:
        token = "azure-native:logic:listWorkflowTriggerCallbackUrl"
        return str(self.native.invoke(token, self.trigger)["value"])

    @cached_property
    def topic_inputs(self) -> dict[str, Any]:
        return {
            **self.in_group,
            "systemTopicName": f"{self.stem}-topic",
            "source": self.inputs.id,
            "topicType": "Microsoft.Storage.StorageAccounts",
            "identity": {"type": "SystemAssigned"},
        }

    @cached_property
    def topic(self) -> Created:
        return self.native.create("azure-native:eventgrid:SystemTopic", self.topic_inputs)

    @cached_property
    def own_topic(self) -> Created:
        return self.made("eventgrid:Topic", topicName=f"{self.stem}-orders")

    def to_webhook(self, name: str) -> dict[str, Any]:
        """Inputs of a subscription of the topic of its own, to a webhook; both of this name."""
        return {
            **self.in_group,
            "topicName": self.own_topic.outputs["name"],
            "eventSubscriptionName": name,
            "destination": {"endpointType": "WebHook", "endpointUrl": hook_url(name)},
        }

    @cached_property
    def subscription_inputs(self) -> dict[str, Any]:
        return {
            **self.in_group,
            "systemTopicName": self.topic.outputs["name"],
            "eventSubscriptionName": f"{self.stem}-subscription",
            "destination": {"endpointType": "WebHook", "endpointUrl": self.callback_url},
            "filter": {"includedEventTypes": ["Microsoft.Storage.BlobCreated"]},
            "deadLetterWithResourceIdentity": {
                "identity": {"type": "SystemAssigned"},
                "deadLetterDestination": {
                    "endpointType": "StorageBlob",
                    "resourceId": self.inputs.id,
                    "blobContainerName": self.dead_letters.outputs["name"],
                },
            },
        }

    @cached_property
    def subscription(self) -> Created:
        self.grant(self.topic.outputs["identity"]["principalId"], self.inputs.id)
        kind = "azure-native:eventgrid:SystemTopicEventSubscription"
        return self.native.create(kind, self.subscription_inputs)

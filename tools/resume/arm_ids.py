"""The id in Azure of a resource that azure-native was about to create, from its inputs.

azure-native takes its ids from Azure's answers: most are the paths of the types' own PUT, of the
others is written what was recorded (a role lies at the subscription wherever it was made).
"""

import re
from collections.abc import Mapping
from typing import Any

_PREFIX = "azure-native:"
_IN_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_ML = "Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ACCOUNT = "Microsoft.Storage/storageAccounts/{accountName}"
_VAULT = "Microsoft.KeyVault/vaults/{vaultName}"
_FACTORY = "Microsoft.DataFactory/factories/{factoryName}"
_NETWORK = "Microsoft.Network/virtualNetworks/{virtualNetworkName}"
_ENDPOINT = "Microsoft.Network/privateEndpoints/{privateEndpointName}"
_ZONE = "Microsoft.Network/privateDnsZones/{privateZoneName}"
_SYSTEM_TOPIC = "Microsoft.EventGrid/systemTopics/{systemTopicName}"
_DOMAIN = "Microsoft.EventGrid/domains/{domainName}"
_SUBSCRIPTION = "eventSubscriptions/{eventSubscriptionName}"

_WHOLE = {
    "resources:ResourceGroup": _IN_GROUP,
    "authorization:ManagementLockByScope": (
        "/{scope}/providers/Microsoft.Authorization/locks/{lockName}"
    ),
    "authorization:RoleAssignment": (
        "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"
    ),
    "authorization:RoleDefinition": (
        "/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/"
        "{roleDefinitionId}"
    ),
    "managedidentity:UserAssignedIdentity": (
        f"{_IN_GROUP.replace('Groups', 'groups')}/providers/"
        "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
    ),
    "monitor:DiagnosticSetting": (
        "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    ),
}
_BELOW_GROUP = {
    "applicationinsights:Component": "microsoft.insights/components/{resourceName}",
    "applicationinsights:Workbook": "Microsoft.Insights/workbooks/{resourceName}",
    "containerregistry:Registry": "Microsoft.ContainerRegistry/registries/{registryName}",
    "datafactory:CredentialOperation": f"{_FACTORY}/credentials/{{credentialName}}",
    "datafactory:Dataset": f"{_FACTORY}/datasets/{{datasetName}}",
    "datafactory:Factory": _FACTORY,
    "datafactory:IntegrationRuntime": (
        f"{_FACTORY}/integrationruntimes/{{integrationRuntimeName}}"
    ),
    "datafactory:LinkedService": f"{_FACTORY}/linkedservices/{{linkedServiceName}}",
    "datafactory:ManagedPrivateEndpoint": (
        f"{_FACTORY}/managedVirtualNetworks/{{managedVirtualNetworkName}}"
        "/managedPrivateEndpoints/{managedPrivateEndpointName}"
    ),
    "datafactory:Pipeline": f"{_FACTORY}/pipelines/{{pipelineName}}",
    "datafactory:Trigger": f"{_FACTORY}/triggers/{{triggerName}}",
    "eventgrid:Domain": _DOMAIN,
    "eventgrid:DomainTopic": f"{_DOMAIN}/topics/{{domainTopicName}}",
    "eventgrid:DomainTopicEventSubscription": f"{_DOMAIN}/topics/{{topicName}}/{_SUBSCRIPTION}",
    "eventgrid:SystemTopic": _SYSTEM_TOPIC,
    "eventgrid:SystemTopicEventSubscription": f"{_SYSTEM_TOPIC}/{_SUBSCRIPTION}",
    "keyvault:Secret": f"{_VAULT}/secrets/{{secretName}}",
    "keyvault:Vault": _VAULT,
    "logic:Workflow": "Microsoft.Logic/workflows/{workflowName}",
    "machinelearningservices:BatchDeployment": (
        f"{_ML}/batchEndpoints/{{endpointName}}/deployments/{{deploymentName}}"
    ),
    "machinelearningservices:BatchEndpoint": f"{_ML}/batchEndpoints/{{endpointName}}",
    "machinelearningservices:CodeVersion": f"{_ML}/codes/{{name}}/versions/{{version}}",
    "machinelearningservices:ComponentVersion": f"{_ML}/components/{{name}}/versions/{{version}}",
    "machinelearningservices:Compute": f"{_ML}/computes/{{computeName}}",
    "machinelearningservices:Datastore": f"{_ML}/datastores/{{name}}",
    "machinelearningservices:EnvironmentVersion": (
        f"{_ML}/environments/{{name}}/versions/{{version}}"
    ),
    "machinelearningservices:ManagedNetworkSettingsRule": f"{_ML}/outboundRules/{{ruleName}}",
    "machinelearningservices:ModelVersion": f"{_ML}/models/{{name}}/versions/{{version}}",
    "machinelearningservices:Workspace": _ML,
    "monitor:ActionGroup": "microsoft.insights/actionGroups/{actionGroupName}",
    "monitor:MetricAlert": "Microsoft.Insights/metricAlerts/{ruleName}",
    "network:PrivateDnsZoneGroup": (
        f"{_ENDPOINT}/privateDnsZoneGroups/{{privateDnsZoneGroupName}}"
    ),
    "network:PrivateEndpoint": _ENDPOINT,
    "network:Subnet": f"{_NETWORK}/subnets/{{subnetName}}",
    "network:VirtualNetwork": _NETWORK,
    "operationalinsights:Workspace": "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    "privatedns:PrivateZone": _ZONE,
    "privatedns:VirtualNetworkLink": f"{_ZONE}/virtualNetworkLinks/{{virtualNetworkLinkName}}",
    "resources:Deployment": "Microsoft.Resources/deployments/{deploymentName}",
    "storage:BlobContainer": f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}",
    "storage:BlobServiceProperties": f"{_ACCOUNT}/blobServices/{{blobServicesName}}",
    "storage:FileShare": f"{_ACCOUNT}/fileServices/default/shares/{{shareName}}",
    "storage:ManagementPolicy": f"{_ACCOUNT}/managementPolicies/{{managementPolicyName}}",
    "storage:StorageAccount": _ACCOUNT,
    "web:AppServicePlan": "Microsoft.Web/serverfarms/{name}",
    "web:Connection": "Microsoft.Web/connections/{connectionName}",
    "web:WebApp": "Microsoft.Web/sites/{name}",
    "web:WebAppSwiftVirtualNetworkConnection": (
        "Microsoft.Web/sites/{name}/networkConfig/virtualNetwork"
    ),
}
PATHS = {
    **{f"{_PREFIX}{kind}": path for kind, path in _WHOLE.items()},
    **{f"{_PREFIX}{kind}": f"{_IN_GROUP}/providers/{path}" for kind, path in _BELOW_GROUP.items()},
}
"""By Pulumi's type: the id, with the names of the inputs that fill it."""


def arm_id(kind: str, inputs: Mapping[str, Any], subscription: str) -> str | None:
    """The id that a resource has once it is created, None where that can't be told.

    Args:
        kind: Pulumi's type, such as ``azure-native:storage:BlobContainer``.
        inputs: as the state has them, names that the provider made up included.
        subscription: GUID of the provider's subscription; empty where it is not known.
    """
    path, given = PATHS.get(kind), {**inputs, "subscriptionId": subscription}
    if path is None:
        return None
    parts = {key: given.get(key) for key in re.findall(r"\{(\w+)\}", path)}
    if not all(isinstance(part, str) and part for part in parts.values()):
        return None
    return path.format(**{key: str(part).strip("/") for key, part in parts.items()})

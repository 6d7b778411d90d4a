"""A body that is taken of each type of resource, and where it can be put."""

from typing import Any

from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, TENANT_ID

Json = dict[str, Any]
HERE: Json = {"location": "West Europe"}
GLOBAL: Json = {"location": "global"}
SYSTEM = {"identity": {"type": "SystemAssigned"}}


def of(**properties: Any) -> Json:
    """A body that has properties alone."""
    return {"properties": properties}


def here(**properties: Any) -> Json:
    """A body in a region."""
    return {**HERE, "properties": properties}


GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
IN = f"{GROUP}/providers"
ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/inputs"
ARTIFACTS = f"{IN}/Microsoft.Storage/storageAccounts/artifacts"
IDENTITY = f"{IN}/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
VAULT = f"{IN}/Microsoft.KeyVault/vaults/the-vault"
LOGS = f"{IN}/Microsoft.OperationalInsights/workspaces/logs"
INSIGHTS = f"{IN}/Microsoft.Insights/components/insights"
WORKSPACE = f"{IN}/Microsoft.MachineLearningServices/workspaces/wsp"
TOPIC = f"{IN}/Microsoft.EventGrid/systemTopics/arrivals"
SUBSCRIBED = f"{TOPIC}/eventSubscriptions/to-queue"
DOMAIN = f"{IN}/Microsoft.EventGrid/domains/happenings"
FACTORY = f"{IN}/Microsoft.DataFactory/factories/fact"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
ROLE = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
NAMED = "12345678-0000-4000-8000-0000000000aa"
GRANT = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{NAMED}"
NETWORK = f"{IN}/Microsoft.Network/virtualNetworks/net"
SUBNET = f"{NETWORK}/subnets/endpoints"
ENDPOINT = f"{IN}/Microsoft.Network/privateEndpoints/inputs-blob"
ZONE = f"{IN}/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net"
DELEGATED = {
    "addressPrefix": "10.0.0.64/26",
    "delegations": [{"name": "sites", **of(serviceName="Microsoft.Web/serverFarms")}],
}
STORAGE: Json = {
    **here(allowSharedKeyAccess=False, supportsHttpsTrafficOnly=True),
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
    "tags": {"team": "a"},
}
QUEUE = {
    "identity": {"type": "SystemAssigned"},
    "destination": {"endpointType": "StorageQueue", **of(resourceId=ACCOUNT, queueName="events")},
}
DEFINITION = {
    "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/"
    "workflowdefinition.json#",
    "contentVersion": "1.0.0.0",
    "triggers": {"manual": {"type": "Request", "kind": "Http", "inputs": {"schema": {}}}},
    "actions": {"Reply": {"type": "Response", "kind": "Http", "inputs": {"statusCode": 200}}},
}
TOLD = f"{IN}/Microsoft.Insights/actionGroups/team"
ALERT = {
    **GLOBAL,
    **of(
        severity=1,
        enabled=True,
        scopes=[TOPIC],
        evaluationFrequency="PT5M",
        windowSize="PT5M",
        criteria={
            "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [
                {
                    "criterionType": "StaticThresholdCriterion",
                    "name": "any",
                    "metricName": "DeadLetteredCount",
                    "metricNamespace": "Microsoft.EventGrid/systemTopics",
                    "operator": "GreaterThan",
                    "threshold": 0,
                    "timeAggregation": "Total",
                    "dimensions": [
                        {
                            "name": "EventSubscriptionName",
                            "operator": "Include",
                            "values": ["to-queue"],
                        }
                    ],
                    "skipMetricValidation": True,
                }
            ],
        },
        actions=[{"actionGroupId": TOLD}],
    ),
}
BODIES: list[tuple[str, int, Json]] = [
    (GROUP, 201, HERE),
    (ACCOUNT, 202, STORAGE),
    (ARTIFACTS, 202, STORAGE),
    (f"{ACCOUNT}/blobServices/default/containers/data", 201, of()),
    (f"{ACCOUNT}/queueServices/default/queues/events", 201, {}),
    (f"{ACCOUNT}/fileServices/default/shares/files", 201, {"properties": {"shareQuota": 100}}),
    (
        f"{ACCOUNT}/blobServices/default",
        200,
        of(
            deleteRetentionPolicy={"enabled": True, "days": 7},
            containerDeleteRetentionPolicy={"enabled": True, "days": 7},
            isVersioningEnabled=True,
        ),
    ),
    (
        f"{ARTIFACTS}/providers/Microsoft.Authorization/locks/keep",
        201,
        of(level="CanNotDelete", notes="It has data"),
    ),
    (
        f"{ACCOUNT}/managementPolicies/default",
        200,
        of(
            policy={
                "rules": [
                    {
                        "name": "old",
                        "type": "Lifecycle",
                        "definition": {
                            "actions": {
                                "baseBlob": {"delete": {"daysAfterModificationGreaterThan": 9}}
                            },
                            "filters": {"blobTypes": ["blockBlob"]},
                        },
                    }
                ]
            }
        ),
    ),
    (IDENTITY, 201, HERE),
    (
        VAULT,
        200,
        here(
            tenantId=TENANT_ID,
            sku={"family": "A", "name": "standard"},
            enableRbacAuthorization=True,
        ),
    ),
    (f"{VAULT}/secrets/pass", 200, of(value="s3cret")),
    (LOGS, 201, here(sku={"name": "PerGB2018"})),
    (INSIGHTS, 200, {**here(Application_Type="web", WorkspaceResourceId=LOGS), "kind": "web"}),
    (
        f"{IN}/Microsoft.ContainerRegistry/registries/images",
        200,
        {**here(), "sku": {"name": "Basic"}},
    ),
    (
        WORKSPACE,
        202,
        {
            **here(
                storageAccount=ARTIFACTS,
                keyVault=VAULT,
                applicationInsights=INSIGHTS,
                systemDatastoresAuthMode="identity",
            ),
            **SYSTEM,
        },
    ),
    (
        f"{WORKSPACE}/computes/cluster",
        201,
        {
            **here(
                computeType="AmlCompute",
                properties={
                    "vmSize": "Standard_DS3_v2",
                    "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2},
                },
            ),
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        },
    ),
    (f"{WORKSPACE}/batchEndpoints/digits", 201, here(authMode="aadToken", keys=None)),
    (f"{WORKSPACE}/environments/base/versions/1", 201, of(image="python:3.11", isAnonymous=False)),
    (TOPIC, 201, {**here(source=ACCOUNT, topicType="Microsoft.Storage.StorageAccounts"), **SYSTEM}),
    (
        SUBSCRIBED,
        201,
        of(
            deliveryWithResourceIdentity=QUEUE,
            filter={"includedEventTypes": ["Microsoft.Storage.BlobCreated"]},
        ),
    ),
    (f"{IN}/Microsoft.Logic/workflows/flow", 201, here(definition=DEFINITION)),
    (
        f"{ACCOUNT}/providers/Microsoft.Insights/diagnosticSettings/all",
        201,
        of(workspaceId=LOGS, metrics=[{"category": "Capacity", "enabled": True}]),
    ),
    (TOLD, 201, {**GLOBAL, **of(groupShortName="team", enabled=True)}),
    (f"{IN}/Microsoft.Insights/metricAlerts/dead-letters", 200, ALERT),
    (
        f"{IN}/Microsoft.Insights/workbooks/{NAMED}",
        201,
        {
            **here(
                displayName="All of it",
                category="workbook",
                serializedData='{"version": "Notebook/1.0", "items": []}',
                sourceId=LOGS,
            ),
            "kind": "shared",
        },
    ),
    (FACTORY, 200, {**HERE, **SYSTEM}),
    (
        f"{FACTORY}/pipelines/wait",
        200,
        of(activities=[{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]),
    ),
    (
        f"{FACTORY}/linkedservices/store",
        200,
        of(
            type="AzureBlobStorage",
            typeProperties={"serviceEndpoint": "https://inputs.blob.core.windows.net"},
        ),
    ),
    (
        f"{IN}/Microsoft.ServiceBus/namespaces/the-bus",
        200,
        {**here(disableLocalAuth=True), "sku": {"name": "Standard"}},
    ),
    (f"{IN}/Microsoft.ServiceBus/namespaces/the-bus/queues/q", 200, of()),
    (NETWORK, 201, here(addressSpace={"addressPrefixes": ["10.0.0.0/24"]})),
    (SUBNET, 201, of(addressPrefix="10.0.0.0/27", privateEndpointNetworkPolicies="Disabled")),
    (f"{NETWORK}/subnets/sites", 201, of(**DELEGATED)),
    (ZONE, 201, GLOBAL),
    (
        f"{ZONE}/virtualNetworkLinks/net",
        201,
        {**GLOBAL, **of(virtualNetwork={"id": NETWORK}, registrationEnabled=False)},
    ),
    (
        ENDPOINT,
        201,
        here(
            subnet={"id": SUBNET},
            privateLinkServiceConnections=[
                {"name": "blob", **of(privateLinkServiceId=ACCOUNT, groupIds=["blob"])}
            ],
        ),
    ),
    (
        f"{ENDPOINT}/privateDnsZoneGroups/default",
        201,
        of(privateDnsZoneConfigs=[{"name": "blob", **of(privateDnsZoneId=ZONE)}]),
    ),
    (f"{FACTORY}/managedVirtualNetworks/default", 200, of()),
    (
        f"{FACTORY}/managedVirtualNetworks/default/managedPrivateEndpoints/inputs",
        200,
        of(privateLinkResourceId=ACCOUNT, groupId="blob", fqdns=["inputs.blob.core.windows.net"]),
    ),
    (
        f"{FACTORY}/integrationRuntimes/private",
        200,
        of(
            type="Managed",
            managedVirtualNetwork={
                "type": "ManagedVirtualNetworkReference",
                "referenceName": "default",
            },
            typeProperties={"computeProperties": {"location": "AutoResolve"}},
        ),
    ),
    (
        GRANT,
        201,
        of(roleDefinitionId=ROLE, principalId=DEPLOYER.object_id, principalType="ServicePrincipal"),
    ),
]
"""Each resource, the status of its first PUT, and its body, in the order in which they can be."""
BODY = {resource_id: body for resource_id, _, body in BODIES}

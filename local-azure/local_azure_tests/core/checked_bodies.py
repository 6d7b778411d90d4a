"""Further bodies that are taken, of all types that `bodies` has none of; they are put nowhere."""

from local_azure.control_plane.tenant import SUBSCRIPTION
from local_azure_tests.core.bodies import (
    ACCOUNT,
    FACTORY,
    IDENTITY,
    IN,
    NAMED,
    ROLE,
    VAULT,
    WORKSPACE,
    Json,
    here,
    of,
)

DEPLOYED = f"{WORKSPACE}/batchEndpoints/digits/deployments/digits"
DEAD = f"{IN}/Microsoft.Insights/metricAlerts/dead-letters"
BOOK = f"{IN}/Microsoft.Insights/workbooks/{NAMED}"
POLICY = f"{ACCOUNT}/managementPolicies/default"
APIS = f"{SUBSCRIPTION}/providers/Microsoft.Web/locations/westeurope/managedApis"
PLAN = f"{IN}/Microsoft.Web/serverfarms/plan"
HUBS = f"{IN}/Microsoft.EventHub/namespaces/the-hubs"
ASSET = {"referenceType": "Id", "assetId": f"{WORKSPACE}/models/digits/versions/1"}
COMMAND = {
    "name": "train",
    "version": "1",
    "type": "command",
    "command": "python train.py",
    "code": f"azureml:{WORKSPACE}/codes/score/versions/1",
    "environment": f"azureml:{WORKSPACE}/environments/base/versions/1",
}
SENT = of(
    destination={"endpointType": "WebHook", **of(endpointUrl="https://a.b", maxEventsPerBatch=2)},
    filter={
        "advancedFilters": [{"operatorType": "StringIn", "key": "data.api", "values": ["PutBlob"]}]
    },
    retryPolicy={"maxDeliveryAttempts": 3, "eventTimeToLiveInMinutes": 60},
)
CHECKED: dict[str, Json] = {
    f"{IN}/Microsoft.Resources/deployments/again": of(
        mode="Incremental",
        template={
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/"
            "deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [],
        },
    ),
    ROLE: of(
        roleName="Reader of nothing",
        type="CustomRole",
        permissions=[{"actions": ["*/read"], "notActions": [], "dataActions": []}],
        assignableScopes=[IN.removesuffix("/providers")],
    ),
    f"{WORKSPACE}/datastores/store": of(
        datastoreType="AzureBlob",
        accountName="inputs",
        containerName="data",
        resourceGroup="rg",
        subscriptionId=IN.split("/")[2],
        credentials={"credentialsType": "None"},
    ),
    DEPLOYED: here(
        compute=f"{WORKSPACE}/computes/cluster",
        environmentId=f"{WORKSPACE}/environments/base/versions/1",
        codeConfiguration={
            "codeId": f"{WORKSPACE}/codes/score/versions/1",
            "scoringScript": "score.py",
        },
        model=ASSET,
        miniBatchSize=5,
        retrySettings={"maxRetries": 1, "timeout": "PT30S"},
    ),
    f"{WORKSPACE}/models/digits/versions/1": of(modelUri="azureml://x", modelType="custom_model"),
    f"{WORKSPACE}/codes/score/versions/1": of(codeUri="https://a.b/c"),
    HUBS: {
        **here(disableLocalAuth=True),
        "sku": {"name": "Standard", "tier": "Standard", "capacity": 1},
    },
    f"{HUBS}/eventhubs/hub": of(partitionCount=2, messageRetentionInDays=1),
    f"{FACTORY}/credentials/runner": of(
        type="ManagedIdentity", typeProperties={"resourceId": IDENTITY}
    ),
    f"{FACTORY}/datasets/folder": of(
        type="Binary",
        linkedServiceName={
            "referenceName": "store",
            "type": "LinkedServiceReference",
            "parameters": {},
        },
        typeProperties={"location": {"type": "AzureBlobStorageLocation", "container": "data"}},
    ),
    f"{FACTORY}/pipelines/each": of(
        activities=[
            {
                "name": "Each",
                "type": "ForEach",
                "typeProperties": {
                    "items": {"value": "@createArray(1)", "type": "Expression"},
                    "activities": [
                        {"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}
                    ],
                },
            }
        ]
    ),
    f"{FACTORY}/triggers/hourly": of(
        type="TumblingWindowTrigger",
        pipeline={
            "pipelineReference": {"referenceName": "wait", "type": "PipelineReference"},
            "parameters": {},
        },
        typeProperties={
            "frequency": "Hour",
            "interval": 1,
            "startTime": "2026-06-01T12:00:00Z",
            "delay": "00:10:00",
            "maxConcurrency": 1,
            "retryPolicy": {"count": 1, "intervalInSeconds": 60},
        },
    ),
    f"{IN}/Microsoft.EventGrid/topics/custom": here(),
    f"{IN}/Microsoft.EventGrid/domains/many": here(disableLocalAuth=True),
    f"{IN}/Microsoft.EventGrid/domains/many/topics/one/eventSubscriptions/all": SENT,
}
CHECKED |= {
    f"{WORKSPACE}/components/train/versions/1": of(componentSpec=COMMAND),
    **{
        f"{WORKSPACE}/{kind}/some": of(description="some")
        for kind in ("codes", "components", "environments", "models")
    },
    f"{WORKSPACE}/data/heart": of(dataType="uri_folder", description="some"),
    f"{WORKSPACE}/data/heart/versions/1": of(
        dataType="uri_file", dataUri="https://a.b/c", isArchived=False
    ),
    f"{IN}/Microsoft.ServiceBus/namespaces/the-bus/topics/top": of(maxMessageSizeInKilobytes=256),
    f"{IN}/Microsoft.Web/connections/mail": here(api={"id": f"{APIS}/office365"}),
    PLAN: {
        **here(maximumElasticWorkerCount=3),
        "kind": "elastic",
        "sku": {"name": "WS1", "tier": "WorkflowStandard"},
    },
    f"{IN}/Microsoft.Web/sites/hosts-workflows": {
        **here(
            serverFarmId=PLAN,
            httpsOnly=True,
            siteConfig={
                "appSettings": [{"name": "APP_KIND", "value": "workflowApp"}],
                "ipSecurityRestrictions": [
                    {"ipAddress": "203.0.113.0/24", "action": "Allow", "priority": 100}
                ],
                "ipSecurityRestrictionsDefaultAction": "Deny",
                "minTlsVersion": "1.2",
                "netFrameworkVersion": "v8.0",
            },
        ),
        "kind": "functionapp,workflowapp",
    },
    f"{IN}/Microsoft.Web/sites/hosts-workflows/networkConfig/virtualNetwork": of(
        subnetResourceId=f"{IN}/Microsoft.Network/virtualNetworks/some/subnets/sites",
        swiftSupported=True,
    ),
    f"{IN}/Microsoft.EventGrid/domains/many/topics/one": {},
    f"{IN}/Microsoft.EventGrid/domains/many/eventSubscriptions/all": SENT,
    f"{IN}/Microsoft.EventGrid/topics/custom/eventSubscriptions/all": SENT,
    f"{ACCOUNT}/providers/Microsoft.EventGrid/eventSubscriptions/all": SENT,
}
TARGETS = (ACCOUNT, VAULT, f"{IN}/Microsoft.ContainerRegistry/registries/images", WORKSPACE)
STATE = of(privateLinkServiceConnectionState={"status": "Approved"})
CHECKED |= {
    **{f"{each}/privateEndpointConnections/some": STATE for each in (*TARGETS, FACTORY)},
    f"{WORKSPACE}/outboundRules/inputs": of(
        type="PrivateEndpoint",
        category="UserDefined",
        destination={"serviceResourceId": ACCOUNT, "subresourceTarget": "blob"},
    ),
}

"""Names of the resource types that a service other than their own has to know."""

from __future__ import annotations

STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"
STORAGE_QUEUE = f"{STORAGE_ACCOUNT}/queueServices/queues"
EVENT_HUBS = "Microsoft.EventHub/namespaces"
EVENT_HUB = f"{EVENT_HUBS}/eventhubs"
SERVICE_BUS = "Microsoft.ServiceBus/namespaces"
BUS_QUEUE = f"{SERVICE_BUS}/queues"
BUS_TOPIC = f"{SERVICE_BUS}/topics"
VAULT = "Microsoft.KeyVault/vaults"
REGISTRY = "Microsoft.ContainerRegistry/registries"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"
FACTORY = "Microsoft.DataFactory/factories"
PRIVATE_ENDPOINT = "Microsoft.Network/privateEndpoints"
PRIVATE_ZONE = "Microsoft.Network/privateDnsZones"

"""What Resource Manager takes as the name of each type: a pattern for each, lengths included.

Source, where a type says it at all: the public types of Azure's REST interface (the property
``name``'s pattern and lengths). The others, marked, are from
D:azure-resource-manager/management/resource-name-rules, D:data-factory/naming-rules and
azure-ai-ml's own checks; those without any source are UNVERIFIED. Whether a name is still free is
for the service to say.
"""

import re

_GUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NAMESPACE = "[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]"
_FACTORY_PART = r"[A-Za-z0-9_][^<>*#.%&:\\+?/\x00-\x1f]{0,259}"
_NO_HYPHEN = r"[A-Za-z0-9_][^<>*#.%&:\\+?/\x00-\x1f-]{0,259}"
_ENTITY = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,%d}[A-Za-z0-9])?"
_ASSET = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}"
_ENDPOINT = "(?=.{3,32}$)[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_STORED = "[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]"
_ALERTING = r"[^%&\\?/:<>+#*{}|@\x00-\x1f]{0,259}[^%&\\?/:<>+#*{}|@\x00-\x1f .]"
_NETWORKED = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?"
_TOPIC = "[A-Za-z0-9-]{3,50}"
_SUBSCRIPTION = "[A-Za-z0-9-]{3,64}"

_ML = "Microsoft.MachineLearningServices/workspaces"

PATTERNS = {
    "Microsoft.Authorization/roleAssignments": _GUID,
    "Microsoft.Authorization/roleDefinitions": _GUID,
    "Microsoft.ContainerRegistry/registries": "[A-Za-z0-9]{5,50}",
    "Microsoft.DataFactory/factories": "(?=.{3,63}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*",
    "Microsoft.DataFactory/factories/credentials": (
        "[_A-Za-z0-9](?:[-_A-Za-z0-9]{0,125}[_A-Za-z0-9])?"
    ),
    # The documents deny hyphens to both, the types don't.
    "Microsoft.DataFactory/factories/datasets": _NO_HYPHEN,
    "Microsoft.DataFactory/factories/linkedservices": _NO_HYPHEN,
    "Microsoft.DataFactory/factories/pipelines": _FACTORY_PART,
    "Microsoft.DataFactory/factories/triggers": _FACTORY_PART,
    # Documents.
    "Microsoft.EventGrid/domains": _TOPIC,
    "Microsoft.EventGrid/domains/eventSubscriptions": _SUBSCRIPTION,
    "Microsoft.EventGrid/domains/topics": _TOPIC,
    "Microsoft.EventGrid/domains/topics/eventSubscriptions": _SUBSCRIPTION,
    "Microsoft.EventGrid/eventSubscriptions": _SUBSCRIPTION,
    "Microsoft.EventGrid/systemTopics": _TOPIC,
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": _SUBSCRIPTION,
    "Microsoft.EventGrid/topics": _TOPIC,
    "Microsoft.EventGrid/topics/eventSubscriptions": _SUBSCRIPTION,
    # Documents: the type's own pattern would want 8 characters where its length wants 6.
    "Microsoft.EventHub/namespaces": _NAMESPACE,
    "Microsoft.EventHub/namespaces/eventhubs": _ENTITY % 254,
    # Documents; what none of the three may end with is UNVERIFIED.
    "Microsoft.Insights/actionGroups": _ALERTING,
    "Microsoft.Insights/components": r"[^%&\\?/\x00-\x1f]{0,259}[^%&\\?/\x00-\x1f .]",
    "Microsoft.Insights/metricAlerts": _ALERTING,
    "Microsoft.Insights/workbooks": _GUID,
    # Documents: the type lets hyphens stand anywhere.
    "Microsoft.KeyVault/vaults": "(?=.{3,24}$)[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*",
    "Microsoft.KeyVault/vaults/secrets": "[A-Za-z0-9-]{1,127}",
    "Microsoft.Logic/workflows": "[A-Za-z0-9._()-]{1,80}",
    _ML: "[A-Za-z0-9][A-Za-z0-9_-]{2,32}",
    # azure-ai-ml; a deployment's like its endpoint's is UNVERIFIED.
    f"{_ML}/batchEndpoints": _ENDPOINT,
    f"{_ML}/batchEndpoints/deployments": _ENDPOINT,
    f"{_ML}/computes": r"[A-Za-z](?![A-Za-z0-9-]*-\d+$)[A-Za-z0-9-]{2,23}",
    # UNVERIFIED, as the assets' are.
    f"{_ML}/datastores": "[A-Za-z0-9_]{1,255}",
    f"{_ML}/codes": _ASSET,
    f"{_ML}/components": _ASSET,
    f"{_ML}/data": _ASSET,
    f"{_ML}/environments": _ASSET,
    f"{_ML}/models": _ASSET,
    "Microsoft.ManagedIdentity/userAssignedIdentities": "[A-Za-z0-9_-]{3,128}",
    # Documents.
    "Microsoft.Network/privateDnsZones": r"(?=.{1,63}$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": _NETWORKED,
    "Microsoft.Network/privateEndpoints": _NETWORKED,
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": _NETWORKED,
    "Microsoft.Network/virtualNetworks": "(?=.{2,64}$)[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])",
    "Microsoft.Network/virtualNetworks/subnets": _NETWORKED,
    "Microsoft.OperationalInsights/workspaces": "[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]",
    "Microsoft.Resources/deployments": r"[-\w._()]{1,64}",
    # The end is the documents'.
    "Microsoft.Resources/resourceGroups": r"[-\w._()]{0,89}[-\w_()]",
    "Microsoft.ServiceBus/namespaces": _NAMESPACE,
    # Azure allows slashes inside, too; a resource id can't have them.
    "Microsoft.ServiceBus/namespaces/queues": _ENTITY % 258,
    "Microsoft.ServiceBus/namespaces/topics": _ENTITY % 258,
    "Microsoft.Storage/storageAccounts": "[a-z0-9]{3,24}",
    "Microsoft.Storage/storageAccounts/blobServices/containers": _STORED,
    "Microsoft.Storage/storageAccounts/fileServices/shares": _STORED,
    "Microsoft.Storage/storageAccounts/queueServices/queues": _STORED,
    "Microsoft.Web/serverfarms": "[A-Za-z0-9-]{1,40}",
    "Microsoft.Web/sites": "[A-Za-z0-9-]{2,60}",
}
"""By the Resource Manager's name of the type."""


def accepted_instead(arm_type: str, name: str) -> str | None:
    """What a name has to be like; None where it is, and for a type without a pattern."""
    pattern = PATTERNS.get(arm_type)
    if pattern is None or re.fullmatch(pattern, name):
        return None
    return f"names that match {pattern}"

"""A body that is taken of each type of resource, and where it can be put.

`bodies.yaml` has them as they are sent, and says `$NAME` for what stands here.
"""

from pathlib import Path
from string import Template
from typing import Any

import yaml

from local_azure.control_plane.tenant import DEPLOYER, SUBSCRIPTION, SUBSCRIPTION_ID, TENANT_ID

Json = dict[str, Any]
HERE: Json = {"location": "West Europe"}
GLOBAL: Json = {"location": "global"}
PRINCIPAL = DEPLOYER.object_id
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
IN = f"{GROUP}/providers"
ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/inputs"
POLICY = f"{ACCOUNT}/managementPolicies/default"
ARTIFACTS = f"{IN}/Microsoft.Storage/storageAccounts/artifacts"
IDENTITY = f"{IN}/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
VAULT = f"{IN}/Microsoft.KeyVault/vaults/the-vault"
LOGS = f"{IN}/Microsoft.OperationalInsights/workspaces/logs"
INSIGHTS = f"{IN}/Microsoft.Insights/components/insights"
WORKSPACE = f"{IN}/Microsoft.MachineLearningServices/workspaces/wsp"
DEPLOYED = f"{WORKSPACE}/batchEndpoints/digits/deployments/digits"
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
TOLD = f"{IN}/Microsoft.Insights/actionGroups/team"
DEAD = f"{IN}/Microsoft.Insights/metricAlerts/dead-letters"
BOOK = f"{IN}/Microsoft.Insights/workbooks/{NAMED}"
PLAN = f"{IN}/Microsoft.Web/serverfarms/plan"
HUBS = f"{IN}/Microsoft.EventHub/namespaces/the-hubs"

_TEXT = Path(__file__).with_name("bodies.yaml").read_text(encoding="utf-8")
_TENANT = {"TENANT_ID": TENANT_ID, "SUBSCRIPTION_ID": SUBSCRIPTION_ID}
_READ = yaml.safe_load(Template(_TEXT).substitute(globals(), **_TENANT))
_PUT = [(*key.split(), body) for key, body in _READ["put"].items()]
STATUS = {resource_id: int(status) for status, resource_id, _ in _PUT}
"""Of the first PUT."""
BODY: dict[str, Json] = {resource_id: body for _, resource_id, body in _PUT}
CHECKED: dict[str, Json] = _READ["checked"]
STORAGE = BODY[ACCOUNT]
ALERT = BODY[DEAD]

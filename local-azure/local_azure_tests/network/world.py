"""A private network with an account, a vault, a registry, a workspace and a factory beside it."""

from typing import Any

from local_azure.control_plane.resource_manager import versions
from local_azure.control_plane.tenant import SUBSCRIPTION, TENANT_ID
from local_azure_tests.conftest import Running
from local_azure_tests.core.rest_client import Client

Json = dict[str, Any]
GROUP = f"{SUBSCRIPTION}/resourceGroups/private"
IN = f"{GROUP}/providers"
HERE: Json = {"location": "westeurope"}
GLOBAL: Json = {"location": "global"}
ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/privateinputs"
OWN_ACCOUNT = f"{IN}/Microsoft.Storage/storageAccounts/privateown"
VAULT = f"{IN}/Microsoft.KeyVault/vaults/private-vault"
REGISTRY = f"{IN}/Microsoft.ContainerRegistry/registries/privateimages"
INSIGHTS = f"{IN}/Microsoft.Insights/components/insights"
LOGS = f"{IN}/Microsoft.OperationalInsights/workspaces/logs"
WORKSPACE = f"{IN}/Microsoft.MachineLearningServices/workspaces/private-ml"
FACTORY = f"{IN}/Microsoft.DataFactory/factories/private-factory"
NETWORK = f"{IN}/Microsoft.Network/virtualNetworks/private-net"
SUBNET = f"{NETWORK}/subnets/endpoints"
MANAGED = f"{FACTORY}/managedVirtualNetworks/default"
NO_KEYS = {"allowSharedKeyAccess": False}


def account(**properties: Any) -> Json:
    return {
        **HERE,
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "properties": {**NO_KEYS, **properties},
    }


def allowing(address: str, **acls: str) -> Json:
    """An account's firewall that lets in one address, or range of them."""
    rules = {"ipRules": [{"value": address, "action": "Allow"}]}
    return {"networkAcls": {"defaultAction": "Deny", **acls, **rules}}


def vault(**properties: Any) -> Json:
    fixed = {"tenantId": TENANT_ID, "sku": {"family": "A", "name": "standard"}}
    return {**HERE, "properties": {**fixed, "enableRbacAuthorization": True, **properties}}


def registry(sku: str = "Premium", **properties: Any) -> Json:
    return {**HERE, "sku": {"name": sku}, "properties": properties}


def workspace(**properties: Any) -> Json:
    parts = {"storageAccount": OWN_ACCOUNT, "keyVault": VAULT, "applicationInsights": INSIGHTS}
    given = {**parts, "systemDatastoresAuthMode": "identity", **properties}
    return {**HERE, "identity": {"type": "SystemAssigned"}, "properties": given}


def network(*ranges: str) -> Json:
    return {**HERE, "properties": {"addressSpace": {"addressPrefixes": list(ranges)}}}


def subnet(prefix: str, **properties: Any) -> Json:
    return {"properties": {"addressPrefix": prefix, **properties}}


def endpoint(target: str, group: str, *, by_hand: bool = False, subnet: str = SUBNET) -> Json:
    properties = {"privateLinkServiceId": target, "groupIds": [group]}
    kind = "manualPrivateLinkServiceConnections" if by_hand else "privateLinkServiceConnections"
    connection = {"name": group, "properties": properties}
    return {**HERE, "properties": {"subnet": {"id": subnet}, kind: [connection]}}


def zone_group(*zones: str) -> Json:
    configs = [
        {"name": f"zone{number}", "properties": {"privateDnsZoneId": zone}}
        for number, zone in enumerate(zones)
    ]
    return {"properties": {"privateDnsZoneConfigs": configs}}


def link() -> Json:
    return {**GLOBAL, "properties": {"virtualNetwork": {"id": NETWORK}}}


def state(status: str) -> Json:
    """What an owner says of a connection."""
    return {"properties": {"privateLinkServiceConnectionState": {"status": status}}}


def managed(target: str, group: str) -> Json:
    return {"properties": {"privateLinkResourceId": target, "groupId": group}}


def runtime(name: str = "default") -> Json:
    reference = {"type": "ManagedVirtualNetworkReference", "referenceName": name}
    own = {"computeProperties": {"location": "AutoResolve"}}
    return {
        "properties": {"type": "Managed", "managedVirtualNetwork": reference, "typeProperties": own}
    }


def named_endpoint(name: str) -> str:
    return f"{IN}/Microsoft.Network/privateEndpoints/{name}"


def zone(name: str) -> str:
    return f"{IN}/Microsoft.Network/privateDnsZones/{name}"


class World:
    """Somebody who makes it; the deployer, unless another client is given."""

    def __init__(self, running: Running, client: Client | None = None) -> None:
        self.running = running
        self.client = client or Client(running)

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        namespace, *parts = path.rpartition("/providers/")[2].split("/")
        kind = "Microsoft.Resources/resourceGroups"
        if "/providers/" in path:
            kind = "/".join([namespace, *parts[0::2]])
        found = self.running.azure.manager.kind(kind)
        assert found is not None, kind
        return self.client.ask(path, versions.accepted(found)[0], method, body)

    def put(self, path: str, body: Json) -> Json:
        status, told = self.send("PUT", path, body)
        assert status < 300, told
        return self.get(path)

    def get(self, path: str) -> Json:
        status, told = self.send("GET", path)
        assert status == 200, told
        found: Json = told
        return found

    def delete(self, path: str) -> None:
        status, told = self.send("DELETE", path)
        assert status < 300, told

    def refused(self, path: str, body: Json) -> str:
        """Why a PUT is refused."""
        status, told = self.send("PUT", path, body)
        assert status >= 400, told
        return f"{told['error']['code']}: {told['error']['message']}"

    def connections(self, target: str) -> list[Json]:
        found: list[Json] = self.get(f"{target}/privateEndpointConnections")["value"]
        return found

    def states(self, target: str) -> list[str]:
        told = [each["properties"] for each in self.connections(target)]
        return [each["privateLinkServiceConnectionState"]["status"] for each in told]

    def decide(self, target: str, status: str) -> None:
        """What the owner of a target says of its one connection."""
        (one,) = self.connections(target)
        self.put(one["id"], state(status))

    def make(self) -> None:
        """All but workspace and endpoints."""
        self.put(GROUP, HERE)
        for each in (ACCOUNT, OWN_ACCOUNT):
            self.put(each, account())
        self.put(VAULT, vault())
        self.put(REGISTRY, registry())
        self.put(LOGS, {**HERE, "properties": {"sku": {"name": "PerGB2018"}}})
        insights = {"Application_Type": "web", "WorkspaceResourceId": LOGS}
        self.put(INSIGHTS, {**HERE, "kind": "web", "properties": insights})
        self.put(FACTORY, {**HERE, "identity": {"type": "SystemAssigned"}})
        self.put(NETWORK, network("10.0.0.0/24"))
        self.put(SUBNET, subnet("10.0.0.0/28"))

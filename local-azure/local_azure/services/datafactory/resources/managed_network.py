"""A factory's managed virtual network: the network, endpoints out of it, runtimes inside of it.

A factory has one network at most, ``default``. An endpoint waits until the owner of its target
approves it. Self-hosted runtimes and those of SSIS are not emulated.
"""

from collections.abc import Iterator
from uuid import uuid4

from local_azure.control_plane.networks import connections
from local_azure.control_plane.networks.connections import PENDING, Owner
from local_azure.control_plane.networks.links import GROUPS
from local_azure.control_plane.resource_manager.answers import chosen
from local_azure.control_plane.resource_manager.form import Form
from local_azure.control_plane.resource_manager.resource_type import Json, Put, ResourceType
from local_azure.control_plane.resource_manager.shape import (
    Problem,
    missing,
    not_emulated,
    other_than,
)
from local_azure.control_plane.resource_manager.unknown import at
from local_azure.services.datafactory.errors import ManagedEndpointExistsError
from local_azure.services.datafactory.resources.place import (
    API_VERSION,
    PATH,
    answered,
    document_type,
    factory_of,
)

_NETWORKS, _ENDPOINTS = "managedVirtualNetworks", "managedPrivateEndpoints"
_PATH = f"{PATH}/{_NETWORKS}/{{managedVirtualNetworkName}}"
_DEFAULT = "default"
_THEIRS = "/subscriptions/{}/resourceGroups/managed/providers/Microsoft.Network/privateEndpoints/"
"""Where a managed endpoint lies: in a subscription of Microsoft's."""
_LOCATION = "properties.computeProperties.location"


def _network_rules(inputs: Json) -> Iterator[Problem]:
    yield from other_than(inputs, "managedVirtualNetworkName", _DEFAULT, word="accepted")
    for key in sorted((at(inputs, "properties") or {}).keys() - {"vNetId", "alias"}):
        yield Problem(f"properties.{key}", "not known; accepted: an empty object")


def _network_answer(put: Put) -> Json:
    kept = put.before.properties["properties"] if put.before else {"vNetId": str(uuid4())}
    return {**answered(put), "properties": kept}


MANAGED_NETWORK = ResourceType(
    # azure-native has none; programs make it by a deployment.
    pulumi_type="azure-native:datafactory:ManagedVirtualNetwork",
    path=_PATH,
    autoname="random",
    api_version=API_VERSION,
    answer=_network_answer,
    rules=_network_rules,
    form=Form(required=True),
)


def _endpoint_rules(inputs: Json) -> Iterator[Problem]:
    properties = at(inputs, "properties") or {}
    if isinstance(inputs["properties"], dict):
        keys, why = (
            ("groupId", "privateLinkResourceId"),
            "an endpoint leads to a group of something",
        )
        yield from missing(properties, *keys, why=why, path="properties")


def _check_endpoint(put: Put) -> None:
    given, path = put.body["properties"], "properties.privateLinkResourceId"
    target = put.linked(path, given["privateLinkResourceId"], *GROUPS)
    if given["groupId"] not in GROUPS[target.type]:
        offered = ", ".join(GROUPS[target.type])
        raise put.refuse("properties.groupId", f"found {given['groupId']!r}, accepted: {offered}")
    there = put.control.resources.select(put.type.arm_type, under=factory_of(put.id))
    changed = put.before and _shape(put.before.body["properties"]) != _shape(given)
    twin = not put.before and any(
        _shape(each.body["properties"])[:2] == _shape(given)[:2] for each in there
    )
    if changed or twin:
        raise ManagedEndpointExistsError(put.name)


def _shape(properties: Json) -> tuple[str, str, list[str]]:
    """Target, group and host names."""
    target = properties["privateLinkResourceId"].lower()
    return target, properties["groupId"], properties.get("fqdns") or []


def _endpoint_answer(put: Put) -> Json:
    found = connections.of(put.control, put.id)
    status = connections.status(found[0]) if found else PENDING
    told = {
        **chosen(put.body["properties"], ["groupId", "privateLinkResourceId", "fqdns"]),
        "connectionState": {"status": status, "description": "", "actionsRequired": "None"},
        "isReserved": False,
        "provisioningState": "Succeeded",
    }
    return {**answered(put), "properties": told}


def _connect(put: Put, answer: Json) -> None:
    del answer
    given = put.body["properties"]
    target = put.linked("properties", given["privateLinkResourceId"])
    factory = factory_of(put.id)
    owner = Owner(put.id, factory, given["groupId"])
    name = f"{factory.rpartition('/')[2]}.{put.name}"
    connections.connect(put.control, target, owner, PENDING, _THEIRS.format(uuid4()) + name)


MANAGED_ENDPOINT = ResourceType(
    pulumi_type="azure-native:datafactory:ManagedPrivateEndpoint",
    path=f"{_PATH}/{_ENDPOINTS}/{{managedPrivateEndpointName}}",
    api_version=API_VERSION,
    answer=_endpoint_answer,
    rules=_endpoint_rules,
    check=_check_endpoint,
    commit=_connect,
    forget=lambda control, endpoint: connections.disconnect(control, endpoint.id),
)


def _runtime_rules(inputs: Json) -> Iterator[Problem]:
    properties = inputs["properties"]
    declined = ("customerVirtualNetwork", "ssisProperties")
    yield from not_emulated(properties, *declined, path="properties")
    reference = properties.get("managedVirtualNetwork")
    if reference is None:
        reason = "missing; a runtime without a managed network is not emulated"
        yield Problem("properties.managedVirtualNetwork", reason)
    if properties.get("computeProperties") is None:
        yield Problem("properties.computeProperties", "missing; a runtime has a location")


def _check_runtime(put: Put) -> None:
    factory = factory_of(put.id)
    name = put.body["properties"]["managedVirtualNetwork"]["referenceName"]
    put.linked("properties.managedVirtualNetwork", f"{factory}/{_NETWORKS}/{name}")
    there = put.linked("factoryName", factory).properties["location"]
    found = at(put.body, _LOCATION)
    if found not in {None, "AutoResolve", there}:
        reason = f"found {found!r}, accepted: 'AutoResolve', or the factory's region, {there!r}"
        raise put.refuse(_LOCATION, reason)


def _runtime_answer(put: Put) -> Json:
    return {**answered(put), "properties": {**put.body["properties"], "state": "Online"}}


RUNTIME = document_type(
    "IntegrationRuntime",
    "integrationRuntime",
    rules=_runtime_rules,
    emulated=("Managed",),
    check=_check_runtime,
    answer=_runtime_answer,
)
TYPES = (MANAGED_NETWORK, MANAGED_ENDPOINT, RUNTIME)

"""The virtual network that Data Factory manages for a factory, and what its runtime reaches in it.

A managed private endpoint is asked for by the factory and approved by whoever owns its target: the
program does so for those that it makes, and for no other request that waits there. A name of
Azure's tells them apart: `<factory>.<endpoint>`, in a subscription of Microsoft's (as public
programs find it; UNVERIFIED).

Annotations name the SDK's Data Factory in quotes: it loads when it is first touched, and takes a
third of a second, which a stack without a factory need not spend.
"""

import asyncio
from functools import partial
from itertools import count
from typing import Any, TypedDict

import pulumi
from pulumi_azure_native import datafactory
from pulumi_random import RandomId

from components.azure.options import also
from components.azure.resource_manager import ResourceManager, apart, call
from components.azure.steps import before_create, done_once
from components.azure.whole_body_put import Body, put
from components.data_factory.documents import FactoryPlace
from components.identity.propagation import pause

RUNTIME = "private-network"
"""Name of the integration runtime in the network."""

NETWORK = "default"
"""Name of the network, the only one that Azure takes."""

LEADS_TO = ["properties.privateLinkResourceId", "properties.groupId", "properties.fqdns"]
"""What Azure changes of no endpoint; a refresh adds to `properties` whether it is approved."""

_VERSIONS = {
    "microsoft.machinelearningservices": "2025-12-01",
    "microsoft.storage": "2024-01-01",
}
"""Of the API that tells who asks for a connection, by the target's namespace."""


class TargetArgs(TypedDict):
    """What a managed private endpoint leads to."""

    resource_id: pulumi.Input[str]
    """Its resource id."""

    group: str
    """The part of it, as Private Link names it, such as `blob`."""

    host: pulumi.Input[str]
    """Host that the pipelines call. That a workspace needs no others is UNVERIFIED."""


class FactoryNetworkArgs(ResourceManager):
    """A factory's managed network."""

    targets: dict[str, TargetArgs]
    """What its runtime reaches privately, by the endpoint's name."""


def within_network(
    name: str, args: FactoryNetworkArgs, place: FactoryPlace, opts: pulumi.ResourceOptions
) -> FactoryPlace:
    """The factory with its network, in which what its pipelines call is reached.

    azure-native has no managed network (pulumi-azure-native#896): a template makes it.
    """
    body = Body(
        type="Microsoft.DataFactory/factories/managedVirtualNetworks",
        api_version="2018-06-01",
        name=pulumi.Output.concat(place.factory_name, "/", NETWORK),
        content={"properties": {}},
    )
    network = put(f"{name}-network", place.resource_group_name, body, opts)
    later = also(opts, depends_on=[network])
    approvals = [
        _endpoint(f"{name}-{role}", role, target, args, place, later)
        for role, target in args["targets"].items()
    ]
    runtime = datafactory.IntegrationRuntime(
        f"{name}-runtime",
        integration_runtime_name=RUNTIME,
        properties={
            "type": "Managed",
            "managed_virtual_network": {
                "type": "ManagedVirtualNetworkReference",
                "reference_name": NETWORK,
            },
            "compute_properties": {"location": "AutoResolve"},
        },
        **place.inside(later),
    )
    # No part of the factory's name: what is in it would go when an endpoint is made anew.
    return place._replace(runtime_name=RUNTIME, needed=(runtime, *approvals))


def _endpoint(
    name: str,
    role: str,
    target: TargetArgs,
    args: FactoryNetworkArgs,
    place: FactoryPlace,
    opts: pulumi.ResourceOptions,
) -> RandomId:
    """A managed private endpoint, and that it is approved.

    Azure refuses one with other properties, and a second one to its target
    (D:data-factory/continuous-integration-delivery; Azure/Azure-DataFactory#250).
    """
    endpoint = datafactory.ManagedPrivateEndpoint(
        f"{name}-endpoint",
        managed_private_endpoint_name=role,
        managed_virtual_network_name=NETWORK,
        properties={
            "private_link_resource_id": target["resource_id"],
            "group_id": target["group"],
            "fqdns": [target["host"]],
        },
        **place.inside(also(opts, replace_on_changes=LEADS_TO, delete_before_replace=True)),
    )
    asks = pulumi.Output.concat(place.factory_name, ".", role)
    keepers = {"endpoint": endpoint.id, "target": target["resource_id"]}
    hooks = before_create(partial(approve, args), target["resource_id"], asks)
    return done_once(f"{name}-approved", keepers, hooks, opts)


async def approve(manager: ResourceManager, target_id: str, asks: str) -> None:
    """Approves a connection, which may be asked for a moment later, and waits until it is.

    Raises:
        TimeoutError: nobody has asked for it.
        PermissionError: somebody has rejected it.
        azure.core.exceptions.AzureError: Azure refuses; its message says which action is missing.
    """
    for refused in count(1):
        if await apart(partial(approved, manager, target_id, asks)):
            return
        seconds = pause(refused, f"The connection of {asks} to {target_id}")
        if seconds is None:
            message = f"The private endpoint {asks} is not connected to {target_id}"
            raise TimeoutError(message)
        await asyncio.sleep(seconds)


def approved(manager: ResourceManager, target_id: str, asks: str) -> bool:
    """Whether a connection is approved; one that waits for it is.

    Raises:
        PermissionError: somebody has rejected it.
        azure.core.exceptions.AzureError: Azure refuses; its message says which action is missing.
    """
    version = _VERSIONS[target_id.split("/")[6].lower()]
    listed = call(manager, "GET", f"{target_id}/privateEndpointConnections", version)
    for connection in listed["value"]:
        if not _is_of(connection, asks):
            continue
        status = connection["properties"]["privateLinkServiceConnectionState"]["status"]
        if status == "Pending":
            call(manager, "PUT", connection["id"], version, _approval(connection))
        elif status != "Approved":
            message = f"The connection of {asks} to {target_id} is {status}"
            raise PermissionError(message)
        return bool(status == "Approved")
    return False


def _is_of(connection: Any, asks: str) -> bool:
    endpoint = connection["properties"].get("privateEndpoint") or {}
    return str(endpoint.get("id", "")).rpartition("/")[2].lower() == asks.lower()


def _approval(connection: Any) -> dict[str, Any]:
    """The whole connection, as azure-cli puts it for every kind of target."""
    told = connection["properties"]
    said = {"status": "Approved", "description": "Approved by whoever deploys the data factory"}
    state = {**told["privateLinkServiceConnectionState"], **said}
    return {**connection, "properties": {**told, "privateLinkServiceConnectionState": state}}

"""A site's way into its subnet, as a resource of its own: it is deleted before the site.

Azure deletes no subnet whose site was deleted while it was in it
(D:app-service/overview-vnet-integration); azure-native disconnects where it deletes this. The site
names its subnet as well: it needs it from its creation on, and each change says it again.
"""

from functools import partial

import pulumi
from pulumi_azure_native import web

from components.azure.options import also
from components.azure.placement import PlacementArgs
from components.azure.resource_manager import ResourceManager, apart, call
from components.azure.steps import before_create

_VERSION = "2025-05-01"


class ConnectedArgs(PlacementArgs, ResourceManager):
    """Where the site is, and who disconnects it."""


def connected(
    name: str,
    args: ConnectedArgs,
    app: "web.WebApp",
    subnet_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> "web.WebAppSwiftVirtualNetworkConnection":
    """The connection of a site that is in the subnet, which it leaves for a moment."""
    return web.WebAppSwiftVirtualNetworkConnection(
        f"{name}-connection",
        name=app.name,
        resource_group_name=args["resource_group_name"],
        subnet_resource_id=subnet_id,
        swift_supported=True,
        opts=also(opts, hooks=disconnected_before_create(app.id, args)),
    )


def disconnected_before_create(
    site_id: pulumi.Output[str], manager: ResourceManager
) -> pulumi.ResourceHookBinding:
    """Takes the site out: azure-native creates the connection of one that is in no subnet alone.

    Source: its provider/pkg/openapi/defaults. That Azure does not mind where it is out already,
    after an `up` that was killed in between, is UNVERIFIED.
    """

    async def disconnect(site: str) -> None:
        path = f"{site}/networkConfig/virtualNetwork"
        await apart(partial(call, manager, "DELETE", path, _VERSION))

    return before_create(disconnect, site_id)

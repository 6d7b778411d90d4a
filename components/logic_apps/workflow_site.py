"""A site of the Standard plan: what workflows run in.

Annotations name the SDK's modules in quotes: they load when they are first touched.
"""

from collections.abc import Mapping
from typing import NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from components.azure.placement import PlacementArgs, placed
from components.logic_apps.site_storage import site_storage

_BUNDLE = "AzureFunctionsJobHost__extensionBundle"
_RUNTIME = {
    "APP_KIND": "workflowApp",
    "FUNCTIONS_EXTENSION_VERSION": "~4",
    "FUNCTIONS_INPROC_NET8_ENABLED": "1",
    "FUNCTIONS_WORKER_RUNTIME": "dotnet",
    f"{_BUNDLE}__id": "Microsoft.Azure.Functions.ExtensionBundle.Workflows",
    f"{_BUNDLE}__version": "[1.*, 2.0.0)",
}
"""D:logic-apps/edit-app-settings-host-settings."""
_RUNS_ON = "v8.0"
"""What the runtime ~4 runs on, in-process; azure-native would say v4.6, which it does not."""
_MOST_INSTANCES = 3
"""One is always there; more come while runs pile up, and are billed by the second."""


class StandardPlanArgs(TypedDict):
    """What a Standard plan is like."""

    sku: str
    """Size of its instances: WS1, WS2 or WS3."""

    subnet_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of a subnet, delegated to Microsoft.Web/serverFarms, that workflows call from."""

    storage_suffix: str
    """What follows `<account>.blob.` in the host of an account in this cloud."""


class Wanted(NamedTuple):
    """What a site is to be like."""

    plan: StandardPlanArgs
    """What it runs in."""

    settings: Mapping[str, pulumi.Input[str]]
    """App settings beside the runtime's: secrets."""

    allowed_callers: list[str]
    """Address ranges that may call it, beside Event Grid."""

    own_identity: bool
    """Whether it gets a system-assigned identity."""


def _plan(
    name: str, place: PlacementArgs, args: StandardPlanArgs, opts: pulumi.ResourceOptions
) -> "web.AppServicePlan":
    """What is paid for by the month."""
    return web.AppServicePlan(
        name,
        **placed(place),
        kind="elastic",
        sku={"name": args["sku"], "tier": "WorkflowStandard"},
        maximum_elastic_worker_count=_MOST_INSTANCES,
        opts=opts,
    )


def site(
    name: str,
    place: PlacementArgs,
    wanted: Wanted,
    opts: pulumi.ResourceOptions,
) -> "web.WebApp":
    """A site that Event Grid may call, and else only who is named.

    Args:
        name: logical name of the component that it is a part of.
        place: where it goes.
        wanted: what it is to be like.
        opts: its options.
    """
    identity = web.ManagedServiceIdentityArgs(type=web.ManagedServiceIdentityType.SYSTEM_ASSIGNED)
    content = site_storage(name, place, wanted.plan["storage_suffix"], opts)
    return web.WebApp(
        f"{name}-site",
        **placed(place),
        kind="functionapp,workflowapp",
        server_farm_id=_plan(f"{name}-plan", place, wanted.plan, opts).id,
        identity=identity if wanted.own_identity else None,
        https_only=True,
        client_affinity_enabled=False,
        public_network_access="Enabled",  # Event Grid never calls a private endpoint
        virtual_network_subnet_id=wanted.plan.get("subnet_id"),
        site_config=_configuration(wanted, content),
        opts=opts,
    )


def _configuration(wanted: Wanted, content: dict[str, pulumi.Input[str]]) -> "web.SiteConfigArgs":
    in_network = wanted.plan.get("subnet_id") is not None
    secret = {key: pulumi.Output.secret(value) for key, value in wanted.settings.items()}
    settings = {**_RUNTIME, **content, **secret}
    return web.SiteConfigArgs(
        app_settings=[
            web.NameValuePairArgs(name=key, value=value) for key, value in settings.items()
        ],
        ftps_state="Disabled",
        # From outside of the network nobody sees that runs pile up: the runtime tells
        # (D:azure-functions/functions-networking-options; of workflows UNVERIFIED).
        functions_runtime_scale_monitoring_enabled="WEBSITE_CONTENTOVERVNET" in content or None,
        ip_security_restrictions=_restrictions(wanted.allowed_callers),
        ip_security_restrictions_default_action="Deny",
        min_tls_version="1.2",
        net_framework_version=_RUNS_ON,
        use32_bit_worker_process=False,
        vnet_route_all_enabled=in_network,
    )


def _restrictions(ranges: list[str]) -> "list[web.IpSecurityRestrictionArgs]":
    allowed = [("AzureEventGrid", "ServiceTag"), *((each, None) for each in ranges)]
    return [
        web.IpSecurityRestrictionArgs(
            name=f"allowed-{number}", ip_address=address, tag=tag, action="Allow", priority=number
        )
        for number, (address, tag) in enumerate(allowed, 100)
    ]

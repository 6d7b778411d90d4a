"""A site of the Standard plan: what workflows run in, with the storage account of its own.

A workflow plan needs that account's keys; Microsoft documents no other way
(D:logic-apps/create-single-tenant-workflows-azure-portal). So it holds nothing but the site's own
files and runs, and inputs never lie there. Annotations name the SDK's modules in quotes: they load
when they are first touched.
"""

from collections.abc import Mapping
from typing import NamedTuple, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import storage, web

from components.azure.placement import PlacementArgs
from components.storage.keyless_account import keyless_account

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
        resource_group_name=place["resource_group_name"],
        location=place.get("location"),
        tags=place.get("tags"),
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
    return web.WebApp(
        f"{name}-site",
        resource_group_name=place["resource_group_name"],
        location=place.get("location"),
        tags=place.get("tags"),
        kind="functionapp,workflowapp",
        server_farm_id=_plan(f"{name}-plan", place, wanted.plan, opts).id,
        identity=identity if wanted.own_identity else None,
        https_only=True,
        client_affinity_enabled=False,
        public_network_access="Enabled",  # Event Grid never calls a private endpoint
        virtual_network_subnet_id=wanted.plan.get("subnet_id"),
        site_config=_configuration(wanted, _content(name, place, wanted.plan, opts)),
        opts=opts,
    )


def _configuration(wanted: Wanted, content: dict[str, pulumi.Input[str]]) -> "web.SiteConfigArgs":
    in_network = bool(wanted.plan.get("subnet_id"))
    secret = {key: pulumi.Output.secret(value) for key, value in wanted.settings.items()}
    settings = {**_RUNTIME, **content, **secret}
    return web.SiteConfigArgs(
        app_settings=[
            web.NameValuePairArgs(name=key, value=value) for key, value in settings.items()
        ],
        ftps_state="Disabled",
        ip_security_restrictions=_restrictions(wanted.allowed_callers),
        ip_security_restrictions_default_action="Deny",
        min_tls_version="1.2",
        net_framework_version=_RUNS_ON,
        use32_bit_worker_process=False,
        vnet_route_all_enabled=in_network,
    )


def _content(
    name: str, place: PlacementArgs, args: StandardPlanArgs, opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Input[str]]:
    """Where the site keeps its files and its runs: an account and a share of its own."""
    account = keyless_account(f"{name}-runtime", f"st{name}", place, opts, keys=True)
    listed = storage.list_storage_account_keys_output(
        resource_group_name=place["resource_group_name"],
        account_name=account.name,
        opts=pulumi.InvokeOutputOptions(parent=opts.parent),
    )
    connection: pulumi.Output[str] = pulumi.Output.secret(
        pulumi.Output.concat(
            "DefaultEndpointsProtocol=https;AccountName=",
            account.name,
            ";AccountKey=",
            listed.keys[0].value,
            f";EndpointSuffix={args['storage_suffix']}",
        )
    )
    return {
        "AzureWebJobsStorage": connection,
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": connection,
        "WEBSITE_CONTENTSHARE": name,
    }


def _restrictions(ranges: list[str]) -> "list[web.IpSecurityRestrictionArgs]":
    allowed = [("AzureEventGrid", "ServiceTag"), *((each, None) for each in ranges)]
    return [
        web.IpSecurityRestrictionArgs(
            name=f"allowed-{number}", ip_address=address, tag=tag, action="Allow", priority=number
        )
        for number, (address, tag) in enumerate(allowed, 100)
    ]

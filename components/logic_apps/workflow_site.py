"""A site of the Standard plan: what workflows run in.

Annotations name the SDK's modules in quotes: they load when they are first touched.
"""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from components.azure.placement import PlacementArgs, placed
from components.azure.resource_manager import ResourceManager
from components.logic_apps.batch_event_workflow import BatchEventWorkflowArgs
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


class StandardBatchEventWorkflowArgs(BatchEventWorkflowArgs, ResourceManager):
    """Arguments of StandardBatchEventWorkflow."""

    plan: StandardPlanArgs
    """What it runs in."""

    former_client_secret: NotRequired[pulumi.Input[str] | None]
    """Of the service principal whose place own_identity takes: the files that name it are still
    those of before when the site gets its settings."""


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
    args: StandardBatchEventWorkflowArgs,
    secrets: Mapping[str, pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> "web.WebApp":
    """A site that Event Grid may call, and else only who is named.

    Args:
        name: logical name of the component that it is a part of.
        args: what it is to be like.
        secrets: app settings beside the runtime's.
        opts: its options.
    """
    identity = web.ManagedServiceIdentityArgs(type=web.ManagedServiceIdentityType.SYSTEM_ASSIGNED)
    plan, content = args["plan"], site_storage(name, args, args["plan"]["storage_suffix"], opts)
    former = args.get("former_client_secret")
    secrets = {**({"client_secret": former} if former else {}), **secrets}
    return web.WebApp(
        f"{name}-site",
        **placed(args),
        kind="functionapp,workflowapp",
        server_farm_id=_plan(f"{name}-plan", args, plan, opts).id,
        identity=identity if args.get("own_identity") else None,
        https_only=True,
        client_affinity_enabled=False,
        public_network_access="Enabled",  # Event Grid never calls a private endpoint
        virtual_network_subnet_id=plan.get("subnet_id"),
        # By the site: what its configuration says Azure may refuse to change
        # (hashicorp/terraform-provider-azurerm#24878).
        outbound_vnet_routing={"application_traffic": plan.get("subnet_id") is not None},
        site_config=_configuration(args, content, secrets),
        opts=opts,
    )


def _configuration(
    args: StandardBatchEventWorkflowArgs,
    content: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
) -> "web.SiteConfigArgs":
    secret = {key: pulumi.Output.secret(value) for key, value in secrets.items()}
    settings = {**_RUNTIME, **content, **secret}
    return web.SiteConfigArgs(
        app_settings=[
            web.NameValuePairArgs(name=key, value=value) for key, value in settings.items()
        ],
        ftps_state="Disabled",
        # From outside of the network nobody sees that runs pile up: the runtime tells
        # (D:azure-functions/functions-networking-options; of workflows UNVERIFIED).
        functions_runtime_scale_monitoring_enabled="WEBSITE_CONTENTOVERVNET" in content or None,
        ip_security_restrictions=_restrictions(args.get("allowed_callers") or []),
        ip_security_restrictions_default_action="Deny",
        min_tls_version="1.2",
        net_framework_version=_RUNS_ON,
        use32_bit_worker_process=False,
    )


def _restrictions(ranges: list[str]) -> "list[web.IpSecurityRestrictionArgs]":
    allowed = [("AzureEventGrid", "ServiceTag"), *((each, None) for each in ranges)]
    return [
        web.IpSecurityRestrictionArgs(
            name=f"allowed-{number}", ip_address=address, tag=tag, action="Allow", priority=number
        )
        for number, (address, tag) in enumerate(allowed, 100)
    ]

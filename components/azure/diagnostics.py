"""What resources log, sent to Log Analytics where their place names a workspace for it.

Categories are those that cost nothing to export (azure-monitor-docs, supported logs); what is kept
is paid for by the gigabyte. Their names are of older lists of Azure's: its pages of 2026 have
display names alone.
"""

import pulumi
from pulumi_azure_native import monitor

WORKFLOW = ("WorkflowRuntime",)
SYSTEM_TOPIC = ("DeliveryFailures",)
"""All that one has (MicrosoftDocs/azure-reference-other, supported logs, 2023-07-12)."""
DOMAIN = ("DeliveryFailures", "PublishFailures")
FACTORY = ("PipelineRuns", "ActivityRuns", "TriggerRuns")
ML_WORKSPACE = ("AmlComputeClusterEvent", "AmlComputeJobEvent", "AmlRunStatusChangedEvent")


def send_logs(
    name: str,
    resource_id: pulumi.Input[str],
    categories: tuple[str, ...],
    log_workspace_id: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> None:
    """A diagnostic setting for a resource, unless no logs are kept.

    Args:
        name: logical name of the resource.
        resource_id: its resource id.
        categories: what it logs, one of those above.
        log_workspace_id: resource id of the workspace that they are sent to, if any.
        opts: its options.
    """
    if log_workspace_id is None:
        return
    monitor.DiagnosticSetting(
        f"{name}-diagnostics",
        resource_uri=resource_id,
        workspace_id=log_workspace_id,
        logs=[{"category": each, "enabled": True} for each in categories],
        # A table for each category; workflows have none of their own, and ignore it.
        log_analytics_destination_type="Dedicated",
        opts=opts,
    )

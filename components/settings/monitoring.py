"""`monitoring`: what is seen of a stack."""

from components.settings.section import LogWorkspaceId, Section


class Monitoring(Section):
    """What is seen of a stack."""

    logs: bool = False
    """Whether runs of workflows and pipelines, failed deliveries, jobs and the cluster's events are
    sent to Log Analytics, by a diagnostic setting for each resource that the stack makes. What is
    kept is paid for by the gigabyte."""

    log_workspace: LogWorkspaceId | None = None
    """Resource id of the Log Analytics workspace that logs are sent to; left out, the one that
    comes with a new Azure ML workspace."""

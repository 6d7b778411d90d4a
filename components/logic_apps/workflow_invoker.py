"""Who invokes the endpoint for a workflow: a service principal, or the workflow's own identity.

An identity of its own exists only once the workflow does, so its roles come after the workflow; a
service principal has its roles before.
"""

import pulumi
from pulumi_azure_native import authorization, logic, web

from components.identity import access
from components.logic_apps import request_workflow

AS_SERVICE_PRINCIPAL = "invoke_batch_endpoint"
AS_MANAGED_IDENTITY = "invoke_batch_endpoint_by_managed_identity"


def grants(
    name: str,
    workflow: "logic.Workflow | web.WebApp",
    args: access.StartingJobsArgs,
    opts: pulumi.ResourceOptions,
) -> list[authorization.RoleAssignment]:
    """The roles of a workflow's own identity."""
    who = access.Principal(request_workflow.principal_of(workflow))
    return access.may_start_jobs(name, who, args, opts)

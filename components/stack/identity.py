"""From settings to who may start jobs, and as whom the workflow does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pulumi

from components.identity.access import ServicePrincipalArgs
from components.identity.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.identity.callers import Callers
from components.identity.operators import Operators, WorkflowArgs
from components.logic_apps.standard_batch_event_workflow import StandardBatchEventWorkflow
from components.stack.stack import Stack, people, title, told

if TYPE_CHECKING:
    from components.identity.invoker_service_principal import InvokerServicePrincipal


def invoker_role(stack: Stack) -> pulumi.Input[str]:
    """What lets somebody invoke the endpoint."""
    invoker = stack.settings.invoker
    if invoker.existing_role_id is not None:
        return invoker.existing_role_id
    return BatchEndpointInvokerRole(
        "invoker-role",
        {
            "workspace_id": stack.workspace.workspace_id,
            "display_name": f"{title()} batch endpoint invoker",
            "narrow": invoker.role == "narrow",
        },
    ).role_definition_id


def callers(stack: Stack) -> Callers:
    """Who drops files, invokes it by hand or runs a pipeline, and fetches predictions and logs."""
    settings, workspace = stack.settings, stack.workspace
    reads = settings.workspace.callers_read_predictions
    return Callers(
        "callers",
        {
            "callers": people(settings.callers),
            "role_definition_id": stack.role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_container_id": stack.inputs.container_id,
            "result_container_ids": _results(stack) if reads else {},
            "factory_id": stack.factory.factory_id if stack.factory else None,
            "existing_runner_role_id": settings.data_factory.existing_runner_role_id,
            "runner_role_display_name": f"{title()} pipeline runner",
        },
    )


def _results(stack: Stack) -> dict[str, pulumi.Input[str]]:
    """Where jobs leave what has no other place."""
    workspace = stack.workspace
    return {
        "predictions": stack.workspace_container_id(workspace.artifacts_container),
        "logs": stack.workspace_container_id(workspace.logs_container),
    }


def operators(stack: Stack) -> Operators:
    """Who sees what came of files, cancels jobs and sends dead letters again."""
    events, factory = stack.blob_events, stack.factory
    containers = {"inputs": stack.input_scope, **_results(stack)}
    if stack.outputs:
        containers["outputs"] = stack.outputs.container_id
    return Operators(
        "operators",
        {
            "operators": people(stack.settings.operators),
            "workspace_id": stack.workspace.workspace_id,
            "topic_id": events.topic_id if events else None,
            **_workflow(stack),
            "factory_id": factory.factory_id if factory else None,
            "container_ids": containers,
            "dead_letter_container_id": stack.inputs.dead_letter_container_id,
            "existing_role_id": stack.settings.existing_operator_role_id,
            "role_display_name": f"{title()} operator",
        },
    )


def _workflow(stack: Stack) -> WorkflowArgs:
    """What runs it, where there is one."""
    workflow = stack.workflow
    if isinstance(workflow, StandardBatchEventWorkflow):
        return {"site_id": workflow.site_id}
    return {"workflow_id": workflow.workflow_id} if workflow else {}


def invoker_service_principal(stack: Stack) -> "InvokerServicePrincipal":
    """Who invokes it for the workflow, unless the workflow does by an identity of its own."""
    import pulumi_azuread as azuread  # noqa: PLC0415 - 0.16 s, for whom it is

    from components.identity.invoker_service_principal import (  # noqa: PLC0415 - imports it
        InvokerServicePrincipal,
        InvokerServicePrincipalArgs,
    )

    invoker = stack.settings.invoker
    return InvokerServicePrincipal(
        "invoker",
        {
            **stack.starting_jobs,
            **told(invoker, InvokerServicePrincipalArgs),
            "display_name": f"{title()}-invoker",
            "owners": [azuread.get_client_config_output().object_id],
            "today": invoker.as_of or str(datetime.now(UTC).date()),
        },
    )


def signs_in(stack: Stack, invoker: "InvokerServicePrincipal") -> ServicePrincipalArgs:
    """What workflows and pipelines sign in as it with: a secret."""
    return {
        "tenant_id": stack.tenant_id,
        "client_id": invoker.client_id,
        "client_secret": invoker.client_secret,
        "login_host": stack.settings.azure.login_host,
    }

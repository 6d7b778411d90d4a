"""From settings to who may start jobs, and as whom the workflow does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pulumi

from components.identity.access import ServicePrincipalArgs
from components.identity.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.identity.callers import Callers
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
    results: dict[str, pulumi.Input[str]] = {
        "predictions": stack.workspace_container_id(workspace.artifacts_container),
        "logs": stack.workspace_container_id(workspace.logs_container),
    }
    reads = settings.workspace.callers_read_predictions
    return Callers(
        "callers",
        {
            "callers": people(settings.callers),
            "role_definition_id": stack.role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_container_id": stack.inputs.container_id,
            "result_container_ids": results if reads else {},
            "factory_id": stack.factory.factory_id if stack.factory else None,
            "existing_runner_role_id": settings.data_factory.existing_runner_role_id,
            "runner_role_display_name": f"{title()} pipeline runner",
        },
    )


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

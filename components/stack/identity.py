"""From settings to who may start jobs, and as whom the workflow does."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import pulumi

from components.data_factory.batch_pipeline_factory import BatchPipelineFactoryOutputs
from components.identity.batch_endpoint_invoker_role import BatchEndpointInvokerRole
from components.identity.callers import Callers
from components.logic_apps.workflow_invoker import OwnIdentityArgs, ServicePrincipalArgs
from components.machine_learning.batch_endpoint import BatchEndpoint, ExistingBatchEndpoint
from components.machine_learning.machine_learning_workspace import MachineLearningWorkspaceOutputs
from components.settings import Settings
from components.stack.place import container_id, people, title
from components.stack.storage import input_scope
from components.storage.input_storage import InputStorageOutputs

if TYPE_CHECKING:
    from components.identity.invoker_service_principal import InvokerServicePrincipal


class Scoring(NamedTuple):
    """What is invoked, by which role, and as whom."""

    workspace: MachineLearningWorkspaceOutputs
    """Where its jobs run."""

    endpoint: BatchEndpoint | ExistingBatchEndpoint
    """The endpoint."""

    role_definition_id: pulumi.Input[str]
    """The role that lets somebody invoke it."""

    service_principal: ServicePrincipalArgs | None
    """Who signs in with a secret; None where only identities invoke."""


def invoker_role(
    settings: Settings, workspace: MachineLearningWorkspaceOutputs
) -> pulumi.Input[str]:
    """What lets somebody invoke it."""
    if settings.invoker.existing_role_id is not None:
        return settings.invoker.existing_role_id
    return BatchEndpointInvokerRole(
        "invoker-role",
        {
            "workspace_id": workspace.workspace_id,
            "display_name": f"{title()} batch endpoint invoker",
            "narrow": settings.invoker.role == "narrow",
        },
    ).role_definition_id


def callers(
    settings: Settings,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    role_definition_id: pulumi.Input[str],
    factory: BatchPipelineFactoryOutputs | None,
) -> Callers:
    """Who drops files, invokes it by hand or runs a pipeline, and fetches predictions and logs."""
    results: dict[str, pulumi.Input[str]] = {
        "predictions": container_id(workspace, workspace.artifacts_container),
        "logs": container_id(workspace, workspace.logs_container),
    }
    reads = settings.workspace.callers_read_predictions
    return Callers(
        "callers",
        {
            "callers": people(settings.callers),
            "role_definition_id": role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_container_id": inputs.container_id,
            "result_container_ids": results if reads else {},
            "factory_id": factory.factory_id if factory else None,
            "existing_runner_role_id": settings.data_factory.existing_runner_role_id,
            "runner_role_display_name": f"{title()} pipeline runner",
        },
    )


def invoker_service_principal(
    settings: Settings,
    inputs: InputStorageOutputs,
    workspace: MachineLearningWorkspaceOutputs,
    role_definition_id: pulumi.Input[str],
) -> "InvokerServicePrincipal":
    """Who invokes it for the workflow, unless the workflow does by an identity of its own."""
    import pulumi_azuread as azuread  # noqa: PLC0415 - 0.16 s, for whom it is

    from components.identity.invoker_service_principal import InvokerServicePrincipal  # noqa: PLC0415 - imports it

    return InvokerServicePrincipal(
        "invoker",
        {
            "display_name": f"{title()}-invoker",
            "owners": [azuread.get_client_config_output().object_id],
            "secret_lifetime_days": settings.invoker.secret_lifetime_days,
            "secret_rotation": settings.invoker.secret_rotation,
            "today": settings.invoker.as_of or str(datetime.now(UTC).date()),
            "role_definition_id": role_definition_id,
            "workspace_id": workspace.workspace_id,
            "input_scope": input_scope(settings, inputs),
        },
    )


def as_service_principal(
    settings: Settings, invoker: "InvokerServicePrincipal", tenant_id: pulumi.Input[str]
) -> ServicePrincipalArgs:
    """The workflow signs in with a secret."""
    return {
        "tenant_id": tenant_id,
        "client_id": invoker.client_id,
        "client_secret": invoker.client_secret,
        "login_host": settings.azure.login_host,
    }


def as_own_identity(
    settings: Settings, inputs: InputStorageOutputs, scoring: Scoring
) -> OwnIdentityArgs:
    """The workflow has an identity of its own, and no secret."""
    return {
        "role_definition_id": scoring.role_definition_id,
        "workspace_id": scoring.workspace.workspace_id,
        "input_scope": input_scope(settings, inputs),
    }

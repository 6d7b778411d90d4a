"""The identity of the cluster: it mounts the inputs and writes the predictions.

The job itself reads as its caller, so the invoker needs to read the inputs as well
(D:machine-learning/how-to-authenticate-batch-endpoint). Queues and tables of the workspace's
account are what parallel jobs coordinate by once account keys are off.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import authorization, managedidentity

from components.azure.component import Component, Options
from components.azure.ordering import after
from components.azure.placement import PlacementArgs, placed
from components.identity import access


class ComputeIdentityArgs(PlacementArgs):
    """Arguments of ComputeIdentity."""

    input_scope: pulumi.Input[str]
    """Resource id of the container, or the account, that inputs are read from."""

    output_account_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the inputs' account where predictions are written beside the inputs."""

    workspace_storage_id: pulumi.Input[str]
    """Resource id of the workspace's own storage account."""

    registry_id: pulumi.Input[str | None]
    """Resource id of the workspace's container registry."""


class ComputeIdentity(Component):
    """User-assigned managed identity with what a batch job needs, and no more."""

    identity_id: pulumi.Output[str]
    """Resource id of the identity, known once it has its roles."""

    principal_id: pulumi.Output[str]
    """Object id of the identity in Entra."""

    client_id: pulumi.Output[str]
    """Client id of the identity."""

    def __init__(self, name: str, args: ComputeIdentityArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            **placed(args),
            opts=self.child,
        )

        who = access.Principal(identity.principal_id)
        own = args["workspace_storage_id"]
        registry_id = pulumi.Output.from_input(args["registry_id"]).apply(required_registry)
        grants = [
            *_on_inputs(name, who, args, self.child),
            access.may_write_blobs(f"{name}-writes-artifacts", who, own, self.child),
            access.may_use_queues(f"{name}-uses-queues", who, own, self.child),
            access.may_use_tables(f"{name}-uses-tables", who, own, self.child),
            access.may_pull_images(f"{name}-pulls-images", who, registry_id, self.child),
        ]

        self.identity_id = after(identity.id, *grants)
        self.principal_id = identity.principal_id
        self.client_id = identity.client_id
        self.register_outputs({"identity_id": self.identity_id})


def _on_inputs(
    name: str, who: access.Principal, args: ComputeIdentityArgs, opts: pulumi.ResourceOptions
) -> list[authorization.RoleAssignment]:
    """Reading alone, unless jobs write there: by what parallel jobs coordinate by, too."""
    scope, account_id = args["input_scope"], args.get("output_account_id")
    if account_id is None:
        return [access.may_read_blobs(f"{name}-reads-inputs", who, scope, opts)]
    return [
        access.may_write_blobs(f"{name}-writes-inputs", who, scope, opts),
        access.may_use_queues(f"{name}-uses-queues-of-inputs", who, account_id, opts),
        access.may_use_tables(f"{name}-uses-tables-of-inputs", who, account_id, opts),
    ]


def required_registry(registry_id: str | None) -> str:
    """The registry, which a workspace that has built no image yet may lack.

    Raises:
        pulumi.RunError: there is none; how to give it one.
    """
    if not registry_id:
        raise pulumi.RunError(
            "The workspace has no container registry, from which the cluster's identity could "
            "pull images; give it one: az ml workspace update --container-registry <id>"
        )
    return registry_id

"""The role that starts and follows batch jobs in a workspace.

The list is the documented one (D:machine-learning/how-to-authenticate-batch-endpoint), with the
operations that read jobs, to follow them. Two of its actions change endpoint and deployments, which
starting a job does not do; that it starts without them (`narrow`) is UNVERIFIED.
"""

from typing import NotRequired, TypedDict

import pulumi

from components.azure.component import Component, Options
from components.identity.custom_role import CustomRole, custom_role

NARROW = [
    f"Microsoft.MachineLearningServices/workspaces/{operation}"
    for operation in (
        "read",
        "batchEndpoints/read",
        "batchEndpoints/jobs/read",
        "batchEndpoints/jobs/write",
        "batchEndpoints/deployments/read",
        "batchEndpoints/deployments/jobs/read",
        "batchEndpoints/deployments/jobs/write",
        "computes/read",
        "computes/listKeys/action",
        "data/versions/write",
        "datasets/registered/read",
        "datasets/registered/write",
        "datasets/unregistered/read",
        "datasets/unregistered/write",
        "datastores/read",
        "datastores/write",
        "datastores/listsecrets/action",
        "endpoints/pipelines/read",
        "endpoints/pipelines/write",
        "environments/read",
        "environments/write",
        "environments/build/action",
        "environments/readSecrets/action",
        "experiments/read",
        "experiments/runs/read",
        "experiments/runs/write",
        "experiments/runs/submit/action",
        "jobs/read",
        "listStorageAccountKeys/action",
        "metadata/artifacts/read",
        "metadata/artifacts/write",
        "metadata/secrets/read",
        "metadata/snapshots/read",
        "metrics/resource/write",
        "models/read",
        "modules/read",
    )
]
"""Without the two that would let a caller lead the endpoint elsewhere."""

DOCUMENTED = [
    *NARROW,
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/write",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/write",
]


class BatchEndpointInvokerRoleArgs(TypedDict):
    """Arguments of BatchEndpointInvokerRole."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace; the role can be given anywhere in its resource group."""

    display_name: pulumi.Input[str]
    """Start of the role's name; a random end makes it unique in the tenant."""

    narrow: NotRequired[bool]
    """Whether the actions that change endpoint and deployments are left out."""


class BatchEndpointInvokerRole(Component):
    """Custom role without data actions."""

    role_definition_id: pulumi.Output[str]
    """Resource id of the role."""

    def __init__(self, name: str, args: BatchEndpointInvokerRoleArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        role = custom_role(
            name,
            [args["workspace_id"]],
            CustomRole(
                args["display_name"],
                "Starts and follows jobs of batch endpoints",
                NARROW if args.get("narrow") else DOCUMENTED,
            ),
            self.child,
        )
        self.role_definition_id = role.id
        self.register_outputs({"role_definition_id": self.role_definition_id})

"""The actions that invoking an endpoint and following a job need, in the order of their checks.

They are the five needs of the source document on invoking from code (S004), as registered
operations (D:role-based-access-control/permissions/ai-machine-learning). Whether Azure checks
exactly these is UNVERIFIED, as is that reading a run needs ``experiments/runs/read``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local_azure.control_plane.authorization.model import Authorization
    from local_azure.control_plane.entra.directory import Principal
    from local_azure.control_plane.resource_manager.store import Resource
    from local_azure.services.machinelearning.endpoints import Target

_WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
_ENDPOINTS = f"{_WORKSPACES}/batchEndpoints"

ON_ENDPOINT = (f"{_ENDPOINTS}/read", f"{_ENDPOINTS}/jobs/write")
ON_DEPLOYMENT = (f"{_ENDPOINTS}/deployments/read", f"{_ENDPOINTS}/deployments/jobs/write")
ON_WORKSPACE = (
    f"{_WORKSPACES}/experiments/read",
    f"{_WORKSPACES}/experiments/runs/read",
    f"{_WORKSPACES}/experiments/runs/write",
    f"{_WORKSPACES}/experiments/runs/submit/action",
    f"{_WORKSPACES}/datastores/read",
    f"{_WORKSPACES}/datastores/write",
    f"{_WORKSPACES}/datastores/listsecrets/action",
)
TO_READ_RUNS = (f"{_WORKSPACES}/experiments/runs/read",)
TO_FOLLOW = (f"{_ENDPOINTS}/read", f"{_ENDPOINTS}/jobs/read")


def check_invoke(authorization: Authorization, caller: Principal, target: Target) -> None:
    """Let a caller invoke.

    Raises:
        AuthorizationFailedError: the first action that is missing.
    """
    for resource, actions in (
        (target.endpoint, ON_ENDPOINT),
        (target.deployment, ON_DEPLOYMENT),
        (target.workspace, ON_WORKSPACE),
    ):
        for action in actions:
            authorization.authorize(caller, action, resource.id)


def check_read_runs(authorization: Authorization, caller: Principal, workspace: Resource) -> None:
    """Let a caller read a workspace's run history.

    Raises:
        AuthorizationFailedError: the first action that is missing.
    """
    for action in TO_READ_RUNS:
        authorization.authorize(caller, action, workspace.id)


def check_follow(authorization: Authorization, caller: Principal, endpoint: Resource) -> None:
    """Let a caller read an endpoint's jobs.

    Raises:
        AuthorizationFailedError: the first action that is missing.
    """
    for action in TO_FOLLOW:
        authorization.authorize(caller, action, endpoint.id)

"""People, groups and services that look after a stack: what came of files, jobs, dead letters.

Their role is the stack's own, given on each resource: what other stacks, or `callers`, give of
shared resources is another role there. That it lets somebody read a container's blobs holds where
it is given on one. Sources of the actions: D:role-based-access-control/permissions. Which of them
Azure asks for at an endpoint and in the run history is UNVERIFIED; these read, and one cancels.
"""

from typing import NotRequired, TypedDict

import pulumi

from components.azure.component import Component, Options
from components.identity import access
from components.identity.custom_role import CustomRole, custom_role

_ML = "Microsoft.MachineLearningServices/workspaces"
_TOPIC = "Microsoft.EventGrid/systemTopics"
_WORKFLOW = "Microsoft.Logic/workflows"
_SITE = "Microsoft.Web/sites"
_HOST = f"{_SITE}/hostruntime/webhooks/api/workflows"
_FACTORY = "Microsoft.DataFactory/factories"

ACTIONS = {
    "workspace": (
        f"{_ML}/read",
        f"{_ML}/jobs/read",
        f"{_ML}/jobs/cancel/action",
        f"{_ML}/batchEndpoints/read",
        f"{_ML}/batchEndpoints/jobs/read",
        f"{_ML}/batchEndpoints/deployments/read",
        f"{_ML}/batchEndpoints/deployments/jobs/read",
        f"{_ML}/datastores/read",
        f"{_ML}/experiments/read",
        f"{_ML}/experiments/runs/read",
    ),
    "topic": (f"{_TOPIC}/read", f"{_TOPIC}/eventSubscriptions/read"),
    "workflow": (
        f"{_WORKFLOW}/read",
        f"{_WORKFLOW}/runs/read",
        f"{_WORKFLOW}/runs/actions/read",
        f"{_WORKFLOW}/versions/read",
        f"{_WORKFLOW}/triggers/listCallbackUrl/action",
    ),
    "site": (
        f"{_SITE}/workflows/read",
        # none is published of a run's actions: a role that names it is refused
        # (MicrosoftDocs/azure-docs#102571)
        f"{_HOST}/*/read",
        f"{_HOST}/triggers/listCallbackUrl/action",
    ),
    "factory": (
        f"{_FACTORY}/pipelines/read",
        f"{_FACTORY}/datasets/read",
        f"{_FACTORY}/linkedServices/read",
        f"{_FACTORY}/triggers/read",
        f"{_FACTORY}/pipelineruns/read",
        f"{_FACTORY}/pipelineruns/queryactivityruns/action",
        f"{_FACTORY}/querypipelineruns/action",
        # what a query found is said to be asked for by itself
        f"{_FACTORY}/querypipelineruns/read",
    ),
}
"""What looking after each kind of resource takes; a URL of a trigger sends dead letters again."""

READS = ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",)
"""Data actions."""


class WorkflowArgs(TypedDict):
    """What the events of blobs reach; one of them, or none."""

    workflow_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the workflow."""

    site_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the site that runs it, in a Standard plan."""


class OperatorsArgs(WorkflowArgs):
    """Arguments of Operators."""

    operators: list[access.PrincipalArgs]
    """Who looks after the stack."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace."""

    topic_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the system topic of blobs' events."""

    factory_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the data factory."""

    container_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Resource ids of the containers, or the accounts, that they may read, by what lies there."""

    dead_letter_container_id: pulumi.Input[str]
    """Resource id of the container of events that were given up; a replay takes them out of it."""

    existing_role_id: NotRequired[pulumi.Input[str] | None]
    """Id of a role definition that lets them, instead of a new one."""

    role_display_name: NotRequired[pulumi.Input[str]]
    """Start of the new role's name."""


class Operators(Component):
    """For each operator a role on the stack's parts and containers, and on its dead letters."""

    def __init__(self, name: str, args: OperatorsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        parts, containers = _parts(args), args.get("container_ids", {})
        role_id = args.get("existing_role_id") or _role_id(name, parts, args, self.child)
        letters = args["dead_letter_container_id"]
        for operator in args["operators"]:
            who, of = access.Principal(**operator), operator["object_id"]
            for what, scope in (parts | containers).items():
                access.by_role(f"{name}-{what}-{of}", who, role_id, scope, self.child)
            access.may_write_blobs(f"{name}-dead-letters-{of}", who, letters, self.child)
        self.register_outputs({})


_Ids = dict[str, pulumi.Input[str]]


def _parts(args: OperatorsArgs) -> _Ids:
    """Those that there are, by their kinds."""
    parts = {
        "workspace": args["workspace_id"],
        "topic": args.get("topic_id"),
        "workflow": args.get("workflow_id"),
        "site": args.get("site_id"),
        "factory": args.get("factory_id"),
    }
    return {kind: part for kind, part in parts.items() if part is not None}


def _role_id(
    name: str, parts: _Ids, args: OperatorsArgs, opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    role = CustomRole(
        args.get("role_display_name", "Operator"),
        "Reads what came of files, cancels jobs and sends dead letters again",
        [action for kind in parts for action in ACTIONS[kind]],
        READS,
    )
    places = [*parts.values(), *args.get("container_ids", {}).values()]
    return custom_role(name, places, role, opts).id

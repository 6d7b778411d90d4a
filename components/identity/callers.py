"""People, groups and services that drop files, invoke the endpoint and fetch what its jobs leave.

Jobs leave predictions in the workspace's default container where their output has no other place,
and logs in another one beside it. Nothing narrower than a container can be given there: folders are
named by runs.
"""

from typing import NotRequired, TypedDict

import pulumi

from components.azure.component import Component, Options
from components.identity import access
from components.identity.custom_role import PIPELINE_RUN_ACTIONS, CustomRole, custom_role


class CallersArgs(TypedDict):
    """Arguments of Callers."""

    callers: list[access.PrincipalArgs]
    """Who may call."""

    role_definition_id: pulumi.Input[str]
    """Resource id of the role that lets them invoke."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace that they may invoke in."""

    input_container_id: pulumi.Input[str]
    """Resource id of the container that they may drop files in."""

    result_container_ids: NotRequired[dict[str, pulumi.Input[str]]]
    """Resource ids of the containers that they may read, by what lies there."""

    factory_id: NotRequired[pulumi.Input[str] | None]
    """Resource id of the data factory whose pipelines they may run."""

    existing_runner_role_id: NotRequired[pulumi.Input[str] | None]
    """Id of a role definition that lets them, instead of a new one."""

    runner_role_display_name: NotRequired[pulumi.Input[str]]
    """Start of the new role's name."""


class Callers(Component):
    """For each caller the invoker role, blobs of inputs and of what jobs leave, pipeline runs."""

    def __init__(self, name: str, args: CallersArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        factory_id = args.get("factory_id") if args["callers"] else None
        runner_role_id = _runner_role_id(name, factory_id, args, self.child) if factory_id else None
        role_id, workspace_id = args["role_definition_id"], args["workspace_id"]
        for caller in args["callers"]:
            who, of = access.Principal(**caller), caller["object_id"]
            access.by_role(f"{name}-invoke-{of}", who, role_id, workspace_id, self.child)
            access.may_write_blobs(f"{name}-drop-{of}", who, args["input_container_id"], self.child)
            for what, container_id in args.get("result_container_ids", {}).items():
                access.may_read_blobs(f"{name}-read-{what}-{of}", who, container_id, self.child)
            if factory_id and runner_role_id:
                access.by_role(f"{name}-run-{of}", who, runner_role_id, factory_id, self.child)
        self.register_outputs({})


def _runner_role_id(
    name: str, factory_id: pulumi.Input[str], args: CallersArgs, opts: pulumi.ResourceOptions
) -> pulumi.Input[str]:
    return (
        args.get("existing_runner_role_id")
        or custom_role(
            f"{name}-runner",
            [factory_id],
            CustomRole(
                args.get("runner_role_display_name", "Pipeline runner"),
                "Starts runs of a data factory's pipelines and follows them",
                PIPELINE_RUN_ACTIONS,
            ),
            opts,
        ).id
    )

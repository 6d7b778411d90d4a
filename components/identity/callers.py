"""People, groups and services that may drop files and invoke the endpoint by themselves."""

from typing import TypedDict

import pulumi

from components.identity import access


class CallerArgs(TypedDict):
    """Somebody who may call."""

    object_id: str
    """Object id in Entra."""

    type: str
    """User, Group or ServicePrincipal."""


class CallersArgs(TypedDict):
    """Arguments of Callers."""

    callers: list[CallerArgs]
    """Who may call."""

    role_definition_id: pulumi.Input[str]
    """Resource id of the role that lets them invoke."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace that they may invoke in."""

    input_container_id: pulumi.Input[str]
    """Resource id of the container that they may drop files in."""


class Callers(pulumi.ComponentResource):
    """For each caller the invoker role on the workspace, Contributor of blobs on the inputs."""

    def __init__(
        self, name: str, args: CallersArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:Callers", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        for caller in args["callers"]:
            who = access.Principal(caller["object_id"], caller["type"])
            access.may_invoke_batch_endpoints(
                f"{name}-invoke-{caller['object_id']}",
                who,
                args["role_definition_id"],
                args["workspace_id"],
                child,
            )
            access.may_write_blobs(
                f"{name}-drop-{caller['object_id']}", who, args["input_container_id"], child
            )
        self.register_outputs({})

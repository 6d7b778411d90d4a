"""A Logic App that handles the events of one rule, from a template of `logicapp_templates/`.

It acts as its own identity. The trigger is called by a URL that holds a signature, so the URL is a
secret.
"""

from typing import Any, NotRequired

import pulumi
from pulumi_azure_native import authorization

from components.azure import templates
from components.azure.component import Component, Options
from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.identity import access
from components.identity.custom_role import may_start_pipelines
from components.logic_apps import request_workflow


class EventHandlerWorkflowArgs(PlacementArgs):
    """Arguments of EventHandlerWorkflow."""

    template: str
    """Name of the template; its trigger is called `When_a_resource_event_occurs`."""

    parameters: dict[str, Any]
    """Values of the parameters that it declares."""

    allowed_callers: NotRequired[list[str] | None]
    """Address ranges that may call the trigger; without them every address may that has the URL."""

    starts_pipelines_of: NotRequired[pulumi.Input[str] | None]
    """Resource id of a data factory whose pipelines the workflow may start, and nothing else."""

    claims_in: NotRequired[pulumi.Input[str] | None]
    """Resource id of the container in which the workflow notes the events that it handles."""

    role_display_name: NotRequired[pulumi.Input[str] | None]
    """Start of the name of the role that is made for starting pipelines."""

    existing_role_id: NotRequired[pulumi.Input[str] | None]
    """Id of a role definition to give it for that instead."""


class EventHandlerWorkflowOutputs:
    """What both forms tell: the one here, and PipelineStartWorkflow."""

    workflow_id: pulumi.Output[str]
    """Resource id of the workflow."""

    callback_url: pulumi.Output[str]
    """URL of the trigger with its signature: a secret, known once the workflow has its roles."""

    principal_id: pulumi.Output[str]
    """Object id of the workflow's identity."""

    def _handle(
        self, name: str, args: EventHandlerWorkflowArgs, opts: pulumi.ResourceOptions
    ) -> None:
        workflow = request_workflow.workflow(
            f"{name}-workflow",
            args,
            request_workflow.Content(args["template"], args["parameters"]),
            args.get("allowed_callers"),
            opts,
            own_identity=True,
        )
        self.principal_id = request_workflow.principal_of(workflow)
        grants = _grants(name, access.Principal(self.principal_id), args, opts)
        url = request_workflow.callback_url(
            args["resource_group_name"], workflow.name, templates.TRIGGER, opts.parent
        )
        self.workflow_id = workflow.id
        self.callback_url = after(url, *grants)


class EventHandlerWorkflow(EventHandlerWorkflowOutputs, Component):
    """Consumption Logic App with a Request trigger and an identity of its own."""

    def __init__(self, name: str, args: EventHandlerWorkflowArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        self._handle(name, args, self.child)
        self.register_outputs({"workflow_id": self.workflow_id})


def _grants(
    name: str,
    who: access.Principal,
    args: EventHandlerWorkflowArgs,
    opts: pulumi.ResourceOptions,
) -> list[authorization.RoleAssignment]:
    grants = []
    if container_id := args.get("claims_in"):
        grants.append(access.may_write_blobs(f"{name}-claims-events", who, container_id, opts))
    if factory_id := args.get("starts_pipelines_of"):
        display_name = args.get("role_display_name") or f"{name} pipeline starter"
        existing = args.get("existing_role_id")
        grants.append(may_start_pipelines(name, who, factory_id, existing, display_name, opts))
    return grants

"""A Logic App that handles the events of one rule, from a template of `logicapp_templates/`.

It acts as its own identity. The trigger is called by a URL that holds a signature, so the URL is a
secret.
"""

from typing import Any, NotRequired

import pulumi
from pulumi_azure_native import logic

from components import access, request_workflow, templates, workflow_invoker
from components.ordering import after
from components.placement import PlacementArgs


class EventHandlerWorkflowArgs(PlacementArgs):
    """Arguments of EventHandlerWorkflow."""

    template: str
    """Name of the template; its trigger is called `When_a_resource_event_occurs`."""

    parameters: dict[str, Any]
    """Values of the parameters that it declares."""

    runs_pipelines_of: NotRequired[str | None]
    """Resource id of a data factory whose pipelines the workflow may start."""


class EventHandlerWorkflow(pulumi.ComponentResource):
    """Consumption Logic App with a Request trigger and an identity of its own."""

    workflow_id: pulumi.Output[str]
    """Resource id of the workflow."""

    callback_url: pulumi.Output[str]
    """URL of the trigger with its signature: a secret, known once the workflow has its roles."""

    principal_id: pulumi.Output[str]
    """Object id of the workflow's identity."""

    def __init__(
        self, name: str, args: EventHandlerWorkflowArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:EventHandlerWorkflow", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        definition = templates.load(args["template"])
        workflow = logic.Workflow(
            f"{name}-workflow",
            resource_group_name=args["resource_group_name"],
            location=args.get("location"),
            tags=args.get("tags"),
            state="Enabled",
            identity={"type": "SystemAssigned"},
            definition=definition,
            parameters=request_workflow.bound(definition, args["parameters"]),
            opts=child,
        )
        self.principal_id = workflow_invoker.principal_of(workflow)
        factory_id, who = args.get("runs_pipelines_of"), access.Principal(self.principal_id)
        grants = (
            [access.may_run_pipelines(f"{name}-runs-pipelines", who, factory_id, child)]
            if factory_id
            else []
        )

        url = request_workflow.callback_url(
            args["resource_group_name"], workflow.name, request_workflow.TRIGGER, self
        )
        self.workflow_id = workflow.id
        self.callback_url = after(url, *grants)
        self.register_outputs({"workflow_id": self.workflow_id})

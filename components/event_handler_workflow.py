"""A Logic App that handles the events of one rule, from a template of `logicapp_templates/`.

It acts as its own identity. The trigger is called by a URL that holds a signature, so the URL is a
secret.
"""

from typing import Any, NotRequired

import pulumi

from components import access, request_workflow
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
        workflow = request_workflow.workflow(
            f"{name}-workflow",
            args,
            request_workflow.Content(args["template"], args["parameters"]),
            None,
            child,
            own_identity=True,
        )
        self.principal_id = request_workflow.principal_of(workflow)
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

"""The Logic App that starts a batch job for each event, in the Standard plan.

The documents demand it for private-link workspaces: it calls from a subnet. Its definition is the
Consumption form's, its files are deployed with it, and its trigger is open to Event Grid alone.
"""

from typing import Any

import pulumi
from pulumi_azure_native import web
from pulumi_random import RandomId

from components.azure import templates
from components.azure.component import Component, Options
from components.azure.diagnostics import WORKFLOW, send_logs
from components.azure.options import also
from components.azure.ordering import after
from components.azure.steps import done_once
from components.logic_apps.batch_event_workflow import BatchEventWorkflowOutputs, content
from components.logic_apps.site_connection import connected
from components.logic_apps.workflow_artifacts import deployed_before_create
from components.logic_apps.workflow_files import digest, workflow_files
from components.logic_apps.workflow_site import StandardBatchEventWorkflowArgs, site


class StandardBatchEventWorkflow(BatchEventWorkflowOutputs, Component):
    """Standard Logic App with one workflow that has a Request trigger."""

    site_id: pulumi.Output[str]
    """Resource id of the site that runs it."""

    def __init__(
        self, name: str, args: StandardBatchEventWorkflowArgs, opts: Options = None
    ) -> None:
        super().__init__(name, opts)
        own_identity, does = args.get("own_identity"), content(args)
        made = workflow_files(name, templates.load(does.template), does.values)
        app = site(name, args, made.settings, self.child)
        send_logs(f"{name}-site", app.id, WORKFLOW, args.get("log_workspace_id"), self.child)
        ready = self.child
        if (subnet_id := args["plan"].get("subnet_id")) is not None:
            connection = connected(name, args, app, subnet_id, self.child)
            ready = also(ready, depends_on=[connection])
        deployed = _deploy(name, args, app, made.files, ready)
        url = web.list_workflow_trigger_callback_url_output(
            name=after(app.name, deployed),
            resource_group_name=args["resource_group_name"],
            workflow_name=name,
            trigger_name=templates.TRIGGER,
            opts=pulumi.InvokeOutputOptions(parent=self),
        ).value

        self.site_id = app.id
        self.workflow_id = pulumi.Output.concat(app.id, "/workflows/", name)
        self._tell(name, app, pulumi.Output.secret(url), own_identity, self.child)
        self.register_outputs({"workflow_id": self.workflow_id})


def _deploy(
    name: str,
    args: StandardBatchEventWorkflowArgs,
    app: "web.WebApp",
    files: dict[str, Any],
    opts: pulumi.ResourceOptions,
) -> RandomId:
    """Writes the workflow's files; other ones, or a site that was made anew, have it done again."""
    content = pulumi.Output.from_input(files)
    keepers: dict[str, pulumi.Input[str]] = {"site": app.id, "files": content.apply(digest)}
    hooks = deployed_before_create(app.id, name, content, args)
    return done_once(f"{name}-deployed", keepers, hooks, opts)

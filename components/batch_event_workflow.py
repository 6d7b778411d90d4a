"""The Logic App that starts a batch job for each event it is sent, from its template.

The template answers Event Grid itself: docs/decisions/one-reply.md. Its trigger is called by a URL
that holds a signature, so the URL is a secret.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import logic

from components import templates
from components.placement import PlacementArgs

TEMPLATE = "invoke_batch_endpoint"

TRIGGER = "When_a_resource_event_occurs"
"""Never changes: each preview looks the callback URL up by it."""


class BatchEventWorkflowArgs(PlacementArgs):
    """Arguments of BatchEventWorkflow."""

    tenant_id: pulumi.Input[str]
    """Entra tenant of the service principal."""

    client_id: pulumi.Input[str]
    """Client id of the service principal."""

    client_secret: pulumi.Input[str]
    """Client secret of the service principal."""

    endpoint_uri: pulumi.Input[str]
    """Scoring URI of the batch endpoint."""

    storage_account_id: pulumi.Input[str]
    """Resource id of the account whose events are accepted."""

    login_host: pulumi.Input[str]
    """Host that issues tokens in this cloud."""

    audience: pulumi.Input[str]
    """Audience of batch endpoints in this cloud."""

    input_name: pulumi.Input[str]
    """Name of the job's input."""

    allowed_callers: NotRequired[list[str] | None]
    """Address ranges that may call the trigger; without them every address may that has the URL."""


class BatchEventWorkflow(pulumi.ComponentResource):
    """Consumption Logic App with a Request trigger."""

    workflow_id: pulumi.Output[str]
    """Resource id of the workflow."""

    callback_url: pulumi.Output[str]
    """URL of the trigger with its signature: a secret."""

    def __init__(
        self, name: str, args: BatchEventWorkflowArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:BatchEventWorkflow", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        definition = templates.load(TEMPLATE)
        workflow = logic.Workflow(
            f"{name}-workflow",
            resource_group_name=args["resource_group_name"],
            location=args.get("location"),
            tags=args.get("tags"),
            state="Enabled",
            definition=definition,
            parameters=_parameters(definition, args),
            access_control=_access_control(args.get("allowed_callers")),
            opts=child,
        )
        callback = logic.list_workflow_trigger_callback_url_output(
            resource_group_name=args["resource_group_name"],
            workflow_name=workflow.name,
            trigger_name=TRIGGER,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )

        self.workflow_id = workflow.id
        self.callback_url = pulumi.Output.secret(callback.value)
        self.register_outputs({"workflow_id": self.workflow_id})


def _parameters(
    definition: templates.Definition, args: BatchEventWorkflowArgs
) -> dict[str, logic.WorkflowParameterArgs]:
    bound = templates.bind(
        definition,
        {
            "tenant_id": args["tenant_id"],
            "client_id": args["client_id"],
            "client_secret": args["client_secret"],
            "endpoint_uri": args["endpoint_uri"],
            "storage_account_id": args["storage_account_id"],
            "login_host": args["login_host"],
            "audience": args["audience"],
            "input_name": args["input_name"],
        },
    )
    return {
        name: logic.WorkflowParameterArgs(
            type=parameter["type"],
            value=(
                pulumi.Output.secret(parameter["value"])
                if templates.is_secure(parameter)
                else parameter["value"]
            ),
        )
        for name, parameter in bound.items()
    }


def _access_control(
    ranges: list[str] | None,
) -> logic.FlowAccessControlConfigurationArgs | None:
    if not ranges:
        return None
    return logic.FlowAccessControlConfigurationArgs(
        triggers=logic.FlowAccessControlConfigurationPolicyArgs(
            allowed_caller_ip_addresses=[
                logic.IpAddressRangeArgs(address_range=text) for text in ranges
            ]
        )
    )

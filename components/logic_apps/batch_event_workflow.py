"""The Logic App that starts a batch job for each event it is sent, from one of two templates.

The templates answer Event Grid themselves: docs/decisions/one-reply.md.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired

import pulumi

from components.azure import templates
from components.azure.component import Component, Options
from components.azure.ordering import after
from components.azure.placement import PlacementArgs
from components.identity.access import (
    Principal,
    ServicePrincipalArgs,
    StartingJobsArgs,
    may_start_jobs,
)
from components.logic_apps import request_workflow

if TYPE_CHECKING:
    from pulumi_azure_native import logic, web

AS_SERVICE_PRINCIPAL = "invoke_batch_endpoint"
AS_MANAGED_IDENTITY = "invoke_batch_endpoint_by_managed_identity"


class BatchEventWorkflowArgs(PlacementArgs):
    """Arguments of BatchEventWorkflow: service_principal or own_identity, or both, is given."""

    service_principal: NotRequired[ServicePrincipalArgs | None]
    """Who invokes the endpoint."""

    own_identity: NotRequired[StartingJobsArgs | None]
    """Roles of the workflow's own identity, which invokes where no service principal does."""

    endpoint_uri: pulumi.Input[str]
    """Scoring URI of the batch endpoint."""

    storage_account_id: pulumi.Input[str]
    """Resource id of the account whose events are accepted."""

    watched_url: pulumi.Input[str]
    """What the URL of every blob whose event is accepted begins with, not percent-encoded."""

    audience: pulumi.Input[str]
    """Audience of batch endpoints in this cloud."""

    input_name: pulumi.Input[str]
    """Name of the job's input."""

    job_inputs: NotRequired[dict[str, Any] | None]
    """Further inputs of the job by name, as the endpoint takes them."""

    job_outputs: NotRequired[dict[str, Any] | None]
    """Outputs of the job by name, as the endpoint takes them; {event_id} becomes the event's id."""

    plain_payload: NotRequired[bool]
    """Whether a job is given its input and nothing else: neither outputs nor tags."""

    marker_name: NotRequired[str | None]
    """Name of the file that starts one job for its folder; without it each file starts a job."""

    allowed_callers: NotRequired[list[str] | None]
    """Address ranges that may call the trigger; without them every address may that has the URL."""


class BatchEventWorkflowOutputs:
    """What both forms tell: the Consumption one here, and StandardBatchEventWorkflow."""

    workflow_id: pulumi.Output[str]
    """Resource id of the workflow."""

    callback_url: pulumi.Output[str]
    """URL of the trigger with its signature: a secret, known once the workflow has its roles."""

    principal_id: pulumi.Output[str | None]
    """Object id of the workflow's own identity; none where it has none."""

    def _tell(
        self,
        name: str,
        made: "logic.Workflow | web.WebApp",
        url: pulumi.Output[str],
        own_identity: StartingJobsArgs | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        """An identity of its own has its roles after the workflow, a service principal before."""
        self.callback_url, self.principal_id = url, pulumi.Output.from_input(None)
        if own_identity:
            self.principal_id = who = request_workflow.principal_of(made)
            self.callback_url = after(
                url, *may_start_jobs(name, Principal(who), own_identity, opts)
            )


class BatchEventWorkflow(BatchEventWorkflowOutputs, Component):
    """Consumption Logic App with a Request trigger."""

    def __init__(self, name: str, args: BatchEventWorkflowArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        own_identity = args.get("own_identity")
        workflow = request_workflow.workflow(
            f"{name}-workflow",
            args,
            content(args),
            args.get("allowed_callers"),
            self.child,
            own_identity=bool(own_identity),
        )
        url = request_workflow.callback_url(
            args["resource_group_name"], workflow.name, templates.TRIGGER, self
        )
        self.workflow_id = workflow.id
        self._tell(name, workflow, url, own_identity, self.child)
        self.register_outputs({"workflow_id": self.workflow_id})


def content(args: BatchEventWorkflowArgs) -> request_workflow.Content:
    """What the workflow does, and with which values.

    Raises:
        ValueError: nobody would invoke the endpoint.
    """
    principal = args.get("service_principal")
    if not (principal or args.get("own_identity")):
        raise ValueError("Give service_principal or own_identity: who invokes the endpoint")
    required = ("endpoint_uri", "storage_account_id", "watched_url", "audience", "input_name")
    optional = ("job_inputs", "job_outputs", "plain_payload", "marker_name")
    given: Mapping[str, Any] = args
    values = {
        **(principal or {}),
        **{name: given[name] for name in required},
        **{name: given[name] for name in optional if given.get(name)},
    }
    return request_workflow.Content(
        AS_SERVICE_PRINCIPAL if principal else AS_MANAGED_IDENTITY, values
    )

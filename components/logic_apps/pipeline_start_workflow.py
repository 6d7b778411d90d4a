"""The Logic App that starts a run of a data factory's pipeline for each marker file.

It answers Event Grid itself, as the ones that invoke an endpoint do: docs/decisions/one-reply.md.
Its identity may start runs of the factory's pipelines and nothing else.
"""

from typing import NotRequired, cast

import pulumi

from components.azure.component import Component, Options
from components.azure.placement import PlacementArgs
from components.logic_apps.event_handler_workflow import (
    EventHandlerWorkflowArgs,
    EventHandlerWorkflowOutputs,
)

TEMPLATE = "start_pipeline_run"


class PipelineStartWorkflowArgs(PlacementArgs):
    """Arguments of PipelineStartWorkflow."""

    factory_id: pulumi.Input[str]
    """Resource id of the data factory."""

    pipeline_name: pulumi.Input[str]
    """The pipeline; it has the parameters `endpoint_input_uri` and `endpoint_input_type`."""

    arm_host: pulumi.Input[str]
    """Host of the Resource Manager in this cloud."""

    storage_account_id: pulumi.Input[str]
    """Resource id of the account whose events are accepted."""

    watched_url: pulumi.Input[str]
    """What the URL of every blob whose event is accepted begins with, not percent-encoded."""

    marker_name: pulumi.Input[str]
    """Name of the file that starts a run for its folder."""

    role_display_name: pulumi.Input[str]
    """Start of the name of the role that is made for it."""

    existing_role_id: NotRequired[pulumi.Input[str] | None]
    """Id of a role definition to give it instead."""

    allowed_callers: NotRequired[list[str] | None]
    """Address ranges that may call the trigger; without them every address may that has the URL."""


class PipelineStartWorkflow(EventHandlerWorkflowOutputs, Component):
    """Consumption Logic App with a Request trigger, and a role at the factory for its identity."""

    def __init__(self, name: str, args: PipelineStartWorkflowArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        uri = pulumi.Output.concat("https://", args["arm_host"])
        handler = {
            **args,
            "template": TEMPLATE,
            "parameters": {
                "factory_id": args["factory_id"],
                "pipeline_name": args["pipeline_name"],
                "arm_uri": uri,
                "audience": uri,
                "storage_account_id": args["storage_account_id"],
                "watched_url": args["watched_url"],
                "marker_name": args["marker_name"],
            },
            "starts_pipelines_of": args["factory_id"],
        }
        self._handle(name, cast("EventHandlerWorkflowArgs", handler), self.child)
        self.register_outputs({"workflow_id": self.workflow_id})

"""From a rule's destination to where events are delivered, and the workflow that this may need.

A kind of destination that a Logic App of ours handles gets its workflow here, named after its rule.
"""

from typing import TypedDict
from urllib.parse import quote

import pulumi

from components import request_workflow, templates
from components.event_handler_workflow import EventHandlerWorkflow
from components.placement import PlacementArgs
from components.resource_id import parse
from components.settings.events.model import (
    EventRule,
    ExistingWorkflow,
    PipelineRun,
    Resource,
    Webhook,
    WorkflowTemplate,
)
from components.settings.model import Settings

_ENDPOINT_TYPES = {
    "event_hub": "EventHub",
    "storage_queue": "StorageQueue",
    "service_bus_queue": "ServiceBusQueue",
    "service_bus_topic": "ServiceBusTopic",
}
_API_VERSION = "2018-06-01"


class Endpoint(TypedDict):
    """The part of a rule's arguments that says where its events are delivered."""

    endpoint_type: str
    endpoint_url: pulumi.Input[str] | None
    resource_id: str | None
    queue_name: str | None


def endpoint_of(
    settings: Settings, place: PlacementArgs, source_id: pulumi.Input[str], rule: EventRule
) -> Endpoint:
    """Where a rule's events are delivered; workflows are made where there are none yet.

    Args:
        settings: the stack's.
        place: where workflows go.
        source_id: whose events they are: a workspace, or a domain's topic.
        rule: which events go where.
    """
    match rule.destination:
        case Webhook(url):
            return _webhook(url)
        case Resource(kind, resource_id, queue_name):
            return {
                "endpoint_type": _ENDPOINT_TYPES[kind],
                "endpoint_url": None,
                "resource_id": resource_id,
                "queue_name": queue_name,
            }
        case ExistingWorkflow(workflow_id, trigger):
            there = parse(workflow_id)
            return _webhook(
                request_workflow.callback_url(there.resource_group, there.names[-1], trigger)
            )
        case WorkflowTemplate():
            return _webhook(_from_template(place, source_id, rule, rule.destination))
        case PipelineRun():
            return _webhook(_starting_pipelines(settings, place, source_id, rule, rule.destination))


def _webhook(url: pulumi.Input[str]) -> Endpoint:
    return {
        "endpoint_type": "WebHook",
        "endpoint_url": url,
        "resource_id": None,
        "queue_name": None,
    }


def _from_template(
    place: PlacementArgs, source_id: pulumi.Input[str], rule: EventRule, wanted: WorkflowTemplate
) -> pulumi.Output[str]:
    definition = templates.load(wanted.template)
    declared = definition.get("parameters", {})
    known = {"event_source_id": source_id, "event_types": list(rule.event_types)}
    secret = dict.fromkeys(templates.secure_parameters(definition), wanted.secret)
    return EventHandlerWorkflow(
        rule.name,
        {
            **place,
            "template": wanted.template,
            "parameters": {
                **{name: value for name, value in known.items() if name in declared},
                **wanted.parameters,
                **secret,
            },
            "runs_pipelines_of": None,
        },
    ).callback_url


def _starting_pipelines(
    settings: Settings,
    place: PlacementArgs,
    source_id: pulumi.Input[str],
    rule: EventRule,
    wanted: PipelineRun,
) -> pulumi.Output[str]:
    return EventHandlerWorkflow(
        rule.name,
        {
            **place,
            "template": "start_pipeline_run_on_event",
            "parameters": {
                "event_source_id": source_id,
                "event_types": list(rule.event_types),
                "create_run_uri": (
                    f"https://{settings.cloud.arm_host}{wanted.factory_id}"
                    f"/pipelines/{quote(wanted.pipeline)}/createRun?api-version={_API_VERSION}"
                ),
                "audience": settings.cloud.arm_audience,
                "pipeline_parameters": {**wanted.parameters},
                "event_parameter": wanted.event_parameter,
            },
            "runs_pipelines_of": wanted.factory_id,
        },
    ).callback_url

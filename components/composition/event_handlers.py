"""From a rule's destination to where events are delivered, and the workflow that this may need.

A kind of destination that a Logic App of ours handles gets its workflow here, named after its rule.
"""

from typing import NamedTuple, TypedDict
from urllib.parse import quote

import pulumi

from components import request_workflow, templates
from components.composition.place import title
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


class Surroundings(NamedTuple):
    """What the workflows of rules are made in."""

    settings: Settings
    place: PlacementArgs

    factory_id: pulumi.Input[str] | None
    """The stack's own data factory, if it has one."""


class Endpoint(TypedDict):
    """The part of a rule's arguments that says where its events are delivered."""

    endpoint_type: str
    endpoint_url: pulumi.Input[str] | None
    resource_id: str | None
    queue_name: str | None


def endpoint_of(around: Surroundings, source_id: pulumi.Input[str], rule: EventRule) -> Endpoint:
    """Where a rule's events are delivered; workflows are made where there are none yet.

    Args:
        around: what they are made in.
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
            return _webhook(_from_template(around, source_id, rule, rule.destination))
        case PipelineRun():
            return _webhook(_starting_pipelines(around, source_id, rule, rule.destination))


def _webhook(url: pulumi.Input[str]) -> Endpoint:
    return {
        "endpoint_type": "WebHook",
        "endpoint_url": url,
        "resource_id": None,
        "queue_name": None,
    }


def _from_template(
    around: Surroundings, source_id: pulumi.Input[str], rule: EventRule, wanted: WorkflowTemplate
) -> pulumi.Output[str]:
    definition = templates.load(wanted.template)
    declared = definition.get("parameters", {})
    known = {"event_source_id": source_id, "event_types": list(rule.event_types)}
    secret = dict.fromkeys(templates.secure_parameters(definition), wanted.secret)
    return EventHandlerWorkflow(
        f"handle-{rule.name}",
        {
            **around.place,
            "template": wanted.template,
            "parameters": {
                **{name: value for name, value in known.items() if name in declared},
                **wanted.parameters,
                **secret,
            },
            "allowed_callers": list(around.settings.workflow.allowed_caller_ip_ranges),
            "starts_pipelines_of": None,
            "role_display_name": None,
        },
    ).callback_url


def _starting_pipelines(
    around: Surroundings, source_id: pulumi.Input[str], rule: EventRule, wanted: PipelineRun
) -> pulumi.Output[str]:
    factory_id = wanted.factory_id or around.factory_id
    if factory_id is None:
        raise ValueError(f"The rule {rule.name} has no data factory whose pipeline it could start.")
    resource_manager = f"https://{around.settings.cloud.arm_host}"
    operation = f"/pipelines/{quote(wanted.pipeline)}/createRun?api-version={_API_VERSION}"
    return EventHandlerWorkflow(
        f"handle-{rule.name}",
        {
            **around.place,
            "template": "start_pipeline_run_on_event",
            "parameters": {
                "event_source_id": source_id,
                "event_types": list(rule.event_types),
                "create_run_uri": pulumi.Output.concat(resource_manager, factory_id, operation),
                "audience": resource_manager,
                "pipeline_parameters": {**wanted.parameters},
                "event_parameter": wanted.event_parameter,
            },
            "allowed_callers": list(around.settings.workflow.allowed_caller_ip_ranges),
            "starts_pipelines_of": factory_id,
            "role_display_name": f"{title()} {rule.name} pipeline starter",
        },
    ).callback_url

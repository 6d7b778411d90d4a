"""From a rule's destination to where events are delivered."""

from typing import TypedDict

import pulumi

from components.azure.resource_id import parse
from components.logic_apps import request_workflow
from components.settings.events.model import EventRule, ExistingWorkflow, Resource, Webhook
from components.stack.handlers import Surroundings, handler

_ENDPOINT_TYPES = {
    "event_hub": "EventHub",
    "storage_queue": "StorageQueue",
    "service_bus_queue": "ServiceBusQueue",
    "service_bus_topic": "ServiceBusTopic",
}


class Endpoint(TypedDict):
    """The part of a rule's arguments that says where its events are delivered."""

    endpoint_type: str
    endpoint_url: pulumi.Input[str] | None
    webhook_is_new: bool
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
                "webhook_is_new": False,
                "resource_id": resource_id,
                "queue_name": queue_name,
            }
        case ExistingWorkflow(workflow_id, trigger):
            there = parse(workflow_id)
            return _webhook(
                request_workflow.callback_url(there.resource_group, there.names[-1], trigger)
            )
        case _:
            return {
                **_webhook(handler(around, source_id, rule).callback_url),
                "webhook_is_new": True,
            }


def _webhook(url: pulumi.Input[str]) -> Endpoint:
    return {
        "endpoint_type": "WebHook",
        "endpoint_url": url,
        "webhook_is_new": False,
        "resource_id": None,
        "queue_name": None,
    }

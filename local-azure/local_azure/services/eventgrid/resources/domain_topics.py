"""Domain topics that come with their first subscription and go with their last one.

Source: the SDK's ``autoCreateTopicWithFirstSubscription`` and
``autoDeleteTopicWithLastSubscription``, D:event-grid/event-domains. The latter takes away topics
that were made by hand as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane.resource_manager.answers import system_data
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.eventgrid import place

if TYPE_CHECKING:
    from local_azure.control_plane.plane import ControlPlane
    from local_azure.control_plane.resource_manager.resource_type import Json, Put


def make(put: Put, answer: Json) -> None:
    """Let the domain topic of a subscription exist."""
    topic_id, resources = place.parent_id(put.id), put.control.resources
    if resources.find(topic_id) is not None:
        return
    name = topic_id.rpartition("/")[2]
    properties = {
        "name": name,
        "type": place.DOMAIN_TOPIC,
        "azureApiVersion": answer["azureApiVersion"],
        "provisioningState": "Succeeded",
        "systemData": system_data(put),
    }
    resources.put(Resource(topic_id, place.DOMAIN_TOPIC, name, {}, properties))


def forget(control: ControlPlane, subscription: Resource) -> None:
    """Let the domain topic go whose last subscription goes, where the domain says so."""
    topic_id = place.parent_id(subscription.id)
    topic = control.resources.find(topic_id)
    if topic is None or topic.type != place.DOMAIN_TOPIC:
        return
    domain = control.resources.find(topic_id.rpartition("/topics/")[0])
    automatic = domain and domain.properties["autoDeleteTopicWithLastSubscription"]
    if automatic and len(control.resources.below(topic_id)) == 1:
        control.resources.delete(topic_id)

"""Event Grid's types of resources on the control plane."""

from local_azure.services.eventgrid.resources.subscription import SUBSCRIPTIONS
from local_azure.services.eventgrid.resources.system_topic import SYSTEM_TOPIC
from local_azure.services.eventgrid.resources.topics import DOMAIN, DOMAIN_TOPIC, TOPIC

__all__ = ["DOMAIN", "TOPIC", "TYPES"]

TYPES = (SYSTEM_TOPIC, TOPIC, DOMAIN, DOMAIN_TOPIC, *SUBSCRIPTIONS)

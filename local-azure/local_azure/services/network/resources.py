"""All types of the network."""

from local_azure.services.network.private_endpoint import PRIVATE_ENDPOINT, ZONE_GROUP
from local_azure.services.network.private_zone import LINK, PRIVATE_ZONE
from local_azure.services.network.virtual_network import SUBNET, VIRTUAL_NETWORK

TYPES = (VIRTUAL_NETWORK, SUBNET, PRIVATE_ENDPOINT, ZONE_GROUP, PRIVATE_ZONE, LINK)

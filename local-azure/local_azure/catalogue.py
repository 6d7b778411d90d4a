"""All resource types that exist here, as far as they are data and rules.

What their changes do in the service that they belong to is bound to its instance
(``Service.types``).
"""

from local_azure.control_plane.authorization.locks import LOCK
from local_azure.control_plane.authorization.resources import ROLE_ASSIGNMENT, ROLE_DEFINITION
from local_azure.control_plane.networks.connections import TYPES as CONNECTIONS
from local_azure.control_plane.resource_manager.deployment import DEPLOYMENT
from local_azure.control_plane.resource_manager.resource_group import RESOURCE_GROUP
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.services.connectors.resources import CONNECTION
from local_azure.services.containerregistry.resources import REGISTRY
from local_azure.services.datafactory.resources import TYPES as DATA_FACTORY
from local_azure.services.eventgrid.resources import TYPES as EVENT_GRID
from local_azure.services.insights.action_groups import ACTION_GROUP
from local_azure.services.insights.alerts import METRIC_ALERT
from local_azure.services.insights.resources import COMPONENT, DIAGNOSTIC_SETTING, LOG_ANALYTICS
from local_azure.services.insights.workbook import WORKBOOK
from local_azure.services.keyvault.resources import SECRET, VAULT
from local_azure.services.logic.resources import WORKFLOW
from local_azure.services.logic.standard.resources import TYPES as STANDARD_LOGIC_APPS
from local_azure.services.machinelearning.resources import TYPES as MACHINE_LEARNING
from local_azure.services.managedidentity.resources import USER_ASSIGNED_IDENTITY
from local_azure.services.messaging.entities import EVENT_HUB_TYPE, QUEUE_TYPE, TOPIC_TYPE
from local_azure.services.messaging.namespaces import EVENT_HUBS_NAMESPACE, SERVICE_BUS_NAMESPACE
from local_azure.services.network.resources import TYPES as NETWORK
from local_azure.services.storage.blob_service import BLOB_SERVICE
from local_azure.services.storage.file_share import FILE_SHARE
from local_azure.services.storage.resources import (
    BLOB_CONTAINER,
    MANAGEMENT_POLICY,
    STORAGE_ACCOUNT,
    STORAGE_QUEUE,
)

TYPES: tuple[ResourceType, ...] = (
    RESOURCE_GROUP,
    DEPLOYMENT,
    STORAGE_ACCOUNT,
    BLOB_SERVICE,
    BLOB_CONTAINER,
    MANAGEMENT_POLICY,
    STORAGE_QUEUE,
    FILE_SHARE,
    USER_ASSIGNED_IDENTITY,
    ROLE_ASSIGNMENT,
    ROLE_DEFINITION,
    LOCK,
    VAULT,
    SECRET,
    REGISTRY,
    COMPONENT,
    LOG_ANALYTICS,
    DIAGNOSTIC_SETTING,
    ACTION_GROUP,
    METRIC_ALERT,
    WORKBOOK,
    *MACHINE_LEARNING,
    WORKFLOW,
    *STANDARD_LOGIC_APPS,
    CONNECTION,
    EVENT_HUBS_NAMESPACE,
    EVENT_HUB_TYPE,
    SERVICE_BUS_NAMESPACE,
    QUEUE_TYPE,
    TOPIC_TYPE,
    *DATA_FACTORY,
    *EVENT_GRID,
    *NETWORK,
    *CONNECTIONS,
)

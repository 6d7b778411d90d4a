"""Workspaces and what they hold, on the control plane: one file for each type or family."""

from local_azure.services.machinelearning.resources import assets, components, data
from local_azure.services.machinelearning.resources.batch_deployment import BATCH_DEPLOYMENT
from local_azure.services.machinelearning.resources.batch_endpoint import BATCH_ENDPOINT
from local_azure.services.machinelearning.resources.compute import COMPUTE
from local_azure.services.machinelearning.resources.datastore import DATASTORE
from local_azure.services.machinelearning.resources.outbound import OUTBOUND_RULE
from local_azure.services.machinelearning.resources.workspace import WORKSPACE

TYPES = (
    WORKSPACE,
    OUTBOUND_RULE,
    DATASTORE,
    COMPUTE,
    BATCH_ENDPOINT,
    BATCH_DEPLOYMENT,
    *assets.TYPES,
    *components.TYPES,
    *data.TYPES,
)

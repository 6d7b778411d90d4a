"""What Data Factory puts on the control plane: factories and the documents in them."""

from local_azure.services.datafactory.resources.documents import CREDENTIAL, DATASET, LINKED_SERVICE
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.managed_network import (
    MANAGED_ENDPOINT,
    MANAGED_NETWORK,
    RUNTIME,
)
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure.services.datafactory.resources.trigger import TRIGGER

TYPES = (
    FACTORY,
    MANAGED_NETWORK,
    MANAGED_ENDPOINT,
    RUNTIME,
    CREDENTIAL,
    LINKED_SERVICE,
    DATASET,
    PIPELINE,
    TRIGGER,
)

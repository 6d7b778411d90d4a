"""What Data Factory puts on the control plane: factories and the documents in them."""

from local_azure.services.datafactory.resources import documents, managed_network
from local_azure.services.datafactory.resources.factory import FACTORY
from local_azure.services.datafactory.resources.pipeline import PIPELINE
from local_azure.services.datafactory.resources.trigger import TRIGGER

TYPES = (FACTORY, *managed_network.TYPES, *documents.TYPES, PIPELINE, TRIGGER)

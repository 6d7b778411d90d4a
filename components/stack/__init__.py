"""From settings to components: one function for each, so that the program reads like its diagram.

A function takes the settings, the place, and the components that its own one is built on. What is
the same in every stack stands here too, and nowhere else: names, tags, and who gets which scope.
"""

from components.stack.endpoints import (
    batch_endpoint,
    existing_batch_endpoint,
    predictions_url,
)
from components.stack.event_outputs import event_predictions_url, names_outputs
from components.stack.event_rules import (
    domain_subscriptions,
    event_domain,
    workspace_events,
)
from components.stack.events import blob_created_subscription, event_workflow
from components.stack.existing import look_up
from components.stack.factory import (
    batch_pipeline_factory,
    output_container,
)
from components.stack.inputs import input_storage
from components.stack.invoking import (
    Scoring,
    as_service_principal,
    callers,
    invoker_role,
    invoker_service_principal,
)
from components.stack.place import place_of
from components.stack.scoring import (
    batch_cluster,
    compute_identity,
    machine_learning_workspace,
)
from components.stack.surroundings import surroundings

__all__ = [
    "Scoring",
    "as_service_principal",
    "batch_cluster",
    "batch_endpoint",
    "batch_pipeline_factory",
    "blob_created_subscription",
    "callers",
    "compute_identity",
    "domain_subscriptions",
    "event_domain",
    "event_predictions_url",
    "event_workflow",
    "existing_batch_endpoint",
    "input_storage",
    "invoker_role",
    "invoker_service_principal",
    "look_up",
    "machine_learning_workspace",
    "names_outputs",
    "output_container",
    "place_of",
    "predictions_url",
    "surroundings",
    "workspace_events",
]

"""From settings to components: one function for each, so that the program reads like its diagram.

A function takes the settings, the place, and the components that its own one is built on. What is
the same in every stack stands here too, and nowhere else: names, tags, and who gets which scope.
"""

from components.stack.data_factory import batch_pipeline_factory, retraining_pipeline
from components.stack.event_grid import (
    blob_created_subscription,
    domain_subscriptions,
    event_domain,
    workspace_events,
)
from components.stack.existing import look_up
from components.stack.identity import (
    Scoring,
    as_service_principal,
    callers,
    invoker_role,
    invoker_service_principal,
)
from components.stack.logic_apps import (
    Handling,
    event_claims,
    event_predictions_url,
    event_workflow,
    names_outputs,
)
from components.stack.machine_learning import (
    assets,
    batch_cluster,
    batch_endpoint,
    compute_identity,
    existing_batch_endpoint,
    machine_learning_workspace,
    output_container,
    predictions_url,
    publishers,
)
from components.stack.place import place_of
from components.stack.storage import input_storage

__all__ = [
    "Handling",
    "Scoring",
    "as_service_principal",
    "assets",
    "batch_cluster",
    "batch_endpoint",
    "batch_pipeline_factory",
    "blob_created_subscription",
    "callers",
    "compute_identity",
    "domain_subscriptions",
    "event_claims",
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
    "publishers",
    "retraining_pipeline",
    "workspace_events",
]

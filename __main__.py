"""A file, or a folder, lands in storage; a workflow or a pipeline has a batch job score it.

What a stack can say stands in its settings, what Azure gets stands in the components; this page
joins them in the order in which Azure needs them.
"""

import gc

# A run is short and makes many objects: the collector would take a fifth of each preview.
gc.disable()

import shlex

import pulumi

from components.azure.detours import take_no_detours
from components.settings import load
from components.stack import (
    data_factory,
    event_grid,
    existing,
    identity,
    logic_apps,
    machine_learning,
    monitoring,
    network,
    storage,
)
from components.stack.costs import Costs
from components.stack.stack import Stack

take_no_detours()
settings = load()
existing.look_up(settings)
costs = Costs()
stack = Stack(settings)

# Where a private stack is reached.
if settings.network.private:
    stack.private_network = network.private_network(stack)
    pulumi.export("private_endpoints_subnet_id", stack.private_network["subnet_id"])

# Where files are dropped.
inputs = stack.inputs = storage.input_storage(stack)

# What scores them.
workspace = stack.workspace = machine_learning.machine_learning_workspace(stack)
adopted = settings.endpoint.existing
if adopted is None or settings.cluster.existing:
    compute = stack.compute = machine_learning.compute_identity(stack)
    cluster = stack.cluster = machine_learning.batch_cluster(stack, compute)
    pulumi.export("compute_identity_id", compute.identity_id)
    pulumi.export("compute_identity_client_id", compute.client_id)
    pulumi.export("compute_identity_principal_id", compute.principal_id)
if adopted is None:
    publishers = machine_learning.publishers(stack)
    assets = machine_learning.assets(stack, publishers)
    endpoint = machine_learning.batch_endpoint(stack, cluster, assets)
    deployed = [deployment.name for deployment in settings.deployments]
    pulumi.export("deployment_names", deployed)
    pulumi.export("default_deployment", settings.default_deployment)
else:
    endpoint = machine_learning.existing_batch_endpoint(adopted)
stack.endpoint = endpoint

# Who invokes it, where that is an application with a secret.
stack.role_definition_id = identity.invoker_role(stack)
if settings.service_principal_invokes:
    invoker = identity.invoker_service_principal(stack)
    stack.service_principal = identity.signs_in(stack, invoker)
    pulumi.export("invoker_client_id", invoker.client_id)
    pulumi.export("invoker_object_id", invoker.object_id)
    pulumi.export("invoker_secret_ends", invoker.secret_ends)
    pulumi.export("invoker_secret_renews", invoker.secret_renews)

# What has a folder scored, and waits for the end.
if settings.factory is not None:
    stack.outputs = machine_learning.output_container(stack)
    factory = stack.factory = data_factory.batch_pipeline_factory(stack)
    pulumi.export("factory_id", factory.factory_id)
    pulumi.export("factory_name", factory.factory_name)
    pulumi.export("factory_principal_id", factory.principal_id)
    pulumi.export("pipeline_name", factory.pipeline_name)
    pulumi.export("pipeline_authentication", settings.factory.authentication)
    windows = data_factory.scoring_windows(stack, factory)
    if windows is not None:
        pulumi.export("window_trigger_name", windows.trigger_name)

# What brings a file, or the marker of a folder, to what has it scored.
if settings.blob_events.enabled:
    workflow = stack.workflow = logic_apps.event_workflow(stack)
    subscription = event_grid.blob_created_subscription(stack, workflow.callback_url)
    stack.blob_events = subscription
    pulumi.export("workflow_id", workflow.workflow_id)
    if settings.workflow_invokes and settings.invoker.kind == "managed_identity":
        pulumi.export("invoker_object_id", workflow.principal_id)
    pulumi.export("blob_event_subscription_id", subscription.subscription_id)
    if settings.blob_events.marker_name:
        pulumi.export("marker_name", settings.blob_events.marker_name)

# Who else may drop files, start jobs and fetch what they leave, and who looks after all of it.
identity.callers(stack)
if settings.operators:
    identity.operators(stack)

# Who is told what happens in the workspace, and where the team sends events of its own.
events, domain = settings.workspace_events, settings.event_domain
if any(rule.destination.made_here for rule in settings.event_rules):
    stack.claims = logic_apps.event_claims(stack)
if events.retrain_on_event and stack.factory:
    stack.retraining = data_factory.retraining_pipeline(
        stack, stack.factory, events.retrain_on_event
    )
if events.all_rules:
    told = stack.workspace_events = event_grid.workspace_events(stack)
    pulumi.export("workspace_event_subscription_ids", told.subscription_ids)
if domain is not None:
    made = event_grid.event_domain(stack, domain)
    pulumi.export("event_grid_topic_endpoint", made.endpoint)
    if domain.subscriptions:
        stack.event_domain = made
        served = event_grid.domain_subscriptions(stack, made, domain)
        first = domain.subscriptions[0].name
        pulumi.export("event_subscription_id", served.subscription_ids[first])
        pulumi.export("domain_event_subscription_ids", served.subscription_ids)

# What is seen of all that, who is told, and what it costs.
if alerts := monitoring.alerts(stack):
    pulumi.export("alert_ids", alerts.alert_ids)
if workbook := monitoring.workbook(stack):
    pulumi.export("workbook_id", workbook.workbook_id)
costs.tell(settings)

folder = settings.storage.folder
pulumi.export("resource_group_name", stack.resource_group_name)
pulumi.export("storage_account_name", inputs.account_name)
pulumi.export("input_container", inputs.container_name)
pulumi.export("input_folder", folder)
pulumi.export(
    "input_url", pulumi.Output.concat(inputs.blob_endpoint, inputs.container_name, "/", folder)
)
pulumi.export("dead_letter_account", inputs.dead_letter_account_name)
pulumi.export("dead_letter_container", inputs.dead_letter_container_name)
pulumi.export(
    "upload_command",
    pulumi.Output.concat(
        "az storage blob upload --auth-mode login --account-name ",
        inputs.account_name,
        " --container-name ",
        inputs.container_name,
        f" --name {shlex.quote(f'{folder}FILE')} --file FILE",
    ),
)
pulumi.export("workspace_name", workspace.workspace_name)
pulumi.export("workspace_id", workspace.workspace_id)
pulumi.export("endpoint_name", endpoint.endpoint_name)
pulumi.export("input_name", settings.endpoint.input_name)
pulumi.export("scoring_uri", endpoint.scoring_uri)
pulumi.export("predictions_url", machine_learning.predictions_url(stack))
if (events_url := logic_apps.event_predictions_url(stack)) is not None:
    pulumi.export("event_predictions_url", events_url)

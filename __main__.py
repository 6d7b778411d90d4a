"""A file, or a folder, lands in storage; a workflow or a pipeline has a batch job score it.

What a stack can say stands in its settings, what Azure gets stands in the components; this page
joins them in the order in which Azure needs them.
"""

import gc

# A run is short and makes many objects: the collector would take a fifth of each preview.
gc.disable()

import shlex

import pulumi
from pulumi_azure_native import authorization

from components.azure.aliases import forget_versioned_types
from components.settings import load
from components.stack import (
    data_factory,
    event_grid,
    existing,
    identity,
    logic_apps,
    machine_learning,
    monitoring,
    storage,
)
from components.stack.place import logged, place_of

forget_versioned_types()
settings = load()
existing.look_up(settings)
tenant_id = authorization.get_client_config_output().tenant_id
place = place_of(settings)
seen = monitoring.Seen(settings)

# Where files are dropped.
inputs = storage.input_storage(settings, place)

# What scores them.
workspace = machine_learning.machine_learning_workspace(settings, place, inputs, tenant_id)
place = logged(settings, place, workspace)
adopted, compute = settings.endpoint.existing, None
if adopted is None or settings.cluster.existing:
    compute = machine_learning.compute_identity(settings, place, inputs, workspace)
    cluster = machine_learning.batch_cluster(settings, workspace, compute)
    seen.nodes(workspace, cluster)
    pulumi.export("compute_identity_id", compute.identity_id)
    pulumi.export("compute_identity_client_id", compute.client_id)
    pulumi.export("compute_identity_principal_id", compute.principal_id)
if adopted is None:
    publishers = machine_learning.publishers(settings, workspace)
    assets = machine_learning.assets(settings, workspace, publishers)
    endpoint = machine_learning.batch_endpoint(settings, workspace, cluster, assets)
    deployed = [deployment.name for deployment in settings.deployments]
    pulumi.export("deployment_names", deployed)
    pulumi.export("default_deployment", settings.default_deployment)
else:
    endpoint = machine_learning.existing_batch_endpoint(adopted)

# Who invokes it, where that is an application with a secret.
role = identity.invoker_role(settings, workspace)
signs_in = None
if settings.service_principal_invokes:
    invoker = identity.invoker_service_principal(settings, inputs, workspace, role)
    signs_in = identity.as_service_principal(settings, invoker, tenant_id)
    pulumi.export("invoker_client_id", invoker.client_id)
    pulumi.export("invoker_object_id", invoker.object_id)
    pulumi.export("invoker_secret_ends", invoker.secret_ends)
    pulumi.export("invoker_secret_renews", invoker.secret_renews)
scoring = identity.Scoring(workspace, endpoint, role, signs_in)
seen.jobs(scoring)

# What has a folder scored, and waits for the end.
factory = None
if settings.factory is not None:
    outputs = machine_learning.output_container(settings, inputs, workspace, compute)
    factory = data_factory.batch_pipeline_factory(settings, place, inputs, scoring, outputs)
    pulumi.export("factory_id", factory.factory_id)
    pulumi.export("factory_name", factory.factory_name)
    pulumi.export("factory_principal_id", factory.principal_id)
    pulumi.export("pipeline_name", factory.pipeline_name)
    pulumi.export("pipeline_authentication", settings.factory.authentication)
    windows = data_factory.scoring_windows(settings, inputs, factory, outputs)
    if windows is not None:
        pulumi.export("window_trigger_name", windows.trigger_name)

# What brings a file, or the marker of a folder, to what has it scored.
if settings.blob_events.enabled:
    workflow = logic_apps.event_workflow(settings, place, inputs, scoring, factory)
    subscription = event_grid.blob_created_subscription(
        settings, place, inputs, workflow.callback_url
    )
    seen.files(subscription)
    pulumi.export("workflow_id", workflow.workflow_id)
    if settings.workflow_invokes and settings.invoker.kind == "managed_identity":
        pulumi.export("invoker_object_id", workflow.principal_id)
    pulumi.export("blob_event_subscription_id", subscription.subscription_id)

# Who else may drop files, start jobs and fetch what they leave.
identity.callers(settings, inputs, workspace, role, factory)

# Who is told what happens in the workspace, and where the team sends events of its own.
events = settings.workspace_events
claims, retraining = None, None
if any(rule.destination.made_here for rule in settings.event_rules):
    claims = logic_apps.event_claims(settings, inputs)
if events.retrain_on_event and factory:
    retraining = data_factory.retraining_pipeline(
        settings, inputs, scoring, factory, events.retrain_on_event
    )
handling = logic_apps.Handling(settings, place, claims, factory, retraining)
if events.all_rules:
    told = event_grid.workspace_events(handling, inputs, workspace)
    seen.workspace_events(told)
    pulumi.export("workspace_event_subscription_ids", told.subscription_ids)
if settings.event_domain is not None:
    domain = event_grid.event_domain(place, settings.event_domain)
    pulumi.export("event_grid_topic_endpoint", domain.endpoint)
    if settings.event_domain.subscriptions:
        served = event_grid.domain_subscriptions(handling, inputs, domain, settings.event_domain)
        seen.domain_events(domain)
        first = settings.event_domain.subscriptions[0].name
        pulumi.export("event_subscription_id", served.subscription_ids[first])
        pulumi.export("domain_event_subscription_ids", served.subscription_ids)

# What is seen of all that, and who is told.
if factory is not None:
    seen.pipelines(factory, retraining)
if alerts := monitoring.alerts(place, seen):
    pulumi.export("alert_ids", alerts.alert_ids)
if workbook := monitoring.workbook(settings, place):
    pulumi.export("workbook_id", workbook.workbook_id)

folder = settings.storage.folder
pulumi.export("resource_group_name", place["resource_group_name"])
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
pulumi.export("predictions_url", machine_learning.predictions_url(settings, workspace))
if logic_apps.names_outputs(settings):
    of_events = logic_apps.event_predictions_url(settings, workspace, endpoint.endpoint_name)
    pulumi.export("event_predictions_url", of_events)

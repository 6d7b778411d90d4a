"""Every configuration key: its type, its default, and what is accepted.

`Pulumi.yaml` says type and default to the engine, and what the key means to people; a test holds
the two together. Every key has a default there, because the engine would refuse a missing one on
its own, apart from everything else that is wrong. Where the default is empty it means "not given",
and only other values are checked.
"""

from __future__ import annotations

from typing import Final

from components.azure.clouds import CLOUDS
from components.settings import (
    blob_folders,
    checks,
    data_uris,
    deployments,
    hosts,
    payload,
    watched,
)
from components.settings.checks import between, matching, named, one_of
from components.settings.deployment_keys import MODEL_KEYS, MOST_NODES
from components.settings.events import domain, rules, secrets, switches
from components.settings.key import Key

_ML = "Microsoft.MachineLearningServices/workspaces"
_STORAGE = "Microsoft.Storage/storageAccounts"
_CONTAINER = f"{_STORAGE}/blobServices/containers"
_HUB = "Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/my-group/providers"
_A_ROLE = (
    f"{_SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/"
    "00000000-0000-0000-0000-000000000000"
)
_FACTORY = "Microsoft.DataFactory/factories"
_A_FOLDER = {
    "account_id": f"{_GROUP}/{_STORAGE}/mystorageaccount",
    "container": "my-container",
    "folder": "my-folder/",
}


_ALL = (
    # Where everything goes.
    Key("cloud", "public", one_of(*CLOUDS)),
    Key("cloud_overrides", {}, hosts.cloud_overrides, {"login_host": "login.example.com"}),
    Key("location", "", checks.location, "westeurope", required=True),
    Key("tags", {}, checks.tags, {"owner": "data-science"}),
    Key("protect", default=False, check=checks.anything),
    Key("existing_resource_group", "", named("Microsoft.Resources/resourceGroups"), "my-group"),
    Key(
        "publishers",
        [],
        checks.each(checks.principal),
        [{"object_id": "00000000-0000-0000-0000-000000000000", "type": "ServicePrincipal"}],
        items="object",
    ),
    Key(
        "callers",
        [],
        checks.each(checks.principal),
        [{"object_id": "00000000-0000-0000-0000-000000000000", "type": "Group"}],
        items="object",
    ),
    Key("callers_read_predictions", default=True, check=checks.anything),
    # Inputs and events.
    Key("blob_events", default=True, check=checks.anything),
    Key(
        "existing_storage_account_id",
        "",
        checks.resource_id(_STORAGE),
        f"{_GROUP}/{_STORAGE}/mystorageaccount",
    ),
    Key("input_container", "inputs", named(_CONTAINER)),
    Key("input_folder", "incoming/", watched.folder),
    Key("prefix_filter", "", watched.prefix, watched.prefix_of("inputs", "incoming/")),
    Key("watch_whole_account", default=False, check=checks.anything),
    Key("extension_filter", "", watched.extension, ".csv"),
    Key("trigger_on", "file", one_of("file", "folder_marker")),
    Key("marker_name", "_SUCCESS", watched.marker),
    Key("skip_empty_blobs", default=True, check=checks.anything),
    Key("dead_letter_container", "dead-letters", named(_CONTAINER)),
    Key("delete_inputs_after_days", 0, between(0, 36500, "days, 0 for never"), 30),
    Key("event_delivery_attempts", 30, between(1, 30)),
    Key("event_time_to_live_minutes", 1440, between(1, 1440, "minutes")),
    Key(
        "existing_system_topic",
        {},
        checks.fields(
            resource_group=named("Microsoft.Resources/resourceGroups"),
            name=named("Microsoft.EventGrid/systemTopics"),
        ),
        {"resource_group": "my-group", "name": "my-topic"},
    ),
    # Workspace and cluster.
    Key("existing_workspace_id", "", checks.resource_id(_ML), f"{_GROUP}/{_ML}/my-workspace"),
    Key("workspace_storage_keys", default=False, check=checks.anything),
    Key("existing_cluster", "", named(f"{_ML}/computes"), "batch-cluster"),
    Key("cluster_name", "batch-cluster", named(f"{_ML}/computes")),
    Key(
        "vm_size",
        "Standard_DS3_v2",
        matching("Standard_[A-Za-z0-9_-]{1,60}", "a size of machine, such as Standard_DS3_v2"),
    ),
    Key("node_priority", "dedicated", one_of("dedicated", "low_priority")),
    Key("min_nodes", 0, between(0, MOST_NODES)),
    Key("max_nodes", 2, between(1, MOST_NODES)),
    Key("idle_seconds_before_scale_down", 120, between(1, 86400, "seconds")),
    # Endpoint and deployment.
    Key(
        "existing_endpoint",
        {},
        checks.fields(workspace_id=checks.resource_id(_ML), name=named(f"{_ML}/batchEndpoints")),
        {"workspace_id": f"{_GROUP}/{_ML}/my-workspace", "name": "my-endpoint"},
    ),
    Key("endpoint_name", "", named(f"{_ML}/batchEndpoints"), "my-endpoint"),
    Key(
        "endpoint_uri",
        "",
        hosts.scoring_uri,
        "https://my-endpoint.westeurope.inference.ml.azure.com/jobs",
    ),
    Key("deployment_name", "digits", named(f"{_ML}/batchEndpoints/deployments")),
    *MODEL_KEYS,
    Key(
        "deployments",
        [],
        checks.each(deployments.check),
        deployments.EXAMPLE,
        items="object",
    ),
    Key("default_deployment", "", named(f"{_ML}/batchEndpoints/deployments"), "digits"),
    # Invoker and workflow.
    Key("invoker", "service_principal", one_of("service_principal", "managed_identity")),
    # That Entra takes up to two years is UNVERIFIED.
    Key("client_secret_lifetime_days", 180, between(1, 730, "days")),
    Key(
        "client_secret_rotation",
        "1",
        matching("[A-Za-z0-9._-]{1,40}", "1 to 40 letters, digits, '.', '_' or '-'"),
        "2",
    ),
    Key("invoker_role", "documented", one_of("documented", "narrow")),
    Key("existing_invoker_role_id", "", checks.role_definition, _A_ROLE),
    Key("existing_pipeline_starter_role_id", "", checks.role_definition, _A_ROLE),
    Key("existing_pipeline_runner_role_id", "", checks.role_definition, _A_ROLE),
    Key(
        "input_name",
        "mnistinput",
        matching(payload.NAME, payload.NAMES),
    ),
    Key("workflow_payload", "named_outputs", one_of("named_outputs", "plain")),
    Key(
        "job_inputs",
        {},
        payload.check_inputs,
        {"score_mode": {"type": "Literal", "value": "append"}},
    ),
    Key(
        "job_outputs",
        {},
        payload.check_outputs,
        {
            "scores": {
                "type": "UriFolder",
                "uri": "azureml://datastores/workspaceblobstore/paths/scores/{event_id}/",
            }
        },
    ),
    Key("predictions_beside_inputs", default=False, check=checks.anything),
    Key(
        "allowed_caller_ip_ranges",
        [],
        checks.each(checks.ip_range),
        ["203.0.113.0/24"],
        items="string",
    ),
    # Workspace events and the Event Grid domain.
    Key(
        "workspace_events",
        [],
        rules.check_all,
        [
            {
                "name": "on-model",
                "event_types": ["ModelRegistered"],
                "destination": {"kind": "event_hub", "resource_id": f"{_GROUP}/{_HUB}"},
            }
        ],
        items="object",
    ),
    Key(
        "existing_workspace_system_topic",
        {},
        checks.fields(
            resource_group=named("Microsoft.Resources/resourceGroups"),
            name=named("Microsoft.EventGrid/systemTopics"),
        ),
        {"resource_group": "my-group", "name": "my-topic"},
    ),
    Key(
        "event_domain",
        {},
        domain.check,
        {
            "topics": ["models"],
            "subscriptions": [
                {
                    "name": "on-domain-model",
                    "topic": "models",
                    "destination": {
                        "kind": "azure_function",
                        "url": "https://my-function-app.azurewebsites.net/api/myeventhandler",
                    },
                }
            ],
        },
    ),
    Key(
        "event_secrets",
        {},
        secrets.check,
        {"on-domain-model": "the function's key"},
        secret=True,
    ),
    Key("handled_events_container", "handled-events", named(_CONTAINER)),
    Key(
        "notify_by_email",
        {},
        switches.check("notify_by_email"),
        {"recipients": ["ml-team@example.com"]},
    ),
    Key(
        "retrain_on_event",
        {},
        switches.check("retrain_on_event"),
        {
            "event_types": ["RunStatusChanged"],
            "advanced_filters": [
                {"operator": "StringIn", "key": "data.runStatus", "values": ["Failed"]},
                {"operator": "StringIn", "key": "data.experimentName", "values": ["my-monitor"]},
            ],
            "copy_from": _A_FOLDER,
        },
    ),
    Key(
        "dispatch_on_model",
        {},
        switches.check("dispatch_on_model"),
        {"repository": "my-team/my-repository"},
    ),
    # Data factory.
    Key("data_factory", default=False, check=checks.anything),
    Key(
        "existing_data_factory_id",
        "",
        checks.resource_id(_FACTORY),
        f"{_GROUP}/{_FACTORY}/my-factory",
    ),
    Key(
        "pipeline_authentication",
        "managed_identity",
        one_of("managed_identity", "service_principal"),
    ),
    Key("poll_interval_seconds", 120, between(1, 86400, "seconds")),
    Key("max_wait_hours", 24, between(1, 2160, "hours; 90 days are Until's longest")),
    Key(
        "pipeline_input_uri",
        "",
        data_uris.read,
        "azureml://datastores/my_datastore/paths/my-folder/",
    ),
    Key("pipeline_input_type", "UriFolder", one_of("UriFolder", "UriFile")),
    Key("pipeline_output_name", "score", matching(payload.NAME, payload.NAMES)),
    Key("pipeline_output_type", "UriFile", one_of("UriFile", "UriFolder")),
    Key(
        "pipeline_output_folder",
        "",
        data_uris.folder_written,
        "azureml://datastores/workspaceblobstore/paths/batch/",
    ),
    Key("output_container", "", named(_CONTAINER), "predictions"),
    Key("copy_before", {}, blob_folders.check, _A_FOLDER),
    Key("copy_after", {}, blob_folders.check, _A_FOLDER),
)

KEYS: Final = {key.name: key for key in _ALL}

RETIRED: Final = {
    "retrain_on_drift": (
        "nothing: Azure retired data drift on 2025-09-01, so that DatasetDriftDetected never fires"
        " any more (D:machine-learning/how-to-monitor-datasets); retrain_on_event trains again on"
        " an event that you choose"
    )
}
"""Keys that there were, and what stands for them now."""

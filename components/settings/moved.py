"""Where keys went, whose names say nothing of it: of version 0.1.0, and what is gone since."""

MOVED = {
    "client_secret_lifetime_days": "invoker.secret_lifetime_days",
    "client_secret_rotation": "invoker.secret_rotation",
    "cluster_name": "cluster.name",
    "deployment_name": "deployments[0].name",
    "endpoint_name": "endpoint.name",
    "event_delivery_attempts": "blob_events.delivery_attempts",
    "event_time_to_live_minutes": "blob_events.time_to_live_minutes",
    "existing_cluster": "cluster.existing",
    "existing_data_factory_id": "data_factory.existing",
    "existing_endpoint": "endpoint.existing",
    "existing_invoker_role_id": "invoker.existing_role_id",
    "existing_pipeline_runner_role_id": "data_factory.existing_runner_role_id",
    "existing_resource_group": "resource_group.existing",
    "existing_storage_account_id": "storage.existing",
    "existing_system_topic": "blob_events.existing_system_topic",
    "existing_workspace_id": "workspace.existing",
    "existing_workspace_system_topic": "workspace_events.existing_system_topic",
    "input_container": "storage.container",
    "input_folder": "storage.folder",
    "invoker_role": "invoker.role",
    "pipeline_authentication": "data_factory.authentication",
    "pipeline_input_type": "data_factory.input_type",
    "pipeline_input_uri": "data_factory.input_uri",
    "pipeline_output_folder": "data_factory.output_folder",
    "pipeline_output_name": "data_factory.output_name",
    "pipeline_output_type": "data_factory.output_type",
    "workflow_payload": "blob_events.payload",
    "workspace_storage_keys": "workspace.storage_keys",
}

_OWN = "the endpoint tells its own"
GONE = {
    "dead_letter_container_id": "dead letters lie in the stack's own container",
    "delivery_with_identity": "the topic's identity delivers wherever it can",
    "endpoint.uri": _OWN,
    "endpoint_uri": _OWN,
    "trigger_on": "a marker starts jobs where blob_events.marker_name is given",
}
"""Why keys are gone, by name or place; where another name is near, that one would do otherwise."""

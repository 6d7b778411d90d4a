"""Settings of a stack as the tests know them, and changes to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.azure.clouds import PUBLIC
from components.settings.events.model import WorkspaceEventSettings
from components.settings.model import (
    ClusterSettings,
    DeploymentSettings,
    EndpointSettings,
    EventSettings,
    FactorySettings,
    InvokerSettings,
    Principal,
    Settings,
    StorageSettings,
    WorkflowSettings,
)

SETTINGS = Settings(
    cloud=PUBLIC,
    location="westeurope",
    tags={"project": "azureml-batch-events", "stack": "dev"},
    protect=False,
    existing_resource_group=None,
    existing_workspace_id=None,
    workspace_storage_keys=False,
    publishers=(Principal("publisher-object-id", "User"),),
    callers=(Principal("caller-object-id", "Group"),),
    callers_read_predictions=True,
    existing_pipeline_runner_role_id=None,
    storage=StorageSettings(
        existing_account_id=None,
        container="inputs",
        folder="incoming/",
        dead_letter_container="dead-letters",
        delete_inputs_after_days=None,
        handled_events_container="handled-events",
    ),
    events=EventSettings(
        enabled=True,
        prefix_filter="/blobServices/default/containers/inputs/blobs/incoming/",
        extension_filter=".pgm",
        marker_name=None,
        skip_empty_blobs=True,
        delivery_attempts=30,
        time_to_live_minutes=1440,
        existing_system_topic=None,
    ),
    cluster=ClusterSettings(
        existing_name=None,
        name="batch-cluster",
        vm_size="Standard_DS3_v2",
        priority="low_priority",
        min_nodes=0,
        max_nodes=2,
        idle_seconds=120,
    ),
    endpoint=EndpointSettings(existing=None, name=None, uri=None),
    deployments=(
        DeploymentSettings(
            name="digits",
            model_folder="samples/digits/model",
            model_id=None,
            is_mlflow=False,
            code_folder="samples/digits/code",
            scoring_script="score.py",
            environment_image="mcr.microsoft.com/azureml/minimal-ubuntu22.04-py310-cpu-inference",
            environment_id=None,
            environment_variables={},
            instance_count=1,
            mini_batch_size=10,
            max_concurrency_per_instance=2,
            error_threshold=-1,
            max_retries=3,
            timeout_seconds=30,
            output_action="append_row",
            output_file_name="predictions.csv",
        ),
    ),
    default_deployment="digits",
    invoker=InvokerSettings(
        kind="service_principal",
        secret_lifetime_days=180,
        secret_rotation="1",
        role="documented",
        existing_role_id=None,
    ),
    workflow=WorkflowSettings(
        input_name="mnistinput",
        job_inputs={},
        job_outputs={},
        predictions_beside_inputs=False,
        plain_payload=False,
        allowed_caller_ip_ranges=(),
        existing_starter_role_id=None,
    ),
    workspace_events=WorkspaceEventSettings(rules=(), existing_system_topic=None),
    event_domain=None,
    advice=(),
    factory=None,
    watched=None,
    written=(),
)

FACTORY = FactorySettings(
    existing_id=None,
    authentication="managed_identity",
    poll_interval_seconds=120,
    max_wait_hours=24,
    input_uri=None,
    input_type="UriFolder",
    output_name="score",
    output_type="UriFile",
    output_folder=None,
    output_container=None,
    copy_before=None,
    copy_after=None,
)


def changed(**groups: Any) -> Settings:
    """The settings with changes: `changed(protect=True, storage={"folder": "in/"})`."""
    values = {
        name: replace(getattr(SETTINGS, name), **value)
        if isinstance(value, dict) and name != "tags"
        else value
        for name, value in groups.items()
    }
    return replace(SETTINGS, **values)

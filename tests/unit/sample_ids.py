"""What the tests of settings name that is there already, and what their cases share.

The cases in `cases/` say `$NAME` for each: ids, and parts of a stack file.
"""

from typing import Any

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
ROLE = f"/subscriptions/{GUID}/providers/Microsoft.Authorization/roleDefinitions/{GUID}"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
LONG = f"azureml://subscriptions/{GUID}/resourcegroups/my-group/workspaces/my-workspace/datastores"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/my-endpoint"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
CONTAINERS = "/blobServices/default/containers"
BLOBS = f"{CONTAINERS}/inputs/blobs"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/my-factory"
WORKFLOW = f"{GROUP}/Microsoft.Logic/workflows/my-workflow"
HUB = f"{GROUP}/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
HUB_GROUP = f"/subscriptions/{GUID}/resourceGroups/hub"
NETWORK = f"{HUB_GROUP}/providers/Microsoft.Network/virtualNetworks/spoke"
SUBNET = f"{NETWORK}/subnets/endpoints"

Part = dict[str, Any]
"""Of a stack file."""

BUILT: Part = {"image": "mcr.microsoft.com/base:1", "conda_file": "samples/heart/conda.yml"}
COPY: Part = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
WINDOW: Part = {"every": "1h", "start": "2026-06-01T00:00:00Z"}
WINDOWED: Part = {"blob_events.enabled": False, "data_factory.window": WINDOW}
MLFLOW: Part = {
    "deployments[0].model_type": "mlflow_model",
    "deployments[0].model": "samples/heart/model",
}
PIPELINE: Part = {
    "deployments": [{"name": "diamonds", "pipeline": "samples/diamonds/pipeline.yml"}],
    "blob_events.marker_name": "_SUCCESS",
    "endpoint.input_name": "data",
}
PRIVATE: Part = {
    "network.private": True,
    "blob_events.marker_name": "_SUCCESS",
    "data_factory.enabled": True,
}
STANDARD: Part = {"network.private": True, "workflows.plan": "standard"}

TO_HUB: Part = {"kind": "event_hub", "resource_id": HUB}
FUNCTION: Part = {"kind": "azure_function", "url": "https://f.azurewebsites.net/api/handler"}
TRAIN: Part = {"kind": "data_factory_pipeline", "factory_id": FACTORY, "pipeline": "Train"}
TEMPLATE: Part = {"kind": "logic_app", "template": "invoke_batch_endpoint_by_managed_identity"}
RULE: Part = {"name": "on-model", "event_types": ["ModelRegistered"], "destination": TO_HUB}
DOMAIN: Part = {
    "topics": ["models"],
    "subscriptions": [{"name": "on-domain", "destination": TO_HUB, "topic": "models"}],
}
EXISTING_TOPIC: Part = {
    "workspace_events.existing_system_topic": {"resource_group": "my-group", "name": "my-topic"}
}

COPY_FROM: Part = {**COPY, "folder": "training"}
FAILED: Part = {"operator": "StringIn", "key": "data.runStatus", "values": ["Failed"]}
MONITOR: Part = {"operator": "StringIn", "key": "data.runTags.purpose", "values": ["monitoring"]}
MAIL: Part = {"recipients": ["ml-team@example.com"]}
RETRAIN: Part = {
    "event_types": ["RunStatusChanged"],
    "advanced_filters": [FAILED, MONITOR],
    "copy_from": COPY_FROM,
}
DISPATCH: Part = {"repository": "my-team/models"}

"""What the tests of settings name that is there already: ids, a folder, a window of time."""

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
WORKSPACE = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/my-workspace"
ENDPOINT = f"{WORKSPACE}/batchEndpoints/my-endpoint"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
CONTAINERS = "/blobServices/default/containers"
BLOBS = f"{CONTAINERS}/inputs/blobs"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/my-factory"
WORKFLOW = f"{GROUP}/Microsoft.Logic/workflows/my-workflow"
COPY = {"account_id": ACCOUNT, "container": "exports", "folder": "eu/"}
WINDOW = {"every": "1h", "start": "2026-06-01T00:00:00Z"}

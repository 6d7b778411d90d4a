"""Open a storage account for exchanging files with one partner; nobody has a key."""

import uuid

from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"  # Storage Blob Data Contributor
REGION = "westeurope"


def open_account(credential, subscription, name, partner):
    """Make group, account and container, and let the partner (an object id) read and write there.

    Returns the container's URL. A second call changes nothing.
    """
    group = f"exchange-{name}"
    groups = ResourceManagementClient(credential, subscription).resource_groups
    groups.create_or_update(group, {"location": REGION})
    storage = StorageManagementClient(credential, subscription)
    account = storage.storage_accounts.begin_create(
        group,
        name,
        {
            "location": REGION,
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"allowSharedKeyAccess": False, "allowBlobPublicAccess": False},
        },
    ).result()
    container = storage.blob_containers.create(group, name, "exchange", {})
    _grant(credential, subscription, container.id, partner)
    return f"{account.primary_endpoints.blob}exchange"


def _grant(credential, subscription, scope, partner):
    roles = AuthorizationManagementClient(credential, subscription).role_assignments
    providers = f"/subscriptions/{subscription}/providers"
    role = f"{providers}/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}"
    roles.create(
        scope,
        str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scope} {partner}")),
        {"properties": {"roleDefinitionId": role, "principalId": partner, "principalType": "User"}},
    )

"""A throw-away Pulumi program: one storage account with a container, and a role on it.

Its configuration is an environment variable each, so that a test changes one thing at a time.
"""

from __future__ import annotations

import os

import pulumi
import pulumi_azuread as azuread
from pulumi_azure_native import authorization, managedidentity, resources, storage
from pulumi_random import RandomString, RandomUuid

READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"

group = resources.ResourceGroup("group", location=os.environ.get("LOCATION", "West Europe"))
end = RandomString("end", length=8, special=False, upper=False)
account = storage.StorageAccount(
    "account",
    account_name=pulumi.Output.concat("small", end.result),
    resource_group_name=group.name,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    allow_shared_key_access=False,
    minimum_tls_version=os.environ.get("MINIMUM_TLS_VERSION", "TLS1_2"),
)
container = storage.BlobContainer(
    "container",
    account_name=account.name,
    resource_group_name=group.name,
    container_name=os.environ.get("CONTAINER", "inputs"),
)
identity = managedidentity.UserAssignedIdentity("identity", resource_group_name=group.name)
client = authorization.get_client_config_output()
authorization.RoleAssignment(
    "grant",
    role_assignment_name=RandomUuid("grant-name").result,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
    role_definition_id=pulumi.Output.concat(
        "/subscriptions/",
        client.subscription_id,
        f"/providers/Microsoft.Authorization/roleDefinitions/{READER}",
    ),
    scope=container.id,
)
owners = [azuread.get_client_config_output().object_id]
application = azuread.Application("application", display_name="small", owners=owners)
azuread.ServicePrincipal("principal", client_id=application.client_id, owners=owners)
password = azuread.ApplicationPassword(
    "password", application_id=application.id, end_date="2099-01-01T00:00:00Z"
)

pulumi.export("blob_endpoint", account.primary_endpoints.apply(lambda endpoints: endpoints.blob))
pulumi.export("container_id", container.id)
pulumi.export("client_secret", password.value)

"""As whom the activities of a deployed factory call others."""

from __future__ import annotations

from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.datafactory.resources.documents import CREDENTIAL, LINKED_SERVICE
from local_azure.services.keyvault.resources import VAULT
from local_azure.services.managedidentity.resources import USER_ASSIGNED_IDENTITY
from local_azure_tests.datafactory.cloud import (
    FACTORY_ID,
    FACTORY_NAME,
    GROUP,
    READER,
    Caller,
    Cloud,
    read_factory,
)

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
INSIDE = {"resourceGroupName": GROUP, "factoryName": FACTORY_NAME}


def test_a_credential_calls_as_the_identity_that_it_stands_for(
    cloud: Cloud, caller: Caller
) -> None:
    here = {"resourceGroupName": GROUP, "location": "westeurope"}
    scorer = cloud.put(USER_ASSIGNED_IDENTITY, **here, resourceName="scorer")
    properties = {"type": "ManagedIdentity", "resourceId": scorer.id}
    cloud.put(CREDENTIAL, **INSIDE, credentialName="scorer", properties=properties)
    reference = {"type": "CredentialReference", "referenceName": "scorer"}
    cloud.pipeline(
        "by-credential",
        read_factory(type="UserAssignedManagedIdentity", credential=reference),
    )
    refused = caller.ended(caller.start("by-credential"))
    principal = scorer.properties["principalId"]
    cloud.call(cloud.azure.authorization.assign, "/scorer", principal, READER, FACTORY_ID)

    assert principal in refused.message
    assert caller.ended(caller.start("by-credential")).status == "Succeeded"


def test_a_service_principals_secret_is_read_from_the_vault_and_shown_nowhere(
    cloud: Cloud, caller: Caller
) -> None:
    vault(cloud)
    cloud.credential("caller", (READER, FACTORY_ID))
    cloud.call(cloud.azure.keyvault.put, "adf-vault", "secret", "caller-secret")
    properties = {"type": "AzureKeyVault", "baseUrl": "https://adf-vault.vault.azure.net/"}
    cloud.put(LINKED_SERVICE, **INSIDE, linkedServiceName="Vault", properties=properties)
    secret = {
        "type": "AzureKeyVaultSecret",
        "secretName": "secret",
        "store": {"type": "LinkedServiceReference", "referenceName": "Vault"},
    }
    principal = {"userTenant": TENANT_ID, "username": "caller-client", "password": secret}
    cloud.pipeline("by-principal", read_factory(type="ServicePrincipal", **principal))
    run = caller.start("by-principal")

    assert caller.ended(run).status == "Succeeded"
    assert "caller-secret" not in str([each.as_dict() for each in caller.activities(run)])
    kept = b"".join(path.read_bytes() for path in cloud.home.folder.glob("state.db*"))
    assert b"caller-secret" not in kept


def test_a_linked_service_is_read_in_its_exported_form(cloud: Cloud, caller: Caller) -> None:
    properties = {"type": "AzureKeyVault", "baseUrl": "https://read.vault.azure.net/"}
    cloud.put(LINKED_SERVICE, **INSIDE, linkedServiceName="Read", properties=properties)
    client = caller.client

    found = client.linked_services.get(GROUP, FACTORY_NAME, "Read")
    listed = [each.name for each in client.linked_services.list_by_factory(GROUP, FACTORY_NAME)]

    assert found is not None
    assert found.properties["typeProperties"] == {"baseUrl": "https://read.vault.azure.net/"}
    assert "Read" in listed
    assert list(client.datasets.list_by_factory(GROUP, FACTORY_NAME)) == []


def vault(cloud: Cloud) -> None:
    """A vault whose secrets the factory may read."""
    properties = {
        "tenantId": TENANT_ID,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    here = {"resourceGroupName": GROUP, "location": "westeurope"}
    made = cloud.put(VAULT, **here, vaultName="adf-vault", properties=properties)
    cloud.let_factory("secrets", SECRETS_USER, made.id)


def test_a_linked_service_that_is_gone_fails_the_activity_by_name(
    cloud: Cloud, caller: Caller
) -> None:
    secret = {
        "type": "AzureKeyVaultSecret",
        "secretName": "secret",
        "store": {"type": "LinkedServiceReference", "referenceName": "Gone"},
    }
    properties = {"type": "AzureKeyVault", "baseUrl": "https://gone.vault.azure.net/"}
    made = cloud.put(LINKED_SERVICE, **INSIDE, linkedServiceName="Gone", properties=properties)
    principal = {"userTenant": TENANT_ID, "username": "c", "password": secret}
    cloud.pipeline("gone", read_factory(type="ServicePrincipal", **principal))
    cloud.call(cloud.azure.resources.delete, made.id)

    message = caller.ended(caller.start("gone")).message

    assert message == "Operation on target Ask failed: The factory has no linked service 'Gone'."

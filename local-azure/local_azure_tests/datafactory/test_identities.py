"""As whom the activities of a deployed factory call others."""

from typing import Any

from local_azure.control_plane.resource_manager.store import Resource
from local_azure.control_plane.tenant import TENANT_ID
from local_azure.services.datafactory.resources.documents import CREDENTIAL, LINKED_SERVICE
from local_azure.services.keyvault.resources import VAULT
from local_azure.services.managedidentity.resources import USER_ASSIGNED_IDENTITY
from local_azure_tests.datafactory.cloud import (
    FACTORY_ID,
    FACTORY_NAME,
    GROUP,
    HERE,
    READER,
    Caller,
    Cloud,
    read_factory,
)

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
INSIDE = {"resourceGroupName": GROUP, "factoryName": FACTORY_NAME}


def linked(cloud: Cloud, name: str) -> Resource:
    """A linked service of a key vault."""
    properties = {"type": "AzureKeyVault", "baseUrl": f"https://{name}.vault.azure.net/"}
    return cloud.put(LINKED_SERVICE, **INSIDE, linkedServiceName=name, properties=properties)


def principal(name: str, store: str) -> dict[str, Any]:
    """An activity that asks as a service principal, whose secret is in a vault."""
    reference = {"type": "LinkedServiceReference", "referenceName": store}
    secret = {"type": "AzureKeyVaultSecret", "secretName": "secret", "store": reference}
    return read_factory(
        type="ServicePrincipal", userTenant=TENANT_ID, username=name, password=secret
    )


def vault(cloud: Cloud, name: str) -> None:
    """A vault whose secrets the factory may read."""
    properties = {
        "tenantId": TENANT_ID,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    made = cloud.put(VAULT, **HERE, vaultName=name, properties=properties)
    cloud.let_factory("secrets", SECRETS_USER, made.id)


def test_a_credential_calls_as_the_identity_that_it_stands_for(
    cloud: Cloud, caller: Caller
) -> None:
    scorer = cloud.put(USER_ASSIGNED_IDENTITY, **HERE, resourceName="scorer")
    properties = {"type": "ManagedIdentity", "resourceId": scorer.id}
    cloud.put(CREDENTIAL, **INSIDE, credentialName="scorer", properties=properties)
    reference = {"type": "CredentialReference", "referenceName": "scorer"}
    cloud.pipeline(
        "by-credential",
        read_factory(type="UserAssignedManagedIdentity", credential=reference),
    )
    refused = caller.end("by-credential")
    principal = scorer.properties["principalId"]
    cloud.call(cloud.azure.authorization.assign, "/scorer", principal, READER, FACTORY_ID)

    assert principal in refused.message
    assert caller.end("by-credential").status == "Succeeded"


def test_a_service_principals_secret_is_read_from_the_vault_and_shown_nowhere(
    cloud: Cloud, caller: Caller
) -> None:
    vault(cloud, "adfvault")
    cloud.credential("caller", (READER, FACTORY_ID))
    cloud.call(cloud.azure.keyvault.put, "adfvault", "secret", "caller-secret")
    linked(cloud, "adfvault")
    cloud.pipeline("by-principal", principal("caller-client", "adfvault"))
    ended = caller.end("by-principal")

    assert ended.status == "Succeeded"
    assert "caller-secret" not in str([each.as_dict() for each in caller.activities(ended.run_id)])
    assert b"caller-secret" not in cloud.kept()


def test_a_linked_service_is_read_in_its_exported_form(cloud: Cloud, caller: Caller) -> None:
    linked(cloud, "read")
    services: Any = caller.client.linked_services

    properties = services.get(GROUP, FACTORY_NAME, "read").properties

    assert properties["typeProperties"] == {"baseUrl": "https://read.vault.azure.net/"}
    assert "read" in [each.name for each in services.list_by_factory(GROUP, FACTORY_NAME)]
    assert list(caller.client.datasets.list_by_factory(GROUP, FACTORY_NAME)) == []


def test_a_linked_service_that_is_gone_fails_the_activity_by_name(
    cloud: Cloud, caller: Caller
) -> None:
    made = linked(cloud, "gone")
    cloud.pipeline("gone", principal("c", "gone"))
    cloud.call(cloud.azure.resources.delete, made.id)

    message = caller.end("gone").message

    assert message == "Operation on target Ask failed: The factory has no linked service 'gone'."

"""Who may exchange files, and who may not: asked with Azure's own clients."""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.storage.blob import ContainerClient
from exchange import open_account


def opened(azure, name):
    """The container's URL; the partner is somebody with no other role than Reader."""
    partner = azure.variables("Reader")["AZURE_CLIENT_ID"]  # here a person's object id as well
    with azure.environment():
        subscription = azure.variables()["AZURE_SUBSCRIPTION_ID"]
        return open_account(EnvironmentCredential(), subscription, name, partner)


@pytest.fixture(scope="module")
def url(local_azure):
    return opened(local_azure, "exchange1")


def write(url, name):
    with ContainerClient.from_container_url(url, EnvironmentCredential()) as container:
        container.upload_blob(name, b"")
        return [blob.name for blob in container.list_blobs()]


def test_the_partner_writes_and_reads(local_azure, url):
    with local_azure.environment("Reader"):
        assert "seven.txt" in write(url, "seven.txt")


def test_even_an_owner_of_the_subscription_may_not_write(local_azure, url):
    with local_azure.environment(), pytest.raises(HttpResponseError) as refused:
        write(url, "mine.txt")

    assert refused.value.error_code == "AuthorizationPermissionMismatch"


def test_a_resource_manager_that_is_busy_is_asked_again(local_azure):
    local_azure.fault("management.azure.com", path="*/storageAccounts/*", status=503)

    assert opened(local_azure, "exchange2") == "https://exchange2.blob.core.windows.net/exchange"

"""Who may do what with blobs, asked by the real client."""

from collections.abc import Iterator

import pytest
import requests
from azure.core.credentials import AzureSasCredential
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.storage.blob import BlobClient, BlobServiceClient

from local_azure_tests.conftest import Running, known
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment", "world_of_blobs")

KEY = "a2V5"
STORAGE = "https://storage.azure.com"
INPUT = "/input?restype=container"
READER_OF_RESOURCES = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


@pytest.fixture(scope="module")
def world_of_blobs(running: Running) -> None:
    world.build(running, ["input", "other"])


@pytest.fixture
def guest(running: Running) -> Iterator[BlobClient]:
    yield world.blobs(world.GUEST).get_blob_client("input", "a")
    running.call(running.azure.authorization.unassign, "guest")


def _give(running: Running, role: str, scope: str) -> None:
    running.call(running.azure.authorization.assign, "guest", world.GUEST.object_id, role, scope)


def test_the_refusal_names_principal_action_and_scope(guest: BlobClient) -> None:
    with pytest.raises(
        HttpResponseError, match="ErrorCode:AuthorizationPermissionMismatch"
    ) as refusal:
        guest.upload_blob(b"1")
    assert refusal.value.status_code == 403
    assert (
        "with object id '00000002-0000-4000-8000-000000000000' does not have authorization to "
        "perform action 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write' "
        f"over scope '{world.CONTAINER}'"
    ) in str(refusal.value.message)


def test_a_role_on_the_container_opens_this_container_alone(
    guest: BlobClient, running: Running
) -> None:
    _give(running, world.CONTRIBUTOR, world.CONTAINER)
    guest.upload_blob(b"1", overwrite=True)
    other = world.blobs(world.GUEST).get_blob_client("other", "a")
    with pytest.raises(HttpResponseError, match="containers/other"):
        other.upload_blob(b"1")


def test_a_reader_reads_and_lists_and_changes_nothing(guest: BlobClient, running: Running) -> None:
    _give(running, world.READER, world.ACCOUNT)
    world.blobs().get_blob_client("input", "a").upload_blob(b"1", overwrite=True)
    service = world.blobs(world.GUEST)
    assert guest.download_blob().readall() == b"1"
    assert "a" in list(service.get_container_client("input").list_blob_names())
    assert {c.name for c in service.list_containers()} >= {"input", "other"}
    with pytest.raises(HttpResponseError, match="blobs/delete"):
        guest.delete_blob()
    with pytest.raises(HttpResponseError, match="containers/write"):
        service.create_container("mine")
    with pytest.raises(HttpResponseError, match="blobs/write"):
        guest.set_blob_metadata({"a": "b"})


def test_a_copy_needs_the_right_to_read_its_source(guest: BlobClient, running: Running) -> None:
    _give(running, world.CONTRIBUTOR, world.CONTAINER)
    world.blobs().get_blob_client("other", "secret").upload_blob(b"1", overwrite=True)
    with pytest.raises(HttpResponseError, match=r"blobs/read'.*containers/other'"):
        guest.start_copy_from_url(f"{world.URL}/other/secret")


def test_a_control_plane_role_gives_no_right_to_data(guest: BlobClient, running: Running) -> None:
    _give(running, READER_OF_RESOURCES, world.ACCOUNT)
    with pytest.raises(HttpResponseError, match="blobs/read"):
        guest.download_blob()


def test_a_contributor_creates_and_deletes_containers_for_resource_manager_too(
    running: Running,
) -> None:
    service, resource_id = world.blobs(), world.CONTAINER.replace("/input", "/made")
    service.create_container("made")
    service.get_container_client("made").get_container_properties()
    running.call(known, running.azure, resource_id)
    service.delete_container("made")
    with pytest.raises(ResourceNotFoundError):
        service.get_container_client("made").get_container_properties()
    assert running.call(running.azure.resources.find, resource_id) is None


@pytest.mark.parametrize(
    ("credential", "status", "code"),
    [
        ({"account_name": world.NAME, "account_key": KEY}, 403, "KeyBasedAuthenticationNot"),
        (AzureSasCredential("sv=2021-12-02&sig=a%3D"), 403, "KeyBasedAuthenticationNot"),
        (None, 401, "NoAuthenticationInformation"),
    ],
    ids=["key", "SAS", "anonymous"],
)
def test_only_tokens_are_accepted(
    credential: dict[str, str] | AzureSasCredential | None, status: int, code: str
) -> None:
    client = BlobServiceClient(world.URL, credential, retry_total=0)
    with pytest.raises(HttpResponseError, match=code) as refusal:
        client.get_blob_client("input", "a").upload_blob(b"1")
    assert refusal.value.status_code == status


def test_a_token_for_another_service_is_refused(running: Running) -> None:
    answer = world.ask(running, "GET", INPUT, audience="https://ml.azure.com")
    found = (answer.status_code, answer.headers["x-ms-error-code"])
    assert found == (401, "InvalidAuthenticationInfo")
    assert "found 'https://ml.azure.com'" in answer.text
    assert "authorization_uri=https://login" in answer.headers["www-authenticate"]


def test_a_token_without_a_service_version_is_refused(running: Running) -> None:
    assert world.ask(running, "GET", INPUT).status_code == 200
    answer = world.ask(running, "GET", INPUT, x_ms_version="")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (403, "AuthenticationFailed")


@pytest.mark.parametrize(
    "host", ["nobody.blob.core.windows.net", f"{world.NAME}.blob.core.chinacloudapi.cn"]
)
def test_an_account_that_is_not_in_a_cloud_is_told_by_its_host_there(host: str) -> None:
    with pytest.raises(ResourceNotFoundError, match=host):
        world.blobs(url=f"https://{host}").get_blob_client("input", "a").upload_blob(b"1")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/input?restype=container&comp=acl", "comp='acl'"),
        ("/input", "GET on a container with restype=''"),
        ("/input/a?restype=container", "GET on a blob with restype='container'"),
        ("/input/a?comp=query", "comp='query'"),
        ("/?restype=service&comp=stats", "comp='stats'"),
        ("/input/a?comp=undelete", "comp='undelete'"),
        ("/input/a?versionid=2026-11-29T00:00:00.0000000Z", "Versions and deleted blobs"),
        ("/input?restype=container&comp=list&include=metadata,deleted", "Versions and deleted"),
        ("/input/a?prefix=b", "'prefix' of GetBlob"),
    ],
)
def test_what_is_not_emulated_is_refused_by_name(path: str, found: str, running: Running) -> None:
    answer = world.ask(running, "GET", path)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (501, "NotEmulated")
    assert found in answer.text


@pytest.mark.parametrize("comp", ["", "comp=metadata&", "comp=blocklist&blocklisttype=all&"])
def test_a_snapshot_may_be_asked_for(comp: str, running: Running) -> None:
    path = f"/input/a?{comp}snapshot=2026-11-29T00:00:00.0000000Z"
    assert world.ask(running, "GET", path).status_code == 404


def test_tables_are_refused_by_name() -> None:
    answer = requests.get(f"https://{world.NAME}.table.core.windows.net/t", timeout=10)
    assert answer.status_code == 501
    assert "Tables are not emulated" in answer.text


def test_an_expired_principal_is_refused(running: Running) -> None:
    gone = world.principal(9, "gone")
    running.call(running.azure.directory.add, gone)
    token = running.call(running.azure.tokens.issue, gone, STORAGE).value
    running.call(running.azure.directory.remove, gone.object_id)
    headers = {"authorization": f"Bearer {token}", "x-ms-version": "2021-12-02"}
    answer = requests.get(f"{world.URL}/input/a", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert "does not exist any more" in answer.text

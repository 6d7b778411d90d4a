"""Blobs through the front, by the real client: what goes in comes out."""

import hashlib
import io
import os
import re
from urllib.parse import unquote

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import BlobClient, ContainerClient

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    world.build(running)


@pytest.fixture
def container() -> ContainerClient:
    return world.blobs().get_container_client("input")


@pytest.fixture
def blob(container: ContainerClient, request: pytest.FixtureRequest) -> BlobClient:
    return container.get_blob_client(request.node.name)


def test_a_large_blob_is_streamed_both_ways() -> None:
    content = os.urandom(24 * 1024 * 1024)
    whole = len(content)
    service = world.blobs(max_single_put_size=whole, max_single_get_size=whole)
    client = service.get_blob_client("input", "large")
    client.upload_blob(io.BytesIO(content), length=whole)
    answer = client.download_blob()
    assert hashlib.sha256(answer.readall()).digest() == hashlib.sha256(content).digest()


def test_metadata_and_content_settings_come_back(blob: BlobClient) -> None:
    # These names are in another order by locale than by character.
    names = {"a_b": "1", "ab": "2", "a1": "3", "A_": "4", "azureml_job": "5", "azuremljob": "6"}
    blob.upload_blob(b"1", metadata=names, overwrite=True)
    metadata = blob.get_blob_properties().metadata
    assert {name.lower(): value for name, value in metadata.items()} == {
        name.lower(): value for name, value in names.items()
    }


def test_a_blob_is_replaced_only_in_the_state_that_was_read(blob: BlobClient) -> None:
    etag = blob.upload_blob(b"1")["etag"]
    blob.upload_blob(b"2", overwrite=True)
    with pytest.raises(ResourceModifiedError):
        blob.upload_blob(
            b"3", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified
        )


def test_a_listing_names_folders_and_blobs(container: ContainerClient) -> None:
    for name in ("tree/a", "tree/deep/b", "tree/deep/c"):
        container.upload_blob(name, b"1", overwrite=True)
    walked = [item.name for item in container.walk_blobs("tree/")]
    assert sorted(walked) == ["tree/a", "tree/deep/"]
    pages = container.list_blob_names(name_starts_with="tree/", results_per_page=1).by_page()
    assert [list(page) for page in pages] == [["tree/a"], ["tree/deep/b"], ["tree/deep/c"]]


def test_a_listing_names_the_account_and_not_azurite(running: Running) -> None:
    path = "/input?restype=container&comp=list&prefix=&maxresults=1"
    text = world.ask(running, "GET", path).text
    assert f'ServiceEndpoint="{world.URL}/"' in text
    assert re.findall("127.0.0.1|pool", text) == []


def test_a_lease_keeps_others_out(blob: BlobClient) -> None:
    blob.upload_blob(b"1", overwrite=True)
    lease = blob.acquire_lease()
    with pytest.raises(HttpResponseError, match="lease"):
        blob.upload_blob(b"2", overwrite=True)
    lease.release()


def test_a_missing_blob_and_a_missing_container_are_told_apart() -> None:
    with pytest.raises(ResourceNotFoundError, match="BlobNotFound"):
        world.blobs().get_blob_client("input", "nothing").download_blob()
    with pytest.raises(ResourceNotFoundError, match="ContainerNotFound"):
        world.blobs().get_blob_client("nowhere", "nothing").download_blob()


def test_a_copy_from_another_account_is_refused_by_name(blob: BlobClient) -> None:
    with pytest.raises(HttpResponseError, match="only within one account") as refusal:
        blob.start_copy_from_url("https://other.blob.core.windows.net/input/a")
    assert refusal.value.status_code == 501


@pytest.mark.parametrize("odd", ["%00", "%01", "a%1Fb", "%7F", "%C2%81", "%EF%BF%BE", "%EF%BF%BF"])
def test_a_name_that_no_listing_could_show_is_refused(running: Running, odd: str) -> None:
    put = world.ask(running, "PUT", f"/input/{odd}", b"x", x_ms_blob_type="BlockBlob")
    listed = world.ask(running, "GET", f"/input?restype=container&comp=list&prefix={odd}")

    assert (put.status_code, put.headers["x-ms-error-code"]) == (400, "InvalidUri")
    assert listed.status_code == 400
    assert unquote(odd) not in world.blobs().get_container_client("input").list_blob_names()


def test_a_look_for_a_missing_blob_leaves_the_connection_to_the_next_request(
    running: Running,
) -> None:
    answer = world.ask(running, "HEAD", "/input/missing")

    assert (answer.status_code, answer.headers.get("transfer-encoding")) == (404, "chunked")


def test_the_body_of_a_read_is_passed_over(running: Running) -> None:
    path = "/input?restype=container&comp=list"
    assert world.ask(running, "GET", path, b"x" * 99).status_code == 200


@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE a><BlockList/>"])
def test_what_azurite_would_choke_on_is_refused(running: Running, body: bytes) -> None:
    answer = world.ask(running, "PUT", "/input/odd?comp=blocklist", body)

    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, "InvalidXmlDocument")


@pytest.mark.parametrize(("comp", "tags"), [("", {"x_ms_tags": "a=1"}), ("?comp=tags", {})])
def test_index_tags_are_refused(running: Running, comp: str, tags: dict[str, str]) -> None:
    blob = world.ask(running, "PUT", f"/input/odd{comp}", b"x", x_ms_blob_type="BlockBlob", **tags)

    assert blob.status_code == 501


def test_a_deleted_account_leaves_nothing_to_the_next_one(running: Running) -> None:
    storage = running.azure.storage
    running.call(world.account, running.azure, "brief")
    running.run(storage.provision("brief"))
    running.run(storage.create_container("brief", "input"))
    owner, scope = world.WRITER.object_id, world.ACCOUNT.replace("drops", "brief")
    running.call(running.azure.authorization.assign, "brief", owner, world.CONTRIBUTOR, scope)
    brief = world.blobs(url="https://brief.blob.core.windows.net")
    brief.get_blob_client("input", "a").upload_blob(b"1")
    running.run(storage.delete_account("brief"))
    with pytest.raises(ResourceNotFoundError):
        brief.get_blob_client("input", "a").download_blob()
    running.run(storage.provision("brief"))
    assert [each.name for each in brief.list_containers()] == []
    running.run(storage.delete_account("brief"))
    running.run(storage.delete_account("brief"))


def test_containers_are_created_and_deleted_as_often_as_one_likes(running: Running) -> None:
    storage = running.azure.storage
    for _ in range(2):
        running.run(storage.create_container("drops", "again"))
    assert "again" in {each.name for each in world.blobs().list_containers()}
    for _ in range(2):
        running.run(storage.delete_container("drops", "again"))
    assert "again" not in {each.name for each in world.blobs().list_containers()}

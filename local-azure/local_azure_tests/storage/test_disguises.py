"""Requests that say one thing to the front and another to Azurite: none gets by."""

from urllib.parse import quote

import pytest
from yarl import URL

from local_azure_tests.conftest import Running
from local_azure_tests.storage import world

pytestmark = pytest.mark.usefixtures("client_environment")

QUEUE_READER = "19e7f393-937e-4f77-808e-94535e297925"


@pytest.fixture(scope="module", autouse=True)
def built(running: Running) -> None:
    """The guest may read, and write into one container."""
    world.build(running, ["input", "open"])
    running.run(running.azure.storage.create_queue(world.NAME, "work", {}))
    guest, container = world.GUEST.object_id, f"{world.ACCOUNT}/blobServices/default/containers"
    roles = {
        world.READER: f"{container}/input",
        QUEUE_READER: world.ACCOUNT,
        world.CONTRIBUTOR: f"{container}/open",
    }
    for role, scope in roles.items():
        running.call(running.azure.authorization.assign, role, guest, role, scope)


@pytest.fixture(autouse=True)
def filled(client_environment: None) -> None:  # noqa: ARG001 its variables are needed here
    world.blobs().get_blob_client("input", "a").upload_blob(b"1", overwrite=True)
    queue = world.queues().get_queue_client("work")
    queue.clear_messages()
    queue.send_message("1")


def _send(
    running: Running, method: str, service: str, path: str, **headers: str
) -> tuple[int, bytes]:
    """Status and body of the guest's request, whose path is sent as it is."""
    token = running.call(running.azure.tokens.issue, world.GUEST, "https://storage.azure.com")
    url = URL(f"https://{world.NAME}.{service}.core.windows.net{path}", encoded=True)
    sent = {"Authorization": f"Bearer {token.value}", "x-ms-version": "2021-12-02", **headers}

    async def send() -> tuple[int, bytes]:
        async with running.azure.http.request(method, url, headers=sent) as answer:
            return answer.status, await answer.read()

    return running.run(send())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reader_deletes_no_blob_by_naming_another_method_in_a_header(
    running: Running, method: str
) -> None:
    status, _ = _send(running, method, "blob", "/input/a", **{"X-HTTP-Method": "DELETE"})

    assert world.blobs().get_blob_client("input", "a").exists()
    assert status == 501


@pytest.mark.parametrize(
    "query",
    ["peekonly=true&peekonly=true", "peekonly=TRUE", "&".join(["a"] * 1001 + ["peekonly=true"])],
)
def test_a_reader_takes_no_message_by_a_query_that_is_read_in_two_ways(
    running: Running, query: str
) -> None:
    status, _ = _send(running, "GET", "queue", f"/work/messages?{query}")

    assert world.queues().get_queue_client("work").peek_messages()
    assert status in {400, 403}


@pytest.mark.parametrize("path", ["//input?restype=container&comp=list", "/%2Finput/a", "/%FF"])
def test_a_path_that_azurite_reads_in_another_way_is_refused(running: Running, path: str) -> None:
    status, said = _send(running, "GET", "blob", path)

    assert (status, b"<Code>InvalidUri</Code>" in said) == (400, True), said


@pytest.mark.parametrize(
    "source",
    [
        "/open/../input/a",
        "/open/%2E%2e/input/a",
        "/open/..%5c../input/a",
        "/open/.\\..\\../input/a",
        "/open/../../pool000/input/a",
        "//open/a",
        "/open/%FF",
    ],
)
def test_a_copy_reads_no_container_that_its_source_only_leads_to(
    running: Running, source: str
) -> None:
    url = f"https://{world.HOST}{source}"

    status, _ = _send(running, "PUT", "blob", "/open/copy", **{"x-ms-copy-source": url})

    assert status == 400
    assert not world.blobs().get_blob_client("open", "copy").exists()


def test_a_blob_whose_name_has_every_kind_of_character_is_copied(running: Running) -> None:
    name = "a %25 'ü\"+&?#=;:@,$/b"
    world.blobs().get_blob_client("open", name).upload_blob(b"7", overwrite=True)
    url = f"https://{world.HOST}/open/{quote(name, safe='/')}"

    status, _ = _send(running, "PUT", "blob", "/open/copied", **{"x-ms-copy-source": url})

    assert status == 202
    copied = world.blobs().get_blob_client("open", "copied")
    assert copied.download_blob().readall() == b"7"

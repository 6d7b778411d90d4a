"""The same jobs on the real storage front, with Azurite behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from yarl import URL

from local_azure.clouds import STORAGE_AUDIENCE
from local_azure.entra.directory import Principal
from tests.local.machinelearning.world import (
    ARTIFACTS,
    BLOB_CONTRIBUTOR,
    GROUP,
    World,
)

if TYPE_CHECKING:
    from tests.local.conftest import Running

PUBLISHER = Principal(
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
    "ServicePrincipal",
    "publisher",
)
SCRIPT = """
import os
def init():
    global weight
    weight = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "blue", "weights.txt")).read()
def run(files): return [f"{os.path.basename(path)} {open(path).read()} {weight}" for path in files]
"""


class StoredWorld(World):
    """A world whose blobs are storage's own."""

    def _register(self) -> None:
        """The storage service has registered its hosts itself; somebody must fill it."""
        self.azure.directory.add(PUBLISHER)
        self.azure.authorization.assign("publish", PUBLISHER.object_id, BLOB_CONTRIBUTOR, GROUP)

    def blob(self, account: str, container: str, name: str, content: bytes) -> None:
        self.running.run(self._put(account, container, name, content))

    async def _put(self, account: str, container: str, name: str, content: bytes) -> None:
        await self.azure.storage.create_container(account, container)
        status, body = await self._exchange("PUT", account, container, name, content)
        assert status == 201, body

    def content(self, name: str, account: str = "own", container: str = ARTIFACTS) -> str:
        status, body = self.running.run(self._exchange("GET", account, container, name))
        assert status == 200, body
        return body.decode()

    async def _exchange(
        self, method: str, account: str, container: str, name: str, content: bytes | None = None
    ) -> tuple[int, bytes]:
        token = self.azure.tokens.issue(PUBLISHER, STORAGE_AUDIENCE).value
        headers = {
            "authorization": f"Bearer {token}",
            "x-ms-version": "2021-12-02",
            "x-ms-blob-type": "BlockBlob",
        }
        address = f"https://{account}.blob.core.windows.net/{container}/{quote(name)}"
        raw = URL(address, encoded=True)
        async with self.azure.http.request(method, raw, headers=headers, data=content) as answer:
            return answer.status, await answer.read()


@pytest.fixture(scope="module")
def stored(running: Running) -> World:
    world = StoredWorld(running)
    world.deploy("blue", SCRIPT)
    return world


INPUTS = "https://inputs.blob.core.windows.net/inputs"


def test_a_blob_in_storage_becomes_predictions_in_storage(stored: World) -> None:
    stored.blob("inputs", "inputs", "data/a.txt", b"one")

    job = stored.score(f"{INPUTS}/data/a.txt")

    assert job["status"] == "Completed", job
    assert stored.predictions(job) == "a.txt one 7\n"


def test_a_folder_in_storage_is_listed(stored: World) -> None:
    for name in ("b.txt", "a & b.txt", "größe.txt"):
        stored.blob("inputs", "inputs", f"folder/{name}", b"x")

    job = stored.score(f"{INPUTS}/folder/", "UriFolder")

    assert job["status"] == "Completed", job
    assert sorted(stored.predictions(job).splitlines()) == [
        "a & b.txt x 7",
        "b.txt x 7",
        "größe.txt x 7",
    ]


def test_an_output_that_exists_stays(stored: World) -> None:
    stored.blob("inputs", "inputs", "data/a.txt", b"one")
    stored.blob("own", ARTIFACTS, "taken.csv", b"mine")
    output = {
        "JobOutputType": "UriFile",
        "Uri": "azureml://datastores/workspaceblobstore/paths/taken.csv",
    }

    job = stored.score(f"{INPUTS}/data/a.txt", OutputData={"score": output})

    assert "the path already exists" in job["error"]
    assert stored.content("taken.csv") == "mine"


@pytest.mark.parametrize("grant", ["read", "mount", "write"])
def test_without_a_blob_role_the_job_says_who_lacks_what(stored: World, grant: str) -> None:
    stored.blob("inputs", "inputs", "data/a.txt", b"one")
    stored.running.call(stored.azure.authorization.unassign, grant)
    try:
        job = stored.score(f"{INPUTS}/data/a.txt")
    finally:
        stored.running.call(stored.grant_all)

    assert job["status"] == "Failed"
    assert ("'invoker'" if grant == "read" else "'compute'") in job["error"]
    assert "Microsoft.Storage/storageAccounts/" in job["error"]


@pytest.mark.parametrize(
    "name", ["it's.txt", 'say "hi".txt', "50%25.txt", "a#b.txt", "a+b c?.txt", "数" * 300]
)
def test_a_hostile_name_comes_through_storage(stored: World, name: str) -> None:
    stored.blob("inputs", "inputs", f"hostile/{name}", b"one")

    job = stored.score(f"{INPUTS}/hostile/{quote(name)}")

    assert job["status"] == "Completed", job
    assert stored.predictions(job) == f"{name} one 7\n"

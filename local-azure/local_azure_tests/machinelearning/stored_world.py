"""The world of the other tests, with blobs in storage itself."""

from __future__ import annotations

from urllib.parse import quote

from yarl import URL

from local_azure.control_plane.clouds import STORAGE_AUDIENCE
from local_azure.control_plane.entra.directory import Principal
from local_azure_tests.machinelearning.world import ARTIFACTS, BLOB_CONTRIBUTOR, GROUP, World

PUBLISHER = Principal(
    "aaaaaaaa-0000-4000-8000-000000000001",
    "aaaaaaaa-0000-4000-8000-000000000002",
    "ServicePrincipal",
    "publisher",
)


class StoredWorld(World):
    """A world whose blobs are storage's own."""

    def _register(self) -> None:
        """The storage service has registered its hosts itself; somebody must fill it."""
        self.azure.directory.add(PUBLISHER)
        self.azure.authorization.assign("publish", PUBLISHER.object_id, BLOB_CONTRIBUTOR, GROUP)

    def _build(self) -> None:
        super()._build()
        self.running.run(self.azure.storage.create_container("own", "azureml"))

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

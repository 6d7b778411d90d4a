"""Containers through azure-storage-blob, with bounded memory and patience for lost connections."""

from typing import Any

from azure.core.credentials import TokenCredential
from azure.storage.blob import ContainerClient, ExponentialRetry

BLOCK = 8 * 1024 * 1024
"""Bytes of a block: what is in memory is a few of them, however big the file."""

PARALLEL = 2
"""Blocks under way at a time."""

MOST_BLOCKS = 50_000
"""Blocks of a blob at most (D:storage/blobs/scalability-targets)."""

SCOPE = "https://storage.azure.com/.default"
RETRIES = 7
CONNECT_SECONDS = 20
READ_SECONDS = 120


class Patience(ExponentialRetry):
    """1, 2, 4 … 64 seconds, about two minutes; longer where the service asks for it."""

    def __init__(self) -> None:
        super().__init__(
            initial_backoff=0, increment_base=2, retry_total=RETRIES, random_jitter_range=0
        )

    def get_backoff_time(self, settings: dict[str, Any]) -> float:
        """Seconds before the next attempt."""
        asked = _asked_for(settings)
        return float(2 ** (settings["count"] - 1)) if asked is None else asked


def container(url: str, credential: TokenCredential, *, block: int = BLOCK) -> ContainerClient:
    """A client of a container.

    Args:
        url: ``https://<account>.blob.<suffix>/<container>``.
        credential: signs in.
        block: bytes of a block.

    Raises:
        ClientAuthenticationError: nobody is signed in. It is found out at once: the storage client
            would try for two minutes.
    """
    credential.get_token(SCOPE)
    return ContainerClient.from_container_url(
        url,
        credential,
        max_single_put_size=block,
        max_block_size=block,
        max_single_get_size=block,
        max_chunk_get_size=block,
        retry_policy=Patience(),
        connection_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
    )


def block_for(size: int) -> int:
    """Bytes of a block for a file of this size: as small as the number of blocks allows."""
    needed = -(-size // MOST_BLOCKS)
    return max(BLOCK, -(-needed // 2**20) * 2**20)


def _asked_for(settings: dict[str, Any]) -> float | None:
    """``Retry-After`` of the last answer, in seconds."""
    last = settings["history"][-1].http_response if settings["history"] else None
    text = last.headers.get("Retry-After", "") if last is not None else ""
    return float(text) if text.isdecimal() else None

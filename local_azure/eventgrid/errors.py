"""What Event Grid refuses."""

from __future__ import annotations


class FilterError(ValueError):
    """An advanced filter that Event Grid does not know or would refuse."""


class HandshakeError(Exception):
    """A webhook that did not prove that it wants events."""

    def __init__(self, endpoint: str, came_back: str) -> None:
        super().__init__(
            f"Webhook validation handshake failed for {endpoint}. Expected is status 200 within "
            f'30 seconds with the body {{"validationResponse": "<validationCode>"}}; {came_back}'
        )

"""Somebody who calls Resource Manager's host with a token of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running


@dataclass
class Client:
    """Somebody with a token."""

    running: Running
    who: Principal = DEPLOYER
    headers: Mapping[str, str] = field(default_factory=dict)
    """What each request has beside the token."""

    def ask(
        self, path: str, version: str | None, method: str = "GET", body: Any = None, **query: str
    ) -> tuple[int, Any]:
        """The status and the body of an answer; ``query`` without dollar signs."""
        azure = self.running.azure
        token = self.running.call(azure.tokens.issue, self.who, "https://management.azure.com")
        asked = {f"${key}" if key.islower() else key: value for key, value in query.items()}
        asked |= {"api-version": version} if version else {}

        async def exchange() -> tuple[int, Any]:
            sent = {"authorization": f"Bearer {token.value}", **self.headers}
            async with azure.http.request(
                method,
                f"https://management.azure.com{path}",
                params=asked,
                headers=sent,
                json=body,
            ) as answer:
                return answer.status, await answer.json() if await answer.read() else None

        return self.running.run(exchange())

    def names(self, path: str, version: str, **query: str) -> list[str]:
        """Names in a list."""
        status, told = self.ask(path, version, **query)
        assert status == 200, told
        return [each["name"] for each in told["value"]]

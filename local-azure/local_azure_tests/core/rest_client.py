"""Somebody who calls Azure's hosts with a token of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from yarl import URL

from local_azure.azure import Azure
from local_azure.catalogue import TYPES
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.resource_manager import versions
from local_azure.control_plane.resource_manager.resource_type import ResourceType
from local_azure.control_plane.tenant import DEPLOYER
from local_azure_tests.conftest import Running

ARM = "https://management.azure.com"


def kind_of(resource_id: str) -> ResourceType:
    """The type of a resource."""
    return next(kind for kind in TYPES if kind.parse(resource_id))


class Answer(NamedTuple):
    """What came back; its body is None where it is empty, and a text where it is no JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]


async def exchange(azure: Azure, method: str, url: str | URL, **sent: Any) -> Answer:
    """One exchange with a host; what is sent is named as aiohttp names it."""
    async with azure.http.request(method, url, **sent) as answer:
        is_json = "json" in answer.content_type and await answer.read()
        body = await answer.json() if is_json else await answer.text() or None
        return Answer(answer.status, body, answer.headers)


def refusal(answer: tuple[int, Any], *statuses: int) -> str:
    """What a refusal says, whose status is one of these."""
    status, told = answer
    assert status in statuses, told
    return str(told["error"]["message"])


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    """The status and the code of a refusal."""
    status, told = answer
    return status, told["error"]["code"]


@dataclass
class Client:
    """Somebody with a token for an audience; without an audience nobody."""

    running: Running
    who: Principal = DEPLOYER
    headers: Mapping[str, str] = field(default_factory=dict)
    """What each request has beside the token."""
    audience: str = ARM

    @classmethod
    def somebody(cls, running: Running, role: str = "", scope: str = "") -> Client:
        """A new service principal, with one role or none."""
        who = Principal(str(uuid4()), str(uuid4()), "ServicePrincipal", "somebody")
        running.call(running.azure.directory.add, who)
        if role:
            assign = running.azure.authorization.assign
            running.call(assign, who.object_id, who.object_id, role, scope)
        return cls(running, who)

    def exchange(self, method: str, url: str | URL, **sent: Any) -> Answer:
        """One exchange; what is sent is named as aiohttp names it."""
        azure, headers = self.running.azure, dict(self.headers)
        if self.audience:
            token = self.running.call(azure.tokens.issue, self.who, self.audience)
            headers["authorization"] = f"Bearer {token.value}"
        return self.running.run(exchange(azure, method, url, headers=headers, **sent))

    def ask(
        self, path: str, version: str | None, method: str = "GET", body: Any = None, **query: str
    ) -> tuple[int, Any]:
        """Resource Manager's status and body; ``query`` without dollar signs."""
        asked = {f"${key}" if key.islower() else key: value for key, value in query.items()}
        asked |= {"api-version": version} if version else {}
        status, told, _ = self.exchange(method, f"{ARM}{path}", params=asked, json=body)
        return status, told

    def send(
        self, method: str, resource_id: str, body: Any = None, **query: str
    ) -> tuple[int, Any]:
        """The answer about one resource, at the first version that its type takes."""
        version = versions.accepted(kind_of(resource_id))[0]
        return self.ask(resource_id, version, method, body, **query)

    def names(self, path: str, version: str, **query: str) -> list[str]:
        """Names in a list."""
        status, told = self.ask(path, version, **query)
        assert status == 200, told
        return [each["name"] for each in told["value"]]

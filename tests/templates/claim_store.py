"""A container of claims as a template sees it: blobs that are made, read and changed."""

import json
from dataclasses import dataclass, field
from typing import Any

from local_azure.runs.transport import HttpAnswer, HttpRequest
from local_azure_tests.world import answer

HOST = "inputs.blob.core.windows.net"
URI = f"https://{HOST}/handled-events/a-rule"


@dataclass
class ClaimStore:
    """Blobs by URI.

    Attributes:
        blobs: the content of each.
        log: each request's method and status.
        fails: methods that are answered 503.
    """

    blobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[tuple[str, int]] = field(default_factory=list)
    fails: frozenset[str] = frozenset()

    def __call__(self, request: HttpRequest) -> HttpAnswer:
        """Answer as blob storage does."""
        found = answer(503) if request.method in self.fails else self._answer(request)
        self.log.append((request.method, found.status))
        return found

    @property
    def states(self) -> list[str]:
        """The states of all claims."""
        return [each["state"] for each in self.blobs.values()]

    def _answer(self, request: HttpRequest) -> HttpAnswer:
        there = self.blobs.get(request.uri)
        if request.method == "PUT":
            return self._put(request, there)
        if there is None:
            return answer(404)
        if request.method == "DELETE":
            del self.blobs[request.uri]
            return HttpAnswer(202)
        return answer(200, there, ETag=_etag(there))

    def _put(self, request: HttpRequest, there: dict[str, Any] | None) -> HttpAnswer:
        if request.headers.get("If-None-Match") == "*" and there is not None:
            return answer(409)
        wanted = request.headers.get("If-Match")
        if wanted and (there is None or wanted != _etag(there)):
            return answer(412)
        self.blobs[request.uri] = json.loads(request.body)
        return HttpAnswer(201)


def _etag(blob: dict[str, Any]) -> str:
    return f'"{hash(json.dumps(blob))}"'

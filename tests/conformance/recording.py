"""Exchanges as a line each, without ids, people and secrets."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

_TOLD = ("content-type", "location", "retry-after", "server", "azure", "www-authenticate", "x-ms-")
"""How the names of headers begin that are kept."""
_OF_ONE_EXCHANGE = ("request-id", "ratelimit", "routing", "client-", "date", "tracking")
_SECRET = re.compile(
    r"(?i)^(value|.*(secret(text)?|password|sastoken|sas|accesskey|primarykey|secondarykey"
    r"|connectionstring|instrumentationkey|access_token))$"
)
_PEOPLE = re.compile(r"(?i)^(createdBy|lastModifiedBy|userName|userPrincipalName)$")
_TEXTS = (
    (r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000"),
    (r"(?i)\b[0-9a-f]{32}\b", "0" * 32),
    (r"(?i)([?&](?:sig|code|key)=)[^&\s\"]+", r"\1hidden"),
    (r"(?i)((?:AccountKey|SharedAccessKey|InstrumentationKey)=)[^;\s\"]+", r"\1hidden"),
    (r"(?i)(client_secret=)[^&\s\"]+", r"\1hidden"),
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]*", "hidden"),
    (r"[\w.+-]+@[\w-]+\.[\w.-]+", "somebody@example.com"),
    (r"\b\d{1,3}(\.\d{1,3}){3}\b", "192.0.2.1"),
)


class Recording:
    """All exchanges of a run.

    Args:
        names: what stands for names of the run, by each: its subscription, group, stem.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self.lines: list[str] = []

    def hear(self, answer: requests.Response) -> None:
        """Write an exchange down."""
        request, split = answer.request, urlsplit(str(answer.request.url))
        version = re.search(r"api-version=([\w.-]+)", split.query)
        query = re.sub(r"&?api-version=[\w.-]+", "", split.query)
        line = {
            "source": {"repo": None, "path": "make conformance", "strength": "recorded"},
            "method": request.method,
            "url": split._replace(query=query).geturl(),
            "apiVersion": version[1] if version else None,
            "request": _parsed(request.body),
            "status": answer.status_code,
            "headers": {
                name.lower(): value for name, value in answer.headers.items() if _is_told(name)
            },
            "response": _parsed(answer.content),
        }
        self.lines.append(json.dumps(self.clean(line)))

    def clean(self, told: Any, key: str = "") -> Any:
        """Something that was said, without what is nobody's business."""
        if isinstance(told, dict):
            return {self._text(name): self.clean(each, name) for name, each in told.items()}
        if isinstance(told, list):
            return [self.clean(each, key) for each in told]
        if not isinstance(told, str):
            return told
        if _SECRET.match(key):
            return "hidden"
        return "somebody" if _PEOPLE.match(key) else self._text(told)

    def _text(self, told: str) -> str:
        for name, stands in self._names.items():
            told = re.sub(re.escape(name), stands, told, flags=re.IGNORECASE)
        for pattern, instead in _TEXTS:
            told = re.sub(pattern, instead, told)
        return told


def _is_told(name: str) -> bool:
    low = name.lower()
    return low.startswith(_TOLD) and not any(part in low for part in _OF_ONE_EXCHANGE)


def _parsed(content: Any) -> Any:
    text = content.decode(errors="replace") if isinstance(content, bytes) else content
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text

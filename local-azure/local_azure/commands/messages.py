"""``messages``: what was sent to an event hub, a queue or a topic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from local_azure.console_client import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local_azure.home import Home


def show(home: Home, named: str, *, limit: int, as_json: bool) -> str:
    """The last messages, the newest last.

    Raises:
        LocalAzureError: when no server runs, or there is nothing of that name.
    """
    query = urlencode({"entity": named, "limit": limit})
    told = Console.of(home).get(f"/messages?{query}")
    if as_json:
        return json.dumps(told, indent=2)
    return "\n".join(_lines(told))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['id']}: {len(told['messages'])} message(s)"
    for message in told["messages"]:
        yield f"{message['enqueued'][:19].replace('T', ' ')} {message['body']}"
        for kind in ("broker_properties", "user_properties"):
            for name, value in message.get(kind, {}).items():
                yield f"    {name}: {value}"

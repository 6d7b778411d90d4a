"""What the clients of this tier asked Resource Manager for, and got: types, verbs, clients.

Kept while the tests run, and written as a page once all of them have passed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from local_azure.catalogue import TYPES
from local_azure.control_plane.resource_manager.rest import Rest
from tests import PROJECT

TIER = "tests/azure_clients"
PAGE = PROJECT / "local-azure" / "docs" / "clients.md"
CLIENTS = {"az": r"AZURECLI/", "azure-ai-ml": r"azure-ai-ml/", "management SDKs": r"azsdk-python-"}
"""How each names itself, in the header User-Agent."""
_VERBS = ("create", "change", "read", "exists", "list", "delete")
_OF = {"PUT": "create", "PATCH": "change", "GET": "read", "HEAD": "exists", "DELETE": "delete"}
_REFUSED = 400
_SPELT = {kind.arm_type.lower(): kind.arm_type for kind in TYPES}
"""Clients spell types in several ways."""
_HEAD = """# Which clients ask for what

What unmodified clients asked this Azure's Resource Manager for and got, in the last whole run of
the project's `make clients`, which writes this page. `create` is PUT, `change` PATCH, `exists`
HEAD; what is none of these verbs is an action (POST).

| Type | {clients} |
|---|{lines}|
"""

Seen = dict[str, dict[str, set[str]]]


def asked(method: str, path: str) -> tuple[str, str] | None:
    """The type and the verb of a request; None for what is about no type."""
    named = re.sub("/+", "/", path).rpartition("/providers/")[2].strip("/")
    if "/providers/" not in path:
        group = re.fullmatch(r"/subscriptions/[^/]+/resourcegroups(/[^/]+)?", path, re.IGNORECASE)
        named = f"Microsoft.Resources/resourceGroups{group[1] or ''}" if group else ""
    provider, *parts = named.split("/")
    types, action = parts[::2], method == "POST" and len(parts) % 2 == 1
    if not types or not provider.lower().startswith("microsoft."):
        return None
    verb = types.pop() if action else _OF.get(method, method)
    if method == "GET" and len(parts) % 2 == 1:
        verb = "list"
    return "/".join([provider, *types]), verb


@contextmanager
def watched(seen: Seen) -> Iterator[None]:
    """Each request that is answered is counted to whoever sent it."""
    answer = Rest.application

    async def application(self: Rest, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        agent, found = headers.get("user-agent", ""), asked(scope["method"], scope["path"])
        client = next((name for name, says in CLIENTS.items() if re.search(says, agent)), None)

        async def told(message: Any) -> None:
            if found and client and message.get("status", _REFUSED) < _REFUSED:
                seen[_SPELT.get(found[0].lower(), found[0])][client].add(found[1])
            await send(message)

        await answer(self, scope, receive, told)

    with mock.patch.object(Rest, "application", application):
        yield


def nothing_yet() -> Seen:
    """No request of any client."""
    return defaultdict(lambda: defaultdict(set))


def page(seen: Seen) -> str:
    """The page, in Markdown."""
    head = _HEAD.format(clients=" | ".join(CLIENTS), lines="|".join(["---"] * len(CLIENTS)))
    rows = [
        f"| {arm_type} | {' | '.join(_said(by[each]) for each in CLIENTS)} |\n"
        for arm_type, by in sorted(seen.items())
    ]
    return head + "".join(rows)


def _said(verbs: set[str]) -> str:
    return ", ".join([*(each for each in _VERBS if each in verbs), *sorted(verbs - {*_VERBS})])

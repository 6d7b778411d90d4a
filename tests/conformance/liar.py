"""An embedded Azure that answers otherwise in ten places."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GROUP = "resource_manager: a group that does not exist is told by its name"
_TOKEN = "key_vault: a call without a token is challenged"
_MODEL = "machine_learning: a model that does not exist has its code in the details"
_ROLE = "roles: a role that does not exist is not found by its id"
_QUEUE = "storage: a queue is told with its messages’ number"  # noqa: RUF001 as its file has it
_CONTAINER = "storage: a container is told with its lease and its holds"
_HUB = "messaging: an event hub is told with its partitions"
_EVENTS = "event_grid: a subscription whose topic’s identity delivers tells no other destination"  # noqa: RUF001 as its file has it
_CANCELLED = "data_factory: a cancelled run is answered with nothing"
_COMPONENT = "insights: a component is of a type in small letters"


_ABSENT = object()


@dataclass(frozen=True)
class Lie:
    """One place where it answers otherwise.

    Attributes:
        asked: pattern of method, host and path.
        fact: of which the report has to speak.
        told: by the path in the report, what stands there, or a function of what did; the first
            is where the report has to tell it.
    """

    asked: str
    fact: str
    told: dict[str, Any] = field(repr=False)

    @property
    def where(self) -> str:
        """The path that the report has to name."""
        return next(iter(self.told))


_ARM = r"management\.azure\.com/.*"
_LATER = {"status": 202, "tells.azure-asyncoperation": "https://management.azure.com/later"}
_GONE = {"status": 404, "body": {"error": {"code": "ResourceNotFound", "message": "No."}}}
_ORDER = {"body.properties.filter.includedEventTypes[0]": lambda types: types[::-1]}
LIES = (
    Lie(f"GET {_ARM}/resourceGroups/none/", _GROUP, {"status": 409}),
    Lie(
        r"GET cf\w+-vault\.vault\.azure\.net/secrets$",
        _TOKEN,
        {"tells.www-authenticate": "Bearer realm=elsewhere"},
    ),
    Lie(f"GET {_ARM}/models/gone/", _MODEL, {"body.error.code": "NotFound"}),
    Lie(f"GET {_ARM}/roleDefinitions/44444444-", _ROLE, {"body.error.message": "No such role."}),
    Lie(f"GET {_ARM}/queues/work$", _QUEUE, {"body.properties.approximateMessageCount": _ABSENT}),
    Lie(f"GET {_ARM}inputs/.*/dead-letters$", _CONTAINER, {"body.properties.immutable": None}),
    Lie(f"GET {_ARM}/eventhubs/hub$", _HUB, {"body.properties.partitionCount": "4"}),
    Lie(f"GET {_ARM}-by-identity$", _EVENTS, _ORDER),
    Lie(f"POST {_ARM}/pipelineruns/(?!someGuid).*/cancel$", _CANCELLED, _LATER),
    Lie(f"GET {_ARM}/components/cf\\w+-insights$", _COMPONENT, _GONE),
)


def lying(application: ASGIApp) -> ASGIApp:
    """The same, but for the ten places."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        lie = _lie(scope)
        if lie is None:
            await application(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await application(scope, receive, hold)
        for message in _changed(lie, held):
            await send(message)

    return answer


def _lie(scope: Scope) -> Lie | None:
    if scope["type"] != "http":
        return None
    host = dict(scope["headers"]).get(b"host", b"").decode()
    asked = f"{scope['method']} {host}{scope['path']}"
    return next((lie for lie in LIES if re.search(lie.asked, asked)), None)


def _changed(lie: Lie, held: list[Message]) -> list[Message]:
    start, content = held[0], b"".join(each.get("body", b"") for each in held[1:])
    told = {
        "status": start["status"],
        "tells": {name.decode(): value.decode() for name, value in start["headers"]},
        "body": json.loads(content) if content else None,
    }
    for path, value in lie.told.items():
        _change(told, path, value)
    body = json.dumps(told["body"]).encode() if told["body"] is not None else b""
    headers = {**told["tells"], "content-length": str(len(body))}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return [
        {**start, "status": told["status"], "headers": pairs},
        {"type": "http.response.body", "body": body},
    ]


def _change(told: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.removesuffix("[0]").split(".")
    for part in way:
        told = told[part]
    if value is _ABSENT:
        del told[last]
    else:
        told[last] = value(told[last]) if callable(value) else value

"""An embedded Azure that answers otherwise in ten places."""

import json
import re
from collections.abc import Callable
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


@dataclass
class Answer:
    """What is on its way to who asked."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Lie:
    """One place where it answers otherwise.

    Attributes:
        asked: pattern of method, host and path.
        told: changes the answer.
        fact: of which the report has to speak.
        where: the path in it.
    """

    asked: str
    told: Callable[[Answer], None] = field(repr=False)
    fact: str
    where: str


def _status(answer: Answer) -> None:
    answer.status = 409


def _header(answer: Answer) -> None:
    answer.headers["www-authenticate"] = "Bearer realm=elsewhere"


def _code(answer: Answer) -> None:
    answer.body["error"]["code"] = "NotFound"


def _message(answer: Answer) -> None:
    answer.body["error"]["message"] = "No such role."


def _less(answer: Answer) -> None:
    del answer.body["properties"]["approximateMessageCount"]


def _more(answer: Answer) -> None:
    answer.body["properties"]["immutable"] = None


def _type(answer: Answer) -> None:
    answer.body["properties"]["partitionCount"] = "4"


def _order(answer: Answer) -> None:
    answer.body["properties"]["filter"]["includedEventTypes"].reverse()


def _later(answer: Answer) -> None:
    answer.status = 202
    answer.headers |= {"azure-asyncoperation": "https://management.azure.com/later"}


def _gone(answer: Answer) -> None:
    answer.status, answer.body = 404, {"error": {"code": "ResourceNotFound", "message": "No."}}


_ARM = r"management\.azure\.com/.*"
LIES = (
    Lie(f"GET {_ARM}/resourceGroups/none/", _status, _GROUP, "status"),
    Lie(r"GET cf\w+-vault\.vault\.azure\.net/secrets$", _header, _TOKEN, "tells.www-authenticate"),
    Lie(f"GET {_ARM}/models/gone/", _code, _MODEL, "body.error.code"),
    Lie(f"GET {_ARM}/roleDefinitions/44444444-", _message, _ROLE, "body.error.message"),
    Lie(f"GET {_ARM}/queues/work$", _less, _QUEUE, "body.properties.approximateMessageCount"),
    Lie(f"GET {_ARM}inputs/.*/dead-letters$", _more, _CONTAINER, "body.properties.immutable"),
    Lie(f"GET {_ARM}/eventhubs/hub$", _type, _HUB, "body.properties.partitionCount"),
    Lie(
        f"GET {_ARM}-by-identity$", _order, _EVENTS, "body.properties.filter.includedEventTypes[0]"
    ),
    Lie(f"POST {_ARM}/pipelineruns/(?!someGuid).*/cancel$", _later, _CANCELLED, "status"),
    Lie(f"GET {_ARM}/components/cf\\w+-insights$", _gone, _COMPONENT, "status"),
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
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    told = Answer(start["status"], headers, json.loads(content) if content else None)
    lie.told(told)
    body = json.dumps(told.body).encode() if told.body is not None else b""
    headers = {**told.headers, "content-length": str(len(body))}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return [
        {**start, "status": told.status, "headers": pairs},
        {"type": "http.response.body", "body": body},
    ]

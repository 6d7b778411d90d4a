"""The queue service's operations, and the actions that a caller needs for each.

Source: learn.microsoft.com, rest/api/storageservices "Authorize with Microsoft Entra ID",
table "Permissions for queue service operations".
"""

from __future__ import annotations

from dataclasses import dataclass

_SERVICE = "Microsoft.Storage/storageAccounts/queueServices"
_QUEUES = f"{_SERVICE}/queues"
_MESSAGES = f"{_QUEUES}/messages"


@dataclass(frozen=True)
class QueueOperation:
    """One operation.

    Attributes:
        name: as the REST reference has it.
        alternatives: lists of actions; every action of one list is needed.
        data: whether they are data actions.
    """

    name: str
    alternatives: tuple[tuple[str, ...], ...]
    data: bool = True


def _control(name: str, action: str) -> QueueOperation:
    return QueueOperation(name, ((action,),), data=False)


def _data(name: str, *alternatives: tuple[str, ...]) -> QueueOperation:
    return QueueOperation(
        name, tuple(tuple(f"{_MESSAGES}/{one}" for one in actions) for actions in alternatives)
    )


_TABLE: dict[tuple[str, str, str], QueueOperation] = {
    ("service", "GET", "list"): _control("ListQueues", f"{_QUEUES}/read"),
    ("service", "GET", "properties"): _control("GetQueueServiceProperties", f"{_SERVICE}/read"),
    ("queue", "PUT", ""): _control("CreateQueue", f"{_QUEUES}/write"),
    ("queue", "PUT", "metadata"): _control("SetQueueMetadata", f"{_QUEUES}/write"),
    ("queue", "GET", "metadata"): _control("GetQueueMetadata", f"{_QUEUES}/read"),
    ("queue", "HEAD", "metadata"): _control("GetQueueMetadata", f"{_QUEUES}/read"),
    ("queue", "DELETE", ""): _control("DeleteQueue", f"{_QUEUES}/delete"),
    ("messages", "POST", ""): _data("PutMessage", ("add/action",), ("write",)),
    ("messages", "GET", ""): _data("GetMessages", ("process/action",), ("delete", "read")),
    ("messages", "DELETE", ""): _data("ClearMessages", ("delete",)),
    ("message", "DELETE", ""): _data("DeleteMessage", ("process/action",), ("delete",)),
    ("message", "PUT", ""): _data("UpdateMessage", ("write",)),
}
PEEK_MESSAGES = _data("PeekMessages", ("read",))


def find(level: str, method: str, comp: str) -> QueueOperation | None:
    """The operation on the ``service``, a ``queue``, its ``messages`` or a ``message``, or None."""
    return _TABLE.get((level, method, comp))

"""The blob and the queue service's operations, and the actions that a caller needs for each.

Sources: learn.microsoft.com, rest/api/storageservices "Authorize with Microsoft Entra ID", tables
"Permissions for calling data operations" and "Permissions for queue service operations"; the
parameters of each operation by its own page.
``PutBlob`` on a name that does not exist yet is documented to be allowed by ``blobs/add/action``
alone; here it always needs ``blobs/write``.
"""

from dataclasses import dataclass

_ACCOUNT = "Microsoft.Storage/storageAccounts"
_BLOBS = f"{_ACCOUNT}/blobServices/containers/blobs"
BLOB_READ = f"{_BLOBS}/read"
"""What the source of a copy needs."""
_MESSAGES = f"{_ACCOUNT}/queueServices/queues/messages"
_PAGE = ("prefix", "marker", "maxresults", "include")
_HEEDS = {
    "ListContainers": _PAGE,
    "ListQueues": _PAGE,
    "ListBlobs": (*_PAGE, "delimiter"),
    "PutBlock": ("blockid",),
    "GetBlockList": ("snapshot", "blocklisttype"),
    "AbortCopyBlob": ("copyid",),
    "GetBlob": ("snapshot",),
    "GetBlobMetadata": ("snapshot",),
    "GetPageRanges": ("snapshot",),
    "SetBlobTier": ("snapshot",),
    "DeleteBlob": ("snapshot",),
    "PutMessage": ("visibilitytimeout", "messagettl"),
    "GetMessages": ("numofmessages", "visibilitytimeout", "peekonly"),
    "PeekMessages": ("numofmessages", "peekonly"),
    "UpdateMessage": ("popreceipt", "visibilitytimeout"),
    "DeleteMessage": ("popreceipt",),
}
"""The query's parameters that an operation heeds, beside those of all."""


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        name: as the REST reference has it.
        alternatives: lists of actions; every action of one list is needed.
        data: whether they are data actions.
        event: whether Event Grid hears of it.
    """

    name: str
    alternatives: tuple[tuple[str, ...], ...]
    data: bool = True
    event: bool = False

    @property
    def heeds(self) -> set[str]:
        """The query's parameters that mean something to it; nothing here takes a time-out long."""
        return {"restype", "comp", "timeout", *_HEEDS.get(self.name, ())}


def _containers(name: str, action: str) -> Operation:
    return Operation(name, ((f"{_ACCOUNT}/blobServices/{action}",),), data=False)


def _queues(name: str, action: str) -> Operation:
    return Operation(name, ((f"{_ACCOUNT}/queueServices/{action}",),), data=False)


def _data(name: str, *actions: str, event: bool = False) -> Operation:
    return Operation(name, tuple((f"{_BLOBS}/{action}",) for action in actions), event=event)


def _message(name: str, *alternatives: tuple[str, ...]) -> Operation:
    return Operation(
        name, tuple(tuple(f"{_MESSAGES}/{one}" for one in each) for each in alternatives)
    )


_TABLE = {
    ("service", "GET", "list"): _containers("ListContainers", "containers/read"),
    ("service", "GET", "properties"): _containers("GetBlobServiceProperties", "read"),
    ("container", "PUT", ""): _containers("CreateContainer", "containers/write"),
    ("container", "PUT", "metadata"): _containers("SetContainerMetadata", "containers/write"),
    ("container", "PUT", "lease"): _containers("LeaseContainer", "containers/write"),
    ("container", "DELETE", ""): _containers("DeleteContainer", "containers/delete"),
    ("container", "GET", "list"): _data("ListBlobs", "read"),
    ("blob", "PUT", ""): _data("PutBlob", "write", event=True),
    ("blob", "PUT", "blocklist"): _data("PutBlockList", "write", event=True),
    ("blob", "PUT", "block"): _data("PutBlock", "write"),
    ("blob", "PUT", "appendblock"): _data("AppendBlock", "write", "add/action"),
    ("blob", "PUT", "page"): _data("PutPage", "write"),
    ("blob", "PUT", "metadata"): _data("SetBlobMetadata", "write"),
    ("blob", "PUT", "properties"): _data("SetBlobProperties", "write"),
    ("blob", "PUT", "tier"): _data("SetBlobTier", "write"),
    ("blob", "PUT", "lease"): _data("LeaseBlob", "write"),
    ("blob", "PUT", "snapshot"): _data("SnapshotBlob", "write", "add/action"),
    ("blob", "PUT", "copy"): _data("AbortCopyBlob", "write"),
    ("blob", "GET", "blocklist"): _data("GetBlockList", "read"),
    ("blob", "GET", "pagelist"): _data("GetPageRanges", "read"),
    ("blob", "DELETE", ""): _data("DeleteBlob", "delete", event=True),
}
"""By level, method and the parameter ``comp``."""
for _method in ("GET", "HEAD"):
    _TABLE |= {
        ("container", _method, ""): _containers("GetContainerProperties", "containers/read"),
        ("container", _method, "metadata"): _containers("GetContainerMetadata", "containers/read"),
        ("blob", _method, ""): _data("GetBlob", "read"),
        ("blob", _method, "metadata"): _data("GetBlobMetadata", "read"),
    }
_OF_QUEUES = {
    ("service", "GET", "list"): _queues("ListQueues", "queues/read"),
    ("service", "GET", "properties"): _queues("GetQueueServiceProperties", "read"),
    ("queue", "PUT", ""): _queues("CreateQueue", "queues/write"),
    ("queue", "PUT", "metadata"): _queues("SetQueueMetadata", "queues/write"),
    ("queue", "GET", "metadata"): _queues("GetQueueMetadata", "queues/read"),
    ("queue", "HEAD", "metadata"): _queues("GetQueueMetadata", "queues/read"),
    ("queue", "DELETE", ""): _queues("DeleteQueue", "queues/delete"),
    ("messages", "POST", ""): _message("PutMessage", ("add/action",), ("write",)),
    ("messages", "GET", ""): _message("GetMessages", ("process/action",), ("delete", "read")),
    ("messages", "DELETE", ""): _message("ClearMessages", ("delete",)),
    ("message", "DELETE", ""): _message("DeleteMessage", ("process/action",), ("delete",)),
    ("message", "PUT", ""): _message("UpdateMessage", ("write",)),
}
COPY_BLOB = _data("CopyBlob", "write", event=True)
PEEK_MESSAGES = _message("PeekMessages", ("read",))


def find(level: str, method: str, comp: str) -> Operation | None:
    """The operation of a request on a ``service``, ``container`` or ``blob``, or None."""
    return _TABLE.get((level, method, comp))


def find_of_queues(level: str, method: str, comp: str) -> Operation | None:
    """The operation on the ``service``, a ``queue``, its ``messages`` or a ``message``, or None."""
    return _OF_QUEUES.get((level, method, comp))

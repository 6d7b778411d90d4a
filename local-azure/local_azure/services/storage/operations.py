"""The blob and the queue service's operations, and the actions that a caller needs for each.

Sources: learn.microsoft.com, rest/api/storageservices "Authorize with Microsoft Entra ID", tables
"Permissions for calling data operations" and "Permissions for queue service operations".
``PutBlob`` on a name that does not exist yet is documented to be allowed by ``blobs/add/action``
alone; here it always needs ``blobs/write``.
"""

from dataclasses import dataclass

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_CONTAINERS = f"{_SERVICE}/containers"
_BLOBS = f"{_CONTAINERS}/blobs"
BLOB_READ = f"{_BLOBS}/read"
"""What the source of a copy needs."""
_QUEUE_SERVICE = "Microsoft.Storage/storageAccounts/queueServices"
_QUEUES = f"{_QUEUE_SERVICE}/queues"


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


def _control(name: str, action: str) -> Operation:
    return Operation(name, ((action,),), data=False)


def _data(name: str, *actions: str, event: bool = False) -> Operation:
    return Operation(name, tuple((f"{_BLOBS}/{action}",) for action in actions), event=event)


def _message(name: str, *alternatives: tuple[str, ...]) -> Operation:
    return Operation(
        name,
        tuple(tuple(f"{_QUEUES}/messages/{one}" for one in each) for each in alternatives),
    )


_READ = ("GET", "HEAD")
_Key = tuple[str, str, str, str]
"""Level, method, and the parameters ``restype`` and ``comp``."""
_TABLE: dict[_Key, Operation] = {
    ("service", "GET", "", "list"): _control("ListContainers", f"{_CONTAINERS}/read"),
    ("service", "GET", "service", "properties"): _control(
        "GetBlobServiceProperties", f"{_SERVICE}/read"
    ),
    ("container", "PUT", "container", ""): _control("CreateContainer", f"{_CONTAINERS}/write"),
    ("container", "PUT", "container", "metadata"): _control(
        "SetContainerMetadata", f"{_CONTAINERS}/write"
    ),
    ("container", "PUT", "container", "lease"): _control("LeaseContainer", f"{_CONTAINERS}/write"),
    ("container", "DELETE", "container", ""): _control("DeleteContainer", f"{_CONTAINERS}/delete"),
    ("container", "GET", "container", "list"): _data("ListBlobs", "read"),
    ("blob", "PUT", "", ""): _data("PutBlob", "write", event=True),
    ("blob", "PUT", "", "blocklist"): _data("PutBlockList", "write", event=True),
    ("blob", "PUT", "", "block"): _data("PutBlock", "write"),
    ("blob", "PUT", "", "appendblock"): _data("AppendBlock", "write", "add/action"),
    ("blob", "PUT", "", "page"): _data("PutPage", "write"),
    ("blob", "PUT", "", "metadata"): _data("SetBlobMetadata", "write"),
    ("blob", "PUT", "", "properties"): _data("SetBlobProperties", "write"),
    ("blob", "PUT", "", "tier"): _data("SetBlobTier", "write"),
    ("blob", "PUT", "", "lease"): _data("LeaseBlob", "write"),
    ("blob", "PUT", "", "snapshot"): _data("SnapshotBlob", "write", "add/action"),
    ("blob", "PUT", "", "copy"): _data("AbortCopyBlob", "write"),
    ("blob", "GET", "", "blocklist"): _data("GetBlockList", "read"),
    ("blob", "GET", "", "pagelist"): _data("GetPageRanges", "read"),
    ("blob", "DELETE", "", ""): _data("DeleteBlob", "delete", event=True),
}
_TABLE |= {
    key: operation
    for method in _READ
    for key, operation in {
        ("container", method, "container", ""): _control(
            "GetContainerProperties", f"{_CONTAINERS}/read"
        ),
        ("container", method, "container", "metadata"): _control(
            "GetContainerMetadata", f"{_CONTAINERS}/read"
        ),
        ("blob", method, "", ""): _data("GetBlob", "read"),
        ("blob", method, "", "metadata"): _data("GetBlobMetadata", "read"),
    }.items()
}
COPY_BLOB = _data("CopyBlob", "write", event=True)
_OF_QUEUES: dict[tuple[str, str, str], Operation] = {
    ("service", "GET", "list"): _control("ListQueues", f"{_QUEUES}/read"),
    ("service", "GET", "properties"): _control(
        "GetQueueServiceProperties", f"{_QUEUE_SERVICE}/read"
    ),
    ("queue", "PUT", ""): _control("CreateQueue", f"{_QUEUES}/write"),
    ("queue", "PUT", "metadata"): _control("SetQueueMetadata", f"{_QUEUES}/write"),
    ("queue", "GET", "metadata"): _control("GetQueueMetadata", f"{_QUEUES}/read"),
    ("queue", "HEAD", "metadata"): _control("GetQueueMetadata", f"{_QUEUES}/read"),
    ("queue", "DELETE", ""): _control("DeleteQueue", f"{_QUEUES}/delete"),
    ("messages", "POST", ""): _message("PutMessage", ("add/action",), ("write",)),
    ("messages", "GET", ""): _message("GetMessages", ("process/action",), ("delete", "read")),
    ("messages", "DELETE", ""): _message("ClearMessages", ("delete",)),
    ("message", "DELETE", ""): _message("DeleteMessage", ("process/action",), ("delete",)),
    ("message", "PUT", ""): _message("UpdateMessage", ("write",)),
}
PEEK_MESSAGES = _message("PeekMessages", ("read",))


def find(level: str, method: str, restype: str, comp: str) -> Operation | None:
    """The operation of a request on a ``service``, ``container`` or ``blob``, or None."""
    return _TABLE.get((level, method, restype, comp))


def find_of_queues(level: str, method: str, comp: str) -> Operation | None:
    """The operation on the ``service``, a ``queue``, its ``messages`` or a ``message``, or None."""
    return _OF_QUEUES.get((level, method, comp))

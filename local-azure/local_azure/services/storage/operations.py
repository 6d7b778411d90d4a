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


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        name: as the REST reference has it.
        alternatives: lists of actions; every action of one list is needed.
        data: whether they are data actions.
        event: whether Event Grid hears of it.
        heeds: the query's parameters that mean something to it, beside those of every operation.
    """

    name: str
    alternatives: tuple[tuple[str, ...], ...]
    data: bool = True
    event: bool = False
    heeds: tuple[str, ...] = ()


def _containers(name: str, action: str, *heeds: str) -> Operation:
    needed = ((f"{_ACCOUNT}/blobServices/{action}",),)
    return Operation(name, needed, data=False, heeds=heeds)


def _queues(name: str, action: str, *heeds: str) -> Operation:
    needed = ((f"{_ACCOUNT}/queueServices/{action}",),)
    return Operation(name, needed, data=False, heeds=heeds)


def _data(name: str, *actions: str, event: bool = False, heeds: tuple[str, ...] = ()) -> Operation:
    return Operation(name, tuple((f"{_BLOBS}/{one}",) for one in actions), event=event, heeds=heeds)


def _message(name: str, *alternatives: tuple[str, ...], heeds: tuple[str, ...] = ()) -> Operation:
    needed = tuple(tuple(f"{_MESSAGES}/{one}" for one in each) for each in alternatives)
    return Operation(name, needed, heeds=heeds)


_PAGE = ("prefix", "marker", "maxresults", "include")
_TABLE = {
    ("service", "GET", "list"): _containers("ListContainers", "containers/read", *_PAGE),
    ("service", "GET", "properties"): _containers("GetBlobServiceProperties", "read"),
    ("container", "PUT", ""): _containers("CreateContainer", "containers/write"),
    ("container", "PUT", "metadata"): _containers("SetContainerMetadata", "containers/write"),
    ("container", "PUT", "lease"): _containers("LeaseContainer", "containers/write"),
    ("container", "DELETE", ""): _containers("DeleteContainer", "containers/delete"),
    ("container", "GET", "list"): _data("ListBlobs", "read", heeds=(*_PAGE, "delimiter")),
    ("blob", "PUT", ""): _data("PutBlob", "write", event=True),
    ("blob", "PUT", "blocklist"): _data("PutBlockList", "write", event=True),
    ("blob", "PUT", "block"): _data("PutBlock", "write", heeds=("blockid",)),
    ("blob", "PUT", "appendblock"): _data("AppendBlock", "write", "add/action"),
    ("blob", "PUT", "page"): _data("PutPage", "write"),
    ("blob", "PUT", "metadata"): _data("SetBlobMetadata", "write"),
    ("blob", "PUT", "properties"): _data("SetBlobProperties", "write"),
    ("blob", "PUT", "tier"): _data("SetBlobTier", "write", heeds=("snapshot",)),
    ("blob", "PUT", "lease"): _data("LeaseBlob", "write"),
    ("blob", "PUT", "snapshot"): _data("SnapshotBlob", "write", "add/action"),
    ("blob", "PUT", "copy"): _data("AbortCopyBlob", "write", heeds=("copyid",)),
    ("blob", "GET", "blocklist"): _data(
        "GetBlockList", "read", heeds=("snapshot", "blocklisttype")
    ),
    ("blob", "GET", "pagelist"): _data("GetPageRanges", "read", heeds=("snapshot",)),
    ("blob", "DELETE", ""): _data("DeleteBlob", "delete", event=True, heeds=("snapshot",)),
}
"""By level, method and the parameter ``comp``."""
for _method in ("GET", "HEAD"):
    _TABLE |= {
        ("container", _method, ""): _containers("GetContainerProperties", "containers/read"),
        ("container", _method, "metadata"): _containers("GetContainerMetadata", "containers/read"),
        ("blob", _method, ""): _data("GetBlob", "read", heeds=("snapshot",)),
        ("blob", _method, "metadata"): _data("GetBlobMetadata", "read", heeds=("snapshot",)),
    }
_OF_QUEUES = {
    ("service", "GET", "list"): _queues("ListQueues", "queues/read", *_PAGE),
    ("service", "GET", "properties"): _queues("GetQueueServiceProperties", "read"),
    ("queue", "PUT", ""): _queues("CreateQueue", "queues/write"),
    ("queue", "PUT", "metadata"): _queues("SetQueueMetadata", "queues/write"),
    ("queue", "GET", "metadata"): _queues("GetQueueMetadata", "queues/read"),
    ("queue", "HEAD", "metadata"): _queues("GetQueueMetadata", "queues/read"),
    ("queue", "DELETE", ""): _queues("DeleteQueue", "queues/delete"),
    ("messages", "POST", ""): _message(
        "PutMessage", ("add/action",), ("write",), heeds=("visibilitytimeout", "messagettl")
    ),
    ("messages", "GET", ""): _message(
        "GetMessages",
        ("process/action",),
        ("delete", "read"),
        heeds=("numofmessages", "visibilitytimeout", "peekonly"),
    ),
    ("messages", "DELETE", ""): _message("ClearMessages", ("delete",)),
    ("message", "DELETE", ""): _message(
        "DeleteMessage", ("process/action",), ("delete",), heeds=("popreceipt",)
    ),
    ("message", "PUT", ""): _message(
        "UpdateMessage", ("write",), heeds=("popreceipt", "visibilitytimeout")
    ),
}
COPY_BLOB = _data("CopyBlob", "write", event=True)
PEEK_MESSAGES = _message("PeekMessages", ("read",), heeds=("numofmessages", "peekonly"))


def find(level: str, method: str, comp: str) -> Operation | None:
    """The operation of a request on a ``service``, ``container`` or ``blob``, or None."""
    return _TABLE.get((level, method, comp))


def find_of_queues(level: str, method: str, comp: str) -> Operation | None:
    """The operation on the ``service``, a ``queue``, its ``messages`` or a ``message``, or None."""
    return _OF_QUEUES.get((level, method, comp))

"""Which events of a storage account start a job: types and conditions of the subscription."""

from collections.abc import Iterator

from components.event_grid.rules import AdvancedFilterArgs

BLOB_CREATED = "Microsoft.Storage.BlobCreated"
BLOB_RENAMED = "Microsoft.Storage.BlobRenamed"
"""Of accounts with a hierarchical namespace, and of SFTP: the subject has the file's new name."""

WHOLE_BLOBS: AdvancedFilterArgs = {
    "operator": "StringNotIn",
    "key": "data.api",
    "values": ["CreateFile", "SftpCreate", "SftpWrite"],
}
"""Every call but those that begin a file, each of which another call finishes: FlushWithClose in
Data Lake's API, SftpCommit by SFTP (D:event-grid/event-schema-blob-storage). A call that the
document does not name passes: a file that nobody tells of is worse than a job too many."""

MOVED_FILES: AdvancedFilterArgs = {
    "operator": "StringNotIn",
    "key": "data.api",
    "values": ["RenameDirectory"],
}
"""Leaves out folders that are moved: of the files in one there is no event."""

BLOBS_WITH_CONTENT: AdvancedFilterArgs = {
    "operator": "NumberNotIn",
    "key": "data.contentLength",
    "values": [0],
}
"""Leaves out empty files and the stubs that stand for folders, which are empty blobs. An event that
tells no length passes (D:event-grid/event-filtering)."""


def types(*, renamed: bool) -> list[str]:
    """Types of the events; whether of files that are moved too."""
    return [BLOB_CREATED, *([BLOB_RENAMED] if renamed else [])]


def conditions(*, skip_empty: bool, renamed: bool) -> Iterator[AdvancedFilterArgs]:
    """Every blob once, when it is whole; whether but those of zero bytes."""
    yield WHOLE_BLOBS
    if renamed:
        yield MOVED_FILES
    if skip_empty:
        yield BLOBS_WITH_CONTENT

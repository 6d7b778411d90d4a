"""Which events of a storage account start a job: the filter of the subscription."""

import pulumi
from pulumi_azure_native import eventgrid

BLOB_CREATED = "Microsoft.Storage.BlobCreated"
BLOB_RENAMED = "Microsoft.Storage.BlobRenamed"
"""Of accounts with a hierarchical namespace, and of SFTP: the subject has the file's new name."""

WHOLE_BLOBS = eventgrid.StringNotInAdvancedFilterArgs(
    operator_type="StringNotIn",
    key="data.api",
    values=["CreateFile", "SftpCreate", "SftpWrite"],
)
"""Every call but those that begin a file, each of which another call finishes: FlushWithClose in
Data Lake's API, SftpCommit by SFTP (D:event-grid/event-schema-blob-storage). A call that the
document does not name passes: a file that nobody tells of is worse than a job too many."""

MOVED_FILES = eventgrid.StringNotInAdvancedFilterArgs(
    operator_type="StringNotIn", key="data.api", values=["RenameDirectory"]
)
"""Leaves out folders that are moved: of the files in one there is no event."""

BLOBS_WITH_CONTENT = eventgrid.NumberNotInAdvancedFilterArgs(
    operator_type="NumberNotIn", key="data.contentLength", values=[0]
)
"""Leaves out empty files and the stubs that stand for folders, which are empty blobs. An event that
tells no length passes (D:event-grid/event-filtering)."""


def created_blobs(
    begins_with: pulumi.Input[str],
    ends_with: pulumi.Input[str] | None,
    *,
    skip_empty: pulumi.Input[bool],
    renamed: bool = False,
) -> eventgrid.EventSubscriptionFilterArgs:
    """Every blob under the prefix once, when it is whole.

    Args:
        begins_with: start of the subject, such as `/blobServices/default/containers/c/blobs/f/`.
        ends_with: end of the subject, such as `.csv`.
        skip_empty: whether blobs of zero bytes are left out.
        renamed: whether files that are moved there come too.
    """
    return eventgrid.EventSubscriptionFilterArgs(
        included_event_types=[BLOB_CREATED, *([BLOB_RENAMED] if renamed else [])],
        subject_begins_with=begins_with,
        subject_ends_with=ends_with,
        is_subject_case_sensitive=True,
        advanced_filters=pulumi.Output.from_input(skip_empty).apply(
            lambda skip: [
                WHOLE_BLOBS,
                *([MOVED_FILES] if renamed else []),
                *([BLOBS_WITH_CONTENT] if skip else []),
            ]
        ),
    )

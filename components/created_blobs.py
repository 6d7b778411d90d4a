"""Which events of a storage account start a job: the filter of the subscription."""

import pulumi
from pulumi_azure_native import eventgrid

BLOB_CREATED = "Microsoft.Storage.BlobCreated"

WHOLE_BLOBS_ONLY = eventgrid.StringInAdvancedFilterArgs(
    operator_type="StringIn",
    key="data.api",
    values=["PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose"],
)
"""Calls that end a blob. With a hierarchical namespace CreateFile raises an event of an empty file
before FlushWithClose raises the one of the whole (D:event-grid/event-schema-blob-storage)."""


def created_blobs(
    begins_with: pulumi.Input[str],
    ends_with: pulumi.Input[str] | None,
    hierarchical: pulumi.Input[bool],
) -> pulumi.Output[eventgrid.EventSubscriptionFilterArgs]:
    """Every blob under the prefix once, when it is whole.

    Args:
        begins_with: start of the subject, such as `/blobServices/default/containers/c/blobs/f/`.
        ends_with: end of the subject, such as `.csv`.
        hierarchical: whether the account has a hierarchical namespace.
    """
    return pulumi.Output.from_input(hierarchical).apply(
        lambda in_steps: eventgrid.EventSubscriptionFilterArgs(
            included_event_types=[BLOB_CREATED],
            subject_begins_with=begins_with,
            subject_ends_with=ends_with,
            is_subject_case_sensitive=True,
            advanced_filters=[WHOLE_BLOBS_ONLY] if in_steps else None,
        )
    )

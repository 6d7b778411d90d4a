"""What raises events by itself: the resources that a system topic can stand on."""

STORAGE = "Microsoft.Storage/storageAccounts"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"

TOPIC_TYPES = {
    "Microsoft.Storage.StorageAccounts": STORAGE,
    "Microsoft.MachineLearningServices.Workspaces": WORKSPACE,
}
"""ARM type of the source, by a system topic's ``topicType``."""

EVENT_TYPES = {
    STORAGE: tuple(
        f"Microsoft.Storage.{name}"
        for name in (
            "BlobCreated",
            "BlobDeleted",
            "BlobRenamed",
            "BlobTierChanged",
            "AsyncOperationInitiated",
            "DirectoryCreated",
            "DirectoryRenamed",
            "DirectoryDeleted",
            "BlobInventoryPolicyCompleted",
            "LifecyclePolicyCompleted",
            "StorageTaskQueued",
            "StorageTaskCompleted",
            "StorageTaskAssignmentQueued",
            "StorageTaskAssignmentCompleted",
        )
    ),
    WORKSPACE: tuple(
        f"Microsoft.MachineLearningServices.{name}"
        for name in (
            "ModelRegistered",
            "ModelDeployed",
            "RunCompleted",
            "RunStatusChanged",
            "DatasetDriftDetected",
        )
    ),
}
"""The types of events that a source raises in Azure, by its ARM type.

Sources: D:event-grid/event-schema-blob-storage, event-schema-machine-learning; the SDK's
``SystemEventNames``.
"""

RAISED = frozenset(("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted")).union(
    EVENT_TYPES[WORKSPACE]
)
"""Those that are emulated; of a storage account also the ones that Azure takes by default
(recorded)."""


OF_DIRECTORIES = frozenset(
    f"Microsoft.Storage.{name}"
    for name in ("BlobRenamed", "DirectoryCreated", "DirectoryRenamed", "DirectoryDeleted")
)
"""Those that are emulated beside them of accounts with a hierarchical namespace."""


def source_type(topic_type: str) -> str | None:
    """The ARM type of a ``topicType``'s sources, whatever its case; None where none is emulated."""
    return _BY_TOPIC_TYPE.get(topic_type.lower())


_BY_TOPIC_TYPE = {name.lower(): arm_type for name, arm_type in TOPIC_TYPES.items()}

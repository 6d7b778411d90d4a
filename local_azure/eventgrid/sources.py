"""What raises events by itself: the resources that a system topic can stand on."""

from __future__ import annotations

STORAGE = "Microsoft.Storage/storageAccounts"
WORKSPACE = "Microsoft.MachineLearningServices/workspaces"

TOPIC_TYPES = {
    "Microsoft.Storage.StorageAccounts": STORAGE,
    "Microsoft.MachineLearningServices.Workspaces": WORKSPACE,
}
"""ARM type of the source, by a system topic's ``topicType``."""

EVENT_TYPES = {
    STORAGE: ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted"),
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
"""The types of events that a source raises, by its ARM type."""


def source_type(topic_type: str) -> str | None:
    """The ARM type of a ``topicType``'s sources, whatever its case; None where none is emulated."""
    return _BY_TOPIC_TYPE.get(topic_type.lower())


_BY_TOPIC_TYPE = {name.lower(): arm_type for name, arm_type in TOPIC_TYPES.items()}

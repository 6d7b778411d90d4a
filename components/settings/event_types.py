"""The events that a workspace raises: their subjects, and what is to be said about each.

Sources: S003, the document on workspace events, and D:event-grid/event-schema-machine-learning,
which disagree about the subject of drift.
"""

from dataclasses import dataclass

PREFIX = "Microsoft.MachineLearningServices."


@dataclass(frozen=True)
class EventType:
    """A type of event."""

    name: str
    """Without the prefix."""

    subjects: tuple[str, ...]
    """Forms of its subject; `{}` stands for a name."""

    fields: tuple[str, ...]
    """Fields of its `data`, as the samples spell them; JavaScript's types begin in lower case."""

    preview: bool = False
    """Whether the documents mark it so."""

    @property
    def full_name(self) -> str:
        """As `eventType` has it."""
        return PREFIX + self.name


_RUN = ("experimentId", "experimentName", "runId", "runType", "runTags", "runProperties")

DRIFT = EventType(
    "DatasetDriftDetected",
    ("datadrift/{}/run/{}", "datadrifts/{}/runs/{}"),
    (
        "DataDriftId",
        "DataDriftName",
        "RunId",
        "BaseDatasetId",
        "TargetDatasetId",
        "DriftCoefficient",
        "StartTime",
        "EndTime",
    ),
)

EVENT_TYPES = {
    each.name: each
    for each in (
        EventType("RunCompleted", ("experiments/{}/runs/{}",), _RUN),
        EventType("RunStatusChanged", ("experiments/{}/runs/{}",), (*_RUN, "runStatus")),
        EventType(
            "ModelRegistered",
            ("models/{}:{}",),
            ("ModelName", "ModelVersion", "ModelTags", "ModelProperties"),
            preview=True,
        ),
        EventType(
            "ModelDeployed",
            ("endpoints/{}",),
            ("ServiceName", "ServiceComputeType", "ModelIds", "ServiceTags", "ServiceProperties"),
            preview=True,
        ),
        DRIFT,
    )
}


def full_name(name: str) -> str:
    """The name with its prefix, which a stack file may leave out for the types above."""
    return EVENT_TYPES[name].full_name if name in EVENT_TYPES else name


def of(full: str) -> EventType | None:
    """The workspace's type of that full name."""
    return EVENT_TYPES.get(full.removeprefix(PREFIX)) if full.startswith(PREFIX) else None

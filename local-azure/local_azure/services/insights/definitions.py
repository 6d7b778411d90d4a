"""The metrics that are known here: of a type of resource, its names, and what each is told by.

Source: azure-monitor-docs, supported metrics of eventgrid-systemtopics (2026-07-31), eventgrid-
domains, logic-workflows, datafactory-factories (2026-07-13) and machinelearningservices-workspaces.
Azure has more: those that nothing here counts are left out, but for four that alerts are made on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

AGGREGATIONS = ("None", "Average", "Minimum", "Maximum", "Total", "Count")


class Definition(NamedTuple):
    """A metric.

    Attributes:
        name: as interfaces have it.
        dimensions: what its values can be told apart by.
        unit: of its values.
        primary: how they are put together where nothing is said.
    """

    name: str
    dimensions: tuple[str, ...] = ()
    unit: str = "Count"
    primary: str = "Total"

    def dimension(self, name: str) -> str | None:
        """The dimension of this name in any case, as it is spelled."""
        return {each.lower(): each for each in self.dimensions}.get(name.lower())


def _named(*definitions: Definition) -> dict[str, Definition]:
    return {each.name.lower(): each for each in definitions}


_TO_SYSTEM_TOPIC = ("EventSubscriptionName",)
_TO_DOMAIN = ("Topic", "DomainEventSubscriptionName")
_RUN = ("Scenario", "RunType", "PublishedPipelineId", "ComputeType", "PipelineStepType")
_STATES = (
    *("Queued", "Preparing", "Started", "Finalizing", "Completed", "Failed", "Cancelled"),
    "Not Responding",
)


def _deliveries(subscription: tuple[str, ...]) -> tuple[Definition, ...]:
    return (
        Definition("DeadLetteredCount", ("DeadLetterReason", *subscription)),
        Definition("DroppedEventCount", ("DropReason", *subscription)),
        Definition("DeliveryAttemptFailCount", ("Error", "ErrorType", *subscription)),
        Definition("DeliverySuccessCount", subscription),
        Definition("MatchedEventCount", subscription),
        Definition("PublishSuccessCount"),
    )


METRICS: Mapping[str, Mapping[str, Definition]] = {
    "microsoft.eventgrid/systemtopics": _named(
        *_deliveries(_TO_SYSTEM_TOPIC), Definition("UnmatchedEventCount")
    ),
    "microsoft.eventgrid/domains": _named(*_deliveries(_TO_DOMAIN)),
    "microsoft.logic/workflows": _named(
        *(
            Definition(f"Runs{state}")
            for state in ("Started", "Completed", "Succeeded", "Failed", "Cancelled")
        )
    ),
    "microsoft.datafactory/factories": _named(
        Definition("PipelineSucceededRuns", ("FailureType", "Name")),
        Definition("PipelineFailedRuns", ("FailureType", "Name")),
        Definition("PipelineCancelledRuns", ("FailureType", "CancelledBy", "Name")),
    ),
    "microsoft.machinelearningservices/workspaces": _named(
        *(Definition(f"{state} Runs", (*_RUN, "ExperimentName")) for state in _STATES),
        Definition("Unusable Nodes", ("Scenario", "ClusterName"), primary="Average"),
        Definition(
            "Quota Utilization Percentage",
            ("Scenario", "ClusterName", "VmFamilyName", "VmPriority"),
            primary="Average",
        ),
    ),
}
"""By type and name, both in lower case."""

"""Rules for events, as the program reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.settings.model import BlobFolder, Principal, SystemTopic


@dataclass(frozen=True)
class AdvancedFilter:
    """A condition on one field of an event."""

    operator: str
    """As azure-native has it, such as StringIn."""

    key: str
    """The field, such as `data.runType`."""

    values: tuple[Any, ...]
    """What it is compared with; one where the operator takes one, none where it takes none."""


@dataclass(frozen=True)
class Webhook:
    """An https URL: a webhook's own, or an Azure Function's with its key."""

    url: str
    """With everything that lets the caller in: a secret."""


@dataclass(frozen=True)
class Resource:
    """An event hub, a storage queue, or a queue or topic of Service Bus."""

    kind: str
    """event_hub, storage_queue, service_bus_queue or service_bus_topic."""

    resource_id: str
    """Of the hub, queue or topic; of a storage queue, its account's."""

    queue_name: str | None
    """Of a storage queue."""


@dataclass(frozen=True)
class ExistingWorkflow:
    """A Consumption Logic App that exists already."""

    workflow_id: str
    trigger: str
    """Name of its Request trigger."""


@dataclass(frozen=True)
class WorkflowTemplate:
    """A Logic App that the program makes for the rule."""

    template: str
    """Name in `logicapp_templates/`."""

    parameters: Mapping[str, Any]
    """Values of its parameters, beside those that the program knows."""

    secret: str | None
    """Value of its secure parameter, where it has one."""


@dataclass(frozen=True)
class PipelineRun:
    """A pipeline of Data Factory, started by a Logic App that the program makes for the rule."""

    factory_id: str | None
    """None for the stack's own data factory."""

    pipeline: str
    parameters: Mapping[str, Any]

    event_parameter: str
    """Name of the parameter that gets the event; empty for none."""


@dataclass(frozen=True)
class Email:
    """An e-mail, sent by a Logic App that the program makes for it."""

    recipients: tuple[str, ...]

    run_statuses: tuple[str, ...]
    """Of RunStatusChanged, the statuses that are told; empty for each."""


@dataclass(frozen=True)
class Retraining:
    """A pipeline of the stack's data factory that copies files and waits for a job on them."""

    endpoint_uri: str | None
    """Scoring URI of the endpoint that trains; None for the stack's own."""

    copy_from: BlobFolder
    """Where the files are."""

    input_name: str
    output_name: str
    """Names of the job's input and output; model deployments ignore them."""

    output_type: str
    """UriFile or UriFolder."""


@dataclass(frozen=True)
class Dispatch:
    """A CI workflow of a repository, started by a repository dispatch."""

    repository: str
    """<owner>/<name>."""

    event_type: str
    """What the CI workflow waits for."""

    token: str
    """Lets the caller write to the repository: a secret."""


Destination = (
    Webhook
    | Resource
    | ExistingWorkflow
    | WorkflowTemplate
    | PipelineRun
    | Email
    | Retraining
    | Dispatch
)
HANDLED_HERE = (WorkflowTemplate, PipelineRun, Email, Retraining, Dispatch)
"""Destinations that a Logic App of the program's own handles."""


@dataclass(frozen=True)
class EventRule:
    """Which events go where, and how."""

    name: str
    """Of the event subscription."""

    event_types: tuple[str, ...]
    """Full names."""

    subject_begins_with: str | None
    subject_ends_with: str | None
    subject_case_sensitive: bool
    advanced_filters: tuple[AdvancedFilter, ...]

    advanced_filtering_on_arrays: bool
    """Whether a filter looks at the elements of an array."""

    destination: Destination

    delivery_with_identity: bool
    """Whether the topic's identity delivers, with a role at the destination."""

    delivery_attempts: int
    """1 to 30."""

    time_to_live_minutes: int
    """1 to 1440."""

    dead_letter_container_id: str | None
    """Resource id of a blob container; None for the stack's own."""

    schema: str
    """event_grid or cloud_events."""

    max_events_per_batch: int
    """1 to 5000; webhooks only, as the next."""

    preferred_batch_kilobytes: int
    """1 to 1024."""


@dataclass(frozen=True)
class WorkspaceEventSettings:
    """What is told about a workspace."""

    rules: tuple[EventRule, ...]

    existing_system_topic: SystemTopic | None
    """The workspace's system topic, where it has one: Azure allows one for each workspace."""


@dataclass(frozen=True)
class DomainSubscription:
    """A rule for the events of one topic of the domain."""

    topic: str
    rule: EventRule


@dataclass(frozen=True)
class EventDomainSettings:
    """An Event Grid domain for events of the team's own."""

    topics: tuple[str, ...]
    subscriptions: tuple[DomainSubscription, ...]

    publishers: tuple[Principal, ...]
    """Who may send events."""

    access_keys: bool
    """Whether events may also be sent with the domain's keys."""

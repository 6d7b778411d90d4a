"""`workspace_events` and `event_domain`: rules for events, each of which ones go where, and how."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.settings.destinations import AnyDestination, AzureFunction, Webhook
from components.settings.event_types import EVENT_TYPES
from components.settings.filters import LONGEST_SUBJECT, EventFilter
from components.settings.problems import Misfit, MisfitsError
from components.settings.section import (
    Accepts,
    ATopic,
    Principal,
    Section,
    between,
    each_once,
    matching,
    named,
)
from components.settings.switches import (
    DispatchOnModel,
    NotifyByEmail,
    RetrainOnEvent,
    WorkspaceTypes,
)

_LONGEST_HANDLED = 50
"""Characters of a rule's name that fit into a workflow's, of 80, with what is added to it."""

RuleName = Annotated[str, named("Microsoft.EventGrid/systemTopics/eventSubscriptions")]
_Type = Annotated[str, matching(f"(?s).{{1,{LONGEST_SUBJECT}}}", "a type of event, which is text")]
TopicName = Annotated[str, named("Microsoft.EventGrid/domains/topics")]


class EventRule(EventFilter):
    """Which events go where, and how."""

    name: RuleName
    """Of the event subscription."""

    event_types: tuple[str, ...]
    """Full names."""

    destination: AnyDestination
    """Where they go: a kind, and what that kind takes."""

    subject_case_sensitive: bool = False
    """Whether the case of subjects counts."""

    advanced_filtering_on_arrays: bool = False
    """Whether a filter looks at the elements of an array."""

    delivery_attempts: Annotated[int, between(1, 30)] = 30
    """How often Event Grid tries to deliver an event, 1 to 30."""

    time_to_live_minutes: Annotated[int, between(1, 1440, "minutes")] = 1440
    """Minutes for which Event Grid tries to deliver an event, 1 to 1440."""

    schema_: Annotated[Literal["event_grid", "cloud_events"], Field(alias="schema")] = "event_grid"
    """event_grid or cloud_events. Of a rule that is there it can't be changed: give it another
    name."""

    max_events_per_batch: Annotated[int, between(1, 5000)] = 1
    """Events that a function or a webhook may be sent at a time, 1 to 5000."""

    preferred_batch_kilobytes: Annotated[int, between(1, 1024, "kilobytes")] = 64
    """Size that such a delivery should have, 1 to 1024."""

    def misfits(self) -> Iterator[Misfit]:
        """What its destination does not take."""
        where = self.destination
        if self.max_events_per_batch != 1 and not isinstance(where, AzureFunction | Webhook):
            accepted = "1: only azure_function, webhook are sent several events at a time"
            yield Misfit("max_events_per_batch", accepted, 1)
        if where.made_here and self.schema_ != "event_grid":
            accepted = "event_grid: the program's own workflows read no other"
            yield Misfit("schema", accepted, "event_grid")
        if where.made_here and len(self.name) > _LONGEST_HANDLED:
            accepted = f"at most {_LONGEST_HANDLED} characters: a workflow is named after the rule"
            yield Misfit("name", accepted)


class WorkspaceRule(EventRule):
    """A rule for what happens in the workspace."""

    event_types: WorkspaceTypes
    """RunCompleted, RunStatusChanged, ModelRegistered, ModelDeployed or DatasetDriftDetected."""


class DomainRule(EventRule):
    """A rule for events of the team's own."""

    topic: TopicName
    """The topic of the domain that they are sent to."""

    # The document's: one type of event, three attempts.
    event_types: Annotated[tuple[_Type, ...], Field(min_length=1)] = (
        EVENT_TYPES["ModelRegistered"].full_name,
    )
    """Types of event, as their publishers call them."""

    delivery_attempts: Annotated[int, between(1, 30)] = 3
    """How often Event Grid tries to deliver an event, 1 to 30."""


def _names_once(rules: tuple[EventRule, ...]) -> tuple[EventRule, ...]:
    names = [rule.name.lower() for rule in rules]
    accepted = "a name of its own: dead letters and secrets are told apart by it"
    again = [at for at, name in enumerate(names) if name in names[:at]]
    if again:
        raise MisfitsError([Misfit(f"[{at}].name", accepted) for at in again])
    return rules


_FUNCTION = "https://my-function-app.azurewebsites.net/api/myeventhandler"
_TO_IT = {"kind": "azure_function", "url": _FUNCTION}
_RULE = {"name": "on-model", "event_types": ["ModelRegistered"], "destination": _TO_IT}


class WorkspaceEvents(Section):
    """Who is told what happens in the workspace."""

    rules: Annotated[
        tuple[WorkspaceRule, ...], AfterValidator(_names_once), Field(examples=[[_RULE]])
    ] = ()
    """Rules for the workspace's events, each with a name, event_types and a destination. See
    docs/workspace-events.md for their fields."""

    existing_system_topic: ATopic | None = None
    """resource_group and name of the existing workspace's system topic, where it has one
    already."""

    notify_by_email: NotifyByEmail | None = None
    """Whom to tell by e-mail what happens in the workspace (docs/workspace-events.md)."""

    retrain_on_event: RetrainOnEvent | None = None
    """Which event starts a training, on what (docs/workspace-events.md). Needs data_factory."""

    dispatch_on_model: DispatchOnModel | None = None
    """The repository on GitHub whose workflow a registered model starts
    (docs/workspace-events.md). Its token is the secret dispatch-on-model in event_secrets."""

    @property
    def switches(self) -> tuple[NotifyByEmail | RetrainOnEvent | DispatchOnModel, ...]:
        """The examples that are on."""
        all_of_them = (self.notify_by_email, self.retrain_on_event, self.dispatch_on_model)
        return tuple(each for each in all_of_them if each)

    @property
    def all_rules(self) -> tuple[WorkspaceRule, ...]:
        """Rules, and those that the switches make."""
        made = (
            WorkspaceRule.model_construct(
                name=each.rule_name,
                event_types=each.event_types,
                destination=each,
                **{name: getattr(each, name) for name in EventFilter.model_fields},
            )
            for each in self.switches
        )
        return (*self.rules, *made)


class EventDomain(Section):
    """An Event Grid domain for events of the team's own."""

    topics: Annotated[
        tuple[TopicName, ...],
        Accepts("one or more names of domain topics", len),
        each_once("names of domain topics, each of them once", str),
        Field(examples=[["models"]]),
    ]
    """Names of the domain's topics."""

    subscriptions: Annotated[tuple[DomainRule, ...], AfterValidator(_names_once)] = ()
    """Rules, each for the events of one topic. See docs/event-domain.md for their fields."""

    publishers: tuple[Principal, ...] = ()
    """Who may send events: object_id and type of each."""

    access_keys: bool = False
    """Whether events may also be sent with the domain's keys."""

    def misfits(self) -> Iterator[Misfit]:
        """Subscriptions are to topics that there are."""
        for at, each in enumerate(self.subscriptions):
            if each.topic not in self.topics:
                accepted = f"a topic of the domain: {', '.join(self.topics)}"
                yield Misfit(f"subscriptions[{at}].topic", accepted)

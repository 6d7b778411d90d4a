"""Rules for events as the tests know them: one for each kind of destination, and a domain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.settings.events.model import (
    AdvancedFilter,
    DomainSubscription,
    EventDomainSettings,
    EventRule,
    ExistingWorkflow,
    PipelineRun,
    Resource,
    Webhook,
    WorkspaceEventSettings,
)
from components.settings.model import Principal
from tests.unit.azure import GROUP

ML = "Microsoft.MachineLearningServices."
PROVIDERS = f"{GROUP}/providers"
HUB = f"{PROVIDERS}/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
FACTORY = f"{PROVIDERS}/Microsoft.DataFactory/factories/training"
WORKFLOW = f"{PROVIDERS}/Microsoft.Logic/workflows/w"
URL = "https://handler.example.com/api/events?code=SECRET-KEY"

RULE = EventRule(
    name="on-model",
    event_types=(f"{ML}ModelRegistered",),
    subject_begins_with="models/mymodelname",
    subject_ends_with=None,
    subject_case_sensitive=False,
    advanced_filters=(AdvancedFilter("StringIn", "data.ModelTags.key1", ("value1",)),),
    advanced_filtering_on_arrays=False,
    destination=Webhook(URL),
    delivery_with_identity=False,
    delivery_attempts=3,
    time_to_live_minutes=60,
    dead_letter_container_id=None,
    schema="event_grid",
    max_events_per_batch=1,
    preferred_batch_kilobytes=64,
)
"""A rule to a webhook."""


def rule(name: str, **changes: Any) -> EventRule:
    """The rule with another name and other changes."""
    return replace(RULE, name=name, **changes)


RULES = (
    RULE,
    rule("to-hub", destination=Resource("event_hub", HUB, None), delivery_with_identity=True),
    rule("to-workflow", destination=ExistingWorkflow(WORKFLOW, "manual")),
    rule("to-pipeline", destination=PipelineRun(FACTORY, "Train again", {"epochs": 3}, "event")),
)  # fmt: skip

DOMAIN = EventDomainSettings(
    topics=("models", "data"),
    subscriptions=(DomainSubscription("models", rule("on-domain-model")),),
    publishers=(Principal("sender-object-id", "ServicePrincipal"),),
    access_keys=False,
)

EVENTS: dict[str, Any] = {
    "workspace_events": WorkspaceEventSettings(rules=RULES, existing_system_topic=None),
    "event_domain": DOMAIN,
}
"""Changes to the sample settings that turn everything about events on."""

"""Rules for events as the tests know them: one for each kind of destination, and a domain."""

from typing import Any

from tests.unit.azure import GROUP
from tests.unit.sample_settings import CALLER

ML = "Microsoft.MachineLearningServices."
PROVIDERS = f"{GROUP}/providers"
HUB = f"{PROVIDERS}/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
FACTORY = f"{PROVIDERS}/Microsoft.DataFactory/factories/training"
WORKFLOW = f"{PROVIDERS}/Microsoft.Logic/workflows/w"
URL = "https://handler.example.com/api/events?code=SECRET-KEY"
TRAIN = {
    "kind": "data_factory_pipeline",
    "factory_id": FACTORY,
    "pipeline": "Train again",
    "parameters": {"epochs": 3},
    "event_parameter": "event",
}


def rule(name: str, **changes: Any) -> dict[str, Any]:
    """A rule to a webhook, with another name and other changes."""
    return {
        "name": name,
        "event_types": ["ModelRegistered"],
        "subject_begins_with": "models/mymodelname",
        "advanced_filters": [
            {"operator": "StringIn", "key": "data.ModelTags.key1", "values": ["value1"]}
        ],
        "destination": {"kind": "webhook"},
        "delivery_attempts": 3,
        "time_to_live_minutes": 60,
        **changes,
    }


RULE = rule("on-model")
RULES = [
    RULE,
    rule("to-hub", destination={"kind": "event_hub", "resource_id": HUB}),
    rule("to-workflow", destination={"kind": "logic_app", "workflow_id": WORKFLOW}),
    rule("to-pipeline", destination=TRAIN),
]

DOMAIN = {
    "topics": ["models", "data"],
    "subscriptions": [rule("on-domain-model", topic="models")],
    "publishers": [{"object_id": CALLER, "type": "ServicePrincipal"}],
}
DOMAIN_SECRETS = {"on-domain-model": URL}
SECRETS = {"on-model": URL, **DOMAIN_SECRETS}

EVENTS: dict[str, Any] = {
    "workspace_events": {"rules": RULES},
    "event_domain": DOMAIN,
    "event_secrets": SECRETS,
}
"""Changes to the sample settings that turn everything about events on."""

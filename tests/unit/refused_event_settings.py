"""What is refused about rules for events: cases that the tests of settings run with their own."""

from typing import Any

from tests.unit.sample_ids import ACCOUNT, FACTORY, GROUP, GUID, WORKFLOW
from tests.unit.sample_settings import Broken

HUB = f"{GROUP}/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
TO_HUB = {"kind": "event_hub", "resource_id": HUB}
FUNCTION = {"kind": "azure_function", "url": "https://f.azurewebsites.net/api/handler"}
PIPELINE = {"kind": "data_factory_pipeline", "factory_id": FACTORY, "pipeline": "Train"}
TEMPLATE = {"kind": "logic_app", "template": "invoke_batch_endpoint_by_managed_identity"}


def rule(**changes: Any) -> dict[str, Any]:
    """A valid rule with changes; a field that is changed to `...` is left out."""
    fields = {"name": "on-model", "event_types": ["ModelRegistered"], "destination": TO_HUB}
    return {name: value for name, value in (fields | changes).items() if value is not ...}


def filtered(operator: Any, **fields: Any) -> list[dict[str, Any]]:
    """One rule with one advanced filter."""
    return [rule(advanced_filters=[{"operator": operator, "key": "data.x", **fields}])]


def to(**destination: Any) -> list[dict[str, Any]]:
    """One rule with a destination."""
    return [rule(destination=destination)]


def domain(**changes: Any) -> dict[str, Any]:
    """A valid domain with changes."""
    subscription = rule(name="on-domain", topic="models", event_types=...)
    return {"topics": ["models"], "subscriptions": [subscription], **changes}


TEXTS = "a list of texts of at most 512 characters"
NUMBERS = "a list of numbers"
PAIRS = "a list of pairs of numbers"

REFUSED: dict[str, dict[str, list[Any]]] = {
    "workspace_events.rules": {
        "an object with name, event_types, destination": [["on-model"]],
        "text: it is required": [
            [rule(name=...)],
            to(kind="event_hub"),
            to(kind="storage_queue", resource_id=ACCOUNT),
            to(kind="azure_function"),
        ],
        "text": [
            [rule(name=5)],
            [rule(event_types=[None])],
            filtered(["StringIn"], values=["x"]),
            filtered("IsNotNull", key=None),
        ],
        "The name of an event subscription has 3 to 64": [
            [rule(name="on-model\n")],
            [rule(name="on_model")],
            [rule(name="o'model")],
        ],
        "a name of its own": [[rule(), rule(name="ON-MODEL")]],
        "did you mean event_types?": [[rule(types=[])]],
        "a list: it is required": [[rule(event_types=...)]],
        "one or more of RunCompleted, RunStatusChanged": [
            [rule(event_types=["Microsoft.Storage.BlobCreated"])],
            [rule(event_types=["runcompleted"])],
            [rule(event_types=[])],
        ],
        "a list": [[rule(event_types="RunCompleted")], [rule(advanced_filters={})]],
        "filters know no wildcards": [[rule(subject_begins_with="models/*")]],
        "text of at most 1000 characters": [
            [rule(subject_ends_with="\x00")],
            [rule(subject_ends_with="x" * 1001)],
        ],
        "true or false": [
            [rule(subject_case_sensitive="yes")],
            [rule(advanced_filtering_on_arrays=1)],
            filtered("BoolEquals", value=1),
        ],
        "a whole number from 1 to 30": [[rule(delivery_attempts=31)]],
        "a whole number": [[rule(delivery_attempts=2.5)]],
        "a whole number from 1 to 1440": [[rule(time_to_live_minutes=1441)]],
        "one of event_grid, cloud_events": [[rule(schema="custom")]],
        "a whole number from 1 to 5000": [[rule(max_events_per_batch=5001)]],
        "1: only azure_function, webhook are": [[rule(max_events_per_batch=2)]],
        "a whole number from 1 to 1024": [[rule(preferred_batch_kilobytes=1025)]],
        "one of subject_begins_with, ": [[rule(xyzzy=True)]],
        "event_grid: ": [[rule(destination=PIPELINE, schema="cloud_events")]],
        "at most 50 characters": [[rule(destination=PIPELINE, name="x" * 51)]],
        "an object with operator, key; it may": [[rule(advanced_filters=["x"])]],
        "one of NumberIn, NumberNotIn": [filtered("StringEquals", values=["x"])],
        "nothing: StringIn takes values": [filtered("StringIn", value="x")],
        "nothing: BoolEquals takes value": [filtered("BoolEquals", values=[True])],
        "nothing: IsNotNull takes no value": [filtered("IsNotNull", values=[])],
        TEXTS: [
            filtered("StringIn", values=[]),
            filtered("StringIn", values="x"),
            filtered("StringContains", values=["x" * 513]),
            filtered("StringNotIn", values=[1]),
        ],
        NUMBERS: [filtered("NumberIn", values=["1"]), filtered("NumberNotIn", values=[True])],
        "a number": [filtered("NumberLessThan", value=True)],
        PAIRS: [
            filtered("NumberInRange", values=[1, 2]),
            filtered("NumberInRange", values=[[1, 2, 3]]),
            filtered("NumberNotInRange", values=[[2, 1]]),
        ],
        "a field below data": [
            filtered("IsNotNull", key="data"),
            filtered("IsNotNull", key="data."),
        ],
        "one of id, topic, subject": [
            filtered("IsNotNull", key="runType"),
            filtered("IsNotNull", key="subject.x"),
        ],
        "at most 25 filters with 25": [
            filtered("NumberIn", values=[*range(26)]),
            [rule(advanced_filters=[{"operator": "IsNotNull", "key": "data.x"}] * 26)],
        ],
        "an object": [[rule(destination="hub")]],
        "one of logic_app, azure_function, webhook, event_hub": [
            to(kind="eventhub"),
            to(kind=["event_hub"]),
            to(),
        ],
        "/namespaces/<name>/eventhubs/": [to(kind="event_hub", resource_id=ACCOUNT)],
        "/<name>/eventhubs/<name>": [to(kind="event_hub", resource_id=f"{HUB}\n")],
        "/<name>/queues/<name>": [to(kind="service_bus_queue", resource_id=HUB)],
        "/<name>/topics/<name>": [to(kind="service_bus_topic", resource_id=HUB)],
        "3 to 63 lower-case letters": [
            to(kind="storage_queue", resource_id=ACCOUNT, queue_name="Events"),
            to(kind="storage_queue", resource_id=ACCOUNT, queue_name="x" * 64),
        ],
        "an https URL": [
            to(kind="azure_function", url="http://f.example.com/a"),
            to(kind="webhook", url="https://u:p@h.example.com/a"),
            to(kind="webhook", url="https://localhost/a"),
            to(kind="webhook", url="https://h.example.com/a b"),
            to(kind="webhook", url="https://h.example.com/ü"),
        ],
        "in event_secrets": [to(kind="webhook", url="https://h.example.com/a?code=x")],
        "one of kind, url": [to(kind="webhook", key="hunter2")],
        "one of workflow_id, of a workflow that exists": [
            to(kind="logic_app"),
            to(**TEMPLATE, workflow_id=WORKFLOW),
        ],
        "a workflow definition in logicapp_templates. There is no template x": [
            to(kind="logic_app", workflow_id=WORKFLOW, template="x")
        ],
        "nothing: an existing workflow has parameters of its own": [
            to(kind="logic_app", workflow_id=WORKFLOW, parameters={"x": 1})
        ],
        "no value for endpoint_uri; no value for storage_account": [to(**TEMPLATE)],
        "the name of a template": [to(kind="logic_app", template="../Pulumi")],
        "nothing: a secret stands in event_secrets": [
            to(
                kind="logic_app",
                template="invoke_batch_endpoint",
                parameters={"client_secret": "x"},
            )
        ],
        "the name of a pipeline": [
            to(kind="data_factory_pipeline", factory_id=FACTORY, pipeline="a/b")
        ],
        "/providers/Microsoft.DataFactory/factories/<name>": [
            to(kind="data_factory_pipeline", factory_id=WORKFLOW, pipeline="Train")
        ],
    },
    "workspace_events.existing_system_topic": {"text: it is required": [{"name": "topic"}]},
    "event_domain": {
        "a list: it is required": [{"subscriptions": []}],
        "one or more names of domain topics": [domain(topics=[])],
        "each of them once": [domain(topics=["models", "Models"])],
        "The name of a domain topic has 3 to 50": [domain(topics=["my_models"])],
        "a topic of the domain: data": [domain(topics=["data"])],
        "text: it is required": [domain(subscriptions=[rule()])],
        "a type of event": [domain(subscriptions=[rule(topic="models", event_types=[""])])],
        "one of User, Gr": [domain(publishers=[{"object_id": GUID}])],
        "true or false": [domain(access_keys="no")],
        "one of topics, subscriptions": [domain(name="mine")],
    },
    "event_secrets": {"secrets, each of them encrypted": [{"on-model": "hunter2"}]},
}
"""Of each key what is told to be accepted, and the values that are refused with it."""

ROUTES = [rule(destination=FUNCTION)]
EXISTING_TOPIC = {
    "workspace_events.existing_system_topic": {"resource_group": "my-group", "name": "my-topic"}
}
BROKEN: Broken = {
    "event_domain.subscriptions[0].name": {
        "a name that no rule of workspace_events has": [
            {"workspace_events.rules": [rule(name="On-Domain")], "event_domain": domain()}
        ]
    },
    "event_secrets": {
        "a secret named on-model: pulumi config set --secret --path": [
            {"workspace_events.rules": ROUTES},
            {"event_domain": domain(subscriptions=[rule(topic="models", destination=FUNCTION)])},
            {"workspace_events.rules": to(kind="webhook")},
        ]
    },
    "workspace_events.rules": {
        "rules for what the topic's subscriptions get, or no existing": [EXISTING_TOPIC]
    },
    "workspace.existing": {
        "the workspace of the existing system topic; a new one has no": [
            {**EXISTING_TOPIC, "workspace_events.rules": [rule()]}
        ]
    },
    "data_factory.enabled": {
        "true, or a factory_id in the destination of on-model": [
            {"workspace_events.rules": to(kind="data_factory_pipeline", pipeline="Train")}
        ]
    },
}

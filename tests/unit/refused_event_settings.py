"""What is refused about rules for events: cases that the tests of settings run with their own."""

from __future__ import annotations

from typing import Any

from components.settings.telling import REMOVE

GUID = "6f2f7a35-5d0e-4b0c-9f6e-2f4f1a9c7d10"
GROUP = f"/subscriptions/{GUID}/resourceGroups/my-group/providers"
HUB = f"{GROUP}/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
ACCOUNT = f"{GROUP}/Microsoft.Storage/storageAccounts/myaccount"
FACTORY = f"{GROUP}/Microsoft.DataFactory/factories/my-factory"
WORKFLOW = f"{GROUP}/Microsoft.Logic/workflows/my-workflow"
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

REFUSED: list[tuple[str, Any, str]] = [
    ("workspace_events.rules", ["on-model"], "an object with name, event_types, destination"),
    ("workspace_events.rules", [rule(name=...)], "text: it is required"),
    ("workspace_events.rules", [rule(name=5)], "text"),
    (
        "workspace_events.rules",
        [rule(name="on_model")],
        "The name of an event subscription has 3 to 64",
    ),
    (
        "workspace_events.rules",
        [rule(name="on-model\n")],
        "The name of an event subscription has 3",
    ),
    (
        "workspace_events.rules",
        [rule(name="o'model")],
        "The name of an event subscription has 3 to 64",
    ),
    ("workspace_events.rules", [rule(), rule(name="ON-MODEL")], "a name of its own"),
    ("workspace_events.rules", [rule(types=[])], "did you mean event_types?"),
    ("workspace_events.rules", [rule(event_types=...)], "a list: it is required"),
    (
        "workspace_events.rules",
        [rule(event_types=[])],
        "one or more of RunCompleted, RunStatusChanged",
    ),
    ("workspace_events.rules", [rule(event_types="RunCompleted")], "a list"),
    ("workspace_events.rules", [rule(event_types=["runcompleted"])], "one or more of RunCompleted"),
    ("workspace_events.rules", [rule(event_types=[None])], "text"),
    (
        "workspace_events.rules",
        [rule(event_types=["Microsoft.Storage.BlobCreated"])],
        "one or more of",
    ),
    ("workspace_events.rules", [rule(subject_begins_with="models/*")], "filters know no wildcards"),
    ("workspace_events.rules", [rule(subject_ends_with="\x00")], "text of at most 1000 characters"),
    (
        "workspace_events.rules",
        [rule(subject_ends_with="x" * 1001)],
        "text of at most 1000 characters",
    ),
    ("workspace_events.rules", [rule(subject_case_sensitive="yes")], "true or false"),
    ("workspace_events.rules", [rule(advanced_filtering_on_arrays=1)], "true or false"),
    ("workspace_events.rules", [rule(delivery_attempts=31)], "a whole number from 1 to 30"),
    ("workspace_events.rules", [rule(delivery_attempts=2.5)], "a whole number"),
    ("workspace_events.rules", [rule(time_to_live_minutes=1441)], "a whole number from 1 to 1440"),
    ("workspace_events.rules", [rule(schema="custom")], "one of event_grid, cloud_events"),
    ("workspace_events.rules", [rule(max_events_per_batch=5001)], "a whole number from 1 to 5000"),
    (
        "workspace_events.rules",
        [rule(max_events_per_batch=2)],
        "1: only azure_function, webhook are",
    ),
    (
        "workspace_events.rules",
        [rule(preferred_batch_kilobytes=1025)],
        "a whole number from 1 to 1024",
    ),
    (
        "workspace_events.rules",
        [rule(dead_letter_container_id="dead")],
        "/default/containers/<name>",
    ),
    (
        "workspace_events.rules",
        [rule(dead_letter_container_id=ACCOUNT)],
        "/storageAccounts/<name>/",
    ),
    (
        "workspace_events.rules",
        [rule(delivery_with_identity=True, destination=FUNCTION)],
        "false: an identity delivers only to event_hub, storage_queue",
    ),
    ("workspace_events.rules", [rule(destination=PIPELINE, schema="cloud_events")], "event_grid: "),
    (
        "workspace_events.rules",
        [rule(destination=PIPELINE, name="x" * 51)],
        "at most 50 characters",
    ),
    # Advanced filters.
    ("workspace_events.rules", [rule(advanced_filters={})], "a list"),
    (
        "workspace_events.rules",
        [rule(advanced_filters=["x"])],
        "an object with operator, key; it may",
    ),
    (
        "workspace_events.rules",
        filtered("StringEquals", values=["x"]),
        "one of NumberIn, NumberNotIn",
    ),
    ("workspace_events.rules", filtered(["StringIn"], values=["x"]), "text"),
    ("workspace_events.rules", filtered("StringIn", value="x"), "nothing: StringIn takes values"),
    (
        "workspace_events.rules",
        filtered("BoolEquals", values=[True]),
        "nothing: BoolEquals takes value",
    ),
    (
        "workspace_events.rules",
        filtered("IsNotNull", values=[]),
        "nothing: IsNotNull takes no value",
    ),
    ("workspace_events.rules", filtered("StringIn", values=[]), TEXTS),
    ("workspace_events.rules", filtered("StringIn", values="x"), TEXTS),
    ("workspace_events.rules", filtered("StringContains", values=["x" * 513]), TEXTS),
    ("workspace_events.rules", filtered("StringNotIn", values=[1]), TEXTS),
    ("workspace_events.rules", filtered("NumberIn", values=["1"]), NUMBERS),
    ("workspace_events.rules", filtered("NumberNotIn", values=[True]), NUMBERS),
    ("workspace_events.rules", filtered("NumberLessThan", value=True), "a number"),
    ("workspace_events.rules", filtered("NumberInRange", values=[1, 2]), PAIRS),
    ("workspace_events.rules", filtered("NumberInRange", values=[[1, 2, 3]]), PAIRS),
    ("workspace_events.rules", filtered("NumberNotInRange", values=[[2, 1]]), PAIRS),
    ("workspace_events.rules", filtered("BoolEquals", value=1), "true or false"),
    ("workspace_events.rules", filtered("IsNotNull", key="data"), "a field below data"),
    ("workspace_events.rules", filtered("IsNotNull", key="data."), "a field below data"),
    ("workspace_events.rules", filtered("IsNotNull", key="runType"), "one of id, topic, subject"),
    ("workspace_events.rules", filtered("IsNotNull", key="subject.x"), "one of id, topic, subject"),
    ("workspace_events.rules", filtered("IsNotNull", key=None), "text"),
    (
        "workspace_events.rules",
        filtered("NumberIn", values=[*range(26)]),
        "at most 25 filters with 25",
    ),
    (
        "workspace_events.rules",
        [rule(advanced_filters=[{"operator": "IsNotNull", "key": "data.x"}] * 26)],
        "at most 25 filters with 25",
    ),
    # Destinations.
    ("workspace_events.rules", [rule(destination="hub")], "an object"),
    ("workspace_events.rules", to(), "one of logic_app, azure_function, webhook, event_hub"),
    ("workspace_events.rules", to(kind="eventhub"), "one of logic_app, azure_function, webhook"),
    ("workspace_events.rules", to(kind=["event_hub"]), "one of logic_app, azure_function, webhook"),
    ("workspace_events.rules", to(kind="event_hub"), "text: it is required"),
    (
        "workspace_events.rules",
        to(kind="event_hub", resource_id=ACCOUNT),
        "/namespaces/<name>/eventhubs/",
    ),
    (
        "workspace_events.rules",
        to(kind="event_hub", resource_id=f"{HUB}\n"),
        "/<name>/eventhubs/<name>",
    ),
    (
        "workspace_events.rules",
        to(kind="service_bus_queue", resource_id=HUB),
        "/<name>/queues/<name>",
    ),
    (
        "workspace_events.rules",
        to(kind="service_bus_topic", resource_id=HUB),
        "/<name>/topics/<name>",
    ),
    (
        "workspace_events.rules",
        to(kind="storage_queue", resource_id=ACCOUNT),
        "text: it is required",
    ),
    (
        "workspace_events.rules",
        to(kind="storage_queue", resource_id=ACCOUNT, queue_name="Events"),
        "3 to 63 lower-case letters",
    ),
    (
        "workspace_events.rules",
        to(kind="storage_queue", resource_id=ACCOUNT, queue_name="x" * 64),
        "3 to 63 lower-case letters",
    ),
    ("workspace_events.rules", to(kind="azure_function"), "text: it is required"),
    (
        "workspace_events.rules",
        to(kind="azure_function", url="http://f.example.com/a"),
        "an https URL",
    ),
    (
        "workspace_events.rules",
        to(kind="webhook", url="https://h.example.com/a?code=x"),
        "in event_secrets",
    ),
    (
        "workspace_events.rules",
        to(kind="webhook", url="https://u:p@h.example.com/a"),
        "an https URL",
    ),
    ("workspace_events.rules", to(kind="webhook", url="https://localhost/a"), "an https URL"),
    (
        "workspace_events.rules",
        to(kind="webhook", url="https://h.example.com/a b"),
        "an https URL",
    ),
    ("workspace_events.rules", to(kind="webhook", url="https://h.example.com/ü"), "an https URL"),
    ("workspace_events.rules", to(kind="webhook", key="hunter2"), "one of kind, url"),
    (
        "workspace_events.rules",
        to(kind="logic_app"),
        "one of workflow_id, of a workflow that exists",
    ),
    (
        "workspace_events.rules",
        to(kind="logic_app", workflow_id=WORKFLOW, template="x"),
        "a workflow definition in logicapp_templates. There is no template x",
    ),
    (
        "workspace_events.rules",
        to(**TEMPLATE, workflow_id=WORKFLOW),
        "one of workflow_id, of a workflow that exists",
    ),
    (
        "workspace_events.rules",
        to(kind="logic_app", workflow_id=WORKFLOW, parameters={"x": 1}),
        "nothing: an existing workflow has parameters of its own",
    ),
    (
        "workspace_events.rules",
        to(**TEMPLATE),
        "no value for endpoint_uri; no value for storage_account",
    ),
    (
        "workspace_events.rules",
        to(kind="logic_app", template="../Pulumi"),
        "the name of a template",
    ),
    (
        "workspace_events.rules",
        to(kind="logic_app", template="invoke_batch_endpoint", parameters={"client_secret": "x"}),
        "nothing: a secret stands in event_secrets",
    ),
    (
        "workspace_events.rules",
        to(kind="data_factory_pipeline", factory_id=FACTORY, pipeline="a/b"),
        "the name of a pipeline",
    ),
    (
        "workspace_events.rules",
        to(kind="data_factory_pipeline", factory_id=WORKFLOW, pipeline="Train"),
        "/providers/Microsoft.DataFactory/factories/<name>",
    ),
    (
        "workspace_events.existing_system_topic",
        {"name": "topic"},
        "text: it is required",
    ),
    # The domain.
    ("event_domain", {"subscriptions": []}, "a list: it is required"),
    ("event_domain", domain(topics=[]), "one or more names of domain topics"),
    ("event_domain", domain(topics=["models", "Models"]), "each of them once"),
    ("event_domain", domain(topics=["my_models"]), "The name of a domain topic has 3 to 50"),
    ("event_domain", domain(topics=["data"]), "a topic of the domain: data"),
    ("event_domain", domain(subscriptions=[rule()]), "text: it is required"),
    (
        "event_domain",
        domain(subscriptions=[rule(topic="models", event_types=[""])]),
        "a type of event",
    ),
    ("event_domain", domain(publishers=[{"object_id": GUID}]), "one of User, Gr"),
    ("event_domain", domain(access_keys="no"), "true or false"),
    ("event_domain", domain(name="mine"), "one of topics, subscriptions"),
    ("event_secrets", {"on-model": "hunter2"}, "secrets, each of them encrypted"),
]
"""Key, a value that is refused, and what is told to be accepted."""

ROUTES = [rule(destination=FUNCTION)]
HINT = "by pulumi config set --secret --path event_secrets.NAME"

EXAMPLE = (
    '[{"name": "on-model", "event_types": ["ModelRegistered"], "destination": {"kind":'
    ' "azure_function", "url": "https://my-function-app.azurewebsites.net/api/myeventhandler"}}]'
)
A_WORKSPACE = (
    f'"/subscriptions/{"0" * 8}-0000-0000-0000-{"0" * 12}/resourceGroups/my-group/providers'
    '/Microsoft.MachineLearningServices/workspaces/my-workspace"'
)

BROKEN: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"workspace_events.rules": [rule(name="On-Domain")], "event_domain": domain()},
        "event_domain.subscriptions[0].name",
        "a name that no rule of workspace_events has",
        "",
    ),
    (
        {"workspace_events.rules": ROUTES},
        "event_secrets",
        "a secret named on-model: pulumi config set --secret --path event_secrets.on-model",
        HINT,
    ),
    (
        {"event_domain": domain(subscriptions=[rule(topic="models", destination=FUNCTION)])},
        "event_secrets",
        "a secret named on-model: pulumi config set --secret --path event_secrets.on-model",
        HINT,
    ),
    (
        {"workspace_events.rules": to(kind="webhook")},
        "event_secrets",
        "a secret named on-model: pulumi config set --secret --path event_secrets.on-model",
        HINT,
    ),
    (
        {
            "workspace_events.existing_system_topic": {
                "resource_group": "my-group",
                "name": "my-topic",
            }
        },
        "workspace_events.rules",
        "rules for what the topic's subscriptions get, or no existing topic",
        EXAMPLE,
    ),
    (
        {
            "workspace_events.existing_system_topic": {
                "resource_group": "my-group",
                "name": "my-topic",
            },
            "workspace_events.rules": [rule()],
        },
        "workspace.existing",
        "the workspace of the existing system topic; a new one has no topic yet",
        A_WORKSPACE,
    ),
    (
        {"workspace_events.rules": to(kind="data_factory_pipeline", pipeline="Train")},
        "data_factory.enabled",
        "true, or a factory_id in the destination of on-model",
        "true",
    ),
    (
        {"cloud": "usgovernment", "location": "usgovvirginia", "workspace_events.rules": [rule()]},
        "workspace_events",
        (
            "nothing: workspaces raise no events in the cloud usgovernment, only in public and"
            " china (D:machine-learning/reference-machine-learning-cloud-parity, of 2022)"
        ),
        REMOVE,
    ),
]
"""Changes, the key that is told, what is accepted, and the value in the line to add."""

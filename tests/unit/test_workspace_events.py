"""Who is told about a workspace's events: the topic, the subscriptions, the roles."""

from typing import Any

import pytest

from components.event_grid.operators import OPERATORS
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, Registered
from tests.unit.program import run
from tests.unit.sample_event_settings import HUB, PROVIDERS
from tests.unit.sample_event_settings import rule as sample
from tests.unit.sample_settings import changed

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-workspace"
ACCOUNT = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/theirs"
DEAD_ACCOUNT = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/dlinputs0a1b2c3d4e"
BUS = f"{PROVIDERS}/Microsoft.ServiceBus/namespaces/n1"
URL = "https://h.example.com/a"
SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
BY_IDENTITY = {
    "EventHub": ("event_hub", HUB, "2b629674-e913-4c01-ae53-ef4638d8f975"),
    "ServiceBusQueue": ("service_bus_queue", f"{BUS}/queues/q", SENDER),
    "ServiceBusTopic": ("service_bus_topic", f"{BUS}/topics/t", SENDER),
    "StorageQueue": ("storage_queue", ACCOUNT, "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"),
}
"""Of each type of destination the kind of a rule, a resource id and who may send there."""
_VALUES: dict[tuple[type, ...], Any] = {(str,): "x", (int, float): 7, (bool,): True}


def rule(name: str = "on-model", **changes: Any) -> dict[str, Any]:
    return sample(name, **{"destination": {"kind": "webhook", "url": URL}, **changes})


def to_hub(name: str, resource_id: str = HUB, **changes: Any) -> dict[str, Any]:
    there = {"kind": "event_hub", "resource_id": resource_id}
    return rule(name, destination=there, **changes)


def by_identity(type_: str) -> dict[str, Any]:
    kind, resource_id, _ = BY_IDENTITY[type_]
    queue = {"queue_name": "my-events"} if kind == "storage_queue" else {}
    return rule(type_, destination={"kind": kind, "resource_id": resource_id, **queue})


def operands(operator: str) -> dict[str, Any]:
    kinds = OPERATORS[operator]
    value: Any = [1, 2] if kinds.pairs else _VALUES.get(kinds.kinds)
    return {"values": {"values": [value]}, "value": {"value": value}, "": {}}[kinds.field]


def filtered(operator: str) -> dict[str, Any]:
    condition = {"operator": operator, "key": "data.x", **operands(operator)}
    return rule(operator, advanced_filters=[condition])


RULES = [
    rule(),
    *map(by_identity, BY_IDENTITY),
    to_hub("to-hub-otherwise-written", HUB.replace("/resourceGroups/", "/RESOURCEGROUPS/")),
    to_hub("to-second-hub", f"{HUB}2"),
    *map(filtered, OPERATORS),
]


def deployed(*rules: dict[str, Any]) -> Deployment:
    return run(changed(workspace_events={"rules": [*rules]}))


def subscription(name: str = "on-model") -> Registered:
    return deployed(*RULES).named(f"workspace-events-to-{name}")


def grants(made: Deployment) -> list[Registered]:
    return [each for each in made.all("RoleAssignment") if each.parent == "workspace-events"]


def test_the_topic_is_the_workspaces_in_its_region_with_an_identity() -> None:
    topic = deployed(*RULES).named("workspace-events-topic").inputs
    assert {key: each for key, each in topic.items() if key != "tags"} == {
        "resourceGroupName": "rg",
        "location": "westeurope",
        "source": WORKSPACE,
        "topicType": "Microsoft.MachineLearningServices.Workspaces",
        "identity": {"type": "SystemAssigned"},
    }


def test_a_webhooks_url_stays_secret_and_gets_one_event_at_a_time() -> None:
    made = subscription()

    assert made.secrets == {"destination.endpointUrl"}
    assert made.inputs["eventDeliverySchema"] == "EventGridSchema"
    assert made.inputs["destination"] == {
        "endpointType": "WebHook",
        "endpointUrl": URL,
        "maxEventsPerBatch": 1,
        "preferredBatchSizeInKilobytes": 64,
        "minimumTlsVersionAllowed": "1.2",
    }


@pytest.mark.parametrize("type_", BY_IDENTITY)
def test_other_destinations_are_delivered_to_by_the_topics_identity_which_may_before_it_does(
    type_: str,
) -> None:
    made, sent = deployed(*RULES), subscription(type_).inputs
    _, scope, role = BY_IDENTITY[type_]
    (grant,) = [each for each in grants(made) if each.inputs["scope"] == scope]

    queue = {"queueName": "my-events"} if type_ == "StorageQueue" else {}
    assert {key: each for key, each in sent.items() if key.startswith(("delivery", "dest"))} == {
        "deliveryWithResourceIdentity": {
            "identity": {"type": "SystemAssigned"},
            "destination": {"endpointType": type_, "resourceId": scope, **queue},
        }
    }
    given = (grant.inputs["principalId"], grant.inputs["roleDefinitionId"].rpartition("/")[2])
    assert given == ("topic-principal", role)
    assert grant.name in made.everything_before(f"workspace-events-to-{type_}")


def test_rules_that_share_a_destination_share_its_role() -> None:
    made = deployed(*RULES)

    names = [
        each.name for each in grants(made) if each.inputs["scope"].lower().startswith(HUB.lower())
    ]
    assert [name.rsplit("-", 1)[0] for name in names] == [
        "workspace-events-sends-eh1",
        "workspace-events-sends-eh12",
    ]
    assert names[0] in made.everything_before("workspace-events-to-to-hub-otherwise-written")


def test_a_roles_name_stays_when_the_rule_that_asked_first_goes() -> None:
    later = {each.name for each in grants(deployed(to_hub("to-hub-otherwise-written")))}

    assert later <= {each.name for each in grants(deployed(*RULES))}


def test_dead_letters_are_written_by_the_topics_identity_which_has_the_right_first() -> None:
    made = deployed(*RULES)

    assert made.named("workspace-events-writes-dead-letters").inputs["scope"] == DEAD_ACCOUNT
    before = made.everything_before("workspace-events-to-on-model")
    assert "workspace-events-writes-dead-letters" in before


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_sent_as_azure_native_has_it(operator: str) -> None:
    (sent,) = subscription(operator).inputs["filter"]["advancedFilters"]

    assert sent == {"operatorType": operator, "key": "data.x", **operands(operator)}


def test_a_right_that_is_not_yet_effective_is_waited_for() -> None:
    assert subscription().error_hooks == ("workspace-events-to-on-model-propagation",)


def test_rules_that_no_workflow_handles_need_no_container_of_claims() -> None:
    containers = [each.name for each in deployed(*RULES).all("BlobContainer")]

    assert [name for name in containers if "handled" in name] == []


def test_the_subscriptions_are_told_by_the_names_of_their_rules() -> None:
    topic = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/workspace-events-topic"

    assert deployed(*RULES).exports["workspace_event_subscription_ids"] == {
        each["name"]: f"{topic}/eventSubscriptions/{each['name']}" for each in RULES
    }

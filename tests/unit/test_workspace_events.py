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
DEAD = f"{DEAD_ACCOUNT}/blobServices/default/containers/dead-letters"
BUS = f"{PROVIDERS}/Microsoft.ServiceBus/namespaces/n1"
URL = "https://h.example.com/a"


def rule(name: str = "on-model", **changes: Any) -> dict[str, Any]:
    return sample(name, **{"destination": {"kind": "webhook", "url": URL}, **changes})


def to_hub(name: str = "to-hub", resource_id: str = HUB, **changes: Any) -> dict[str, Any]:
    there = {"kind": "event_hub", "resource_id": resource_id}
    return rule(name, destination=there, **changes)


def deployed(*rules: dict[str, Any]) -> Deployment:
    return run(changed(workspace_events={"rules": [*rules]}))


def subscription(**changes: Any) -> Registered:
    return deployed(rule(**changes)).named("workspace-events-to-on-model")


def grants(made: Deployment) -> list[Registered]:
    return [each for each in made.all("RoleAssignment") if each.parent == "workspace-events"]


def test_the_topic_is_the_workspaces_in_its_region_with_an_identity() -> None:
    topic = deployed(rule()).named("workspace-events-topic").inputs
    assert {key: each for key, each in topic.items() if key != "tags"} == {
        "resourceGroupName": "rg",
        "location": "westeurope",
        "source": WORKSPACE,
        "topicType": "Microsoft.MachineLearningServices.Workspaces",
        "identity": {"type": "SystemAssigned"},
    }


def test_each_rule_has_a_subscription_of_its_name() -> None:
    made = deployed(rule("one"), rule("two")).resources

    assert {
        each.name: each.inputs["eventSubscriptionName"]
        for each in made
        if each.name.startswith("workspace-events-to-")
    } == {"workspace-events-to-one": "one", "workspace-events-to-two": "two"}


def test_a_webhooks_url_stays_secret_and_gets_one_event_at_a_time() -> None:
    made = subscription()

    assert made.secrets == {"destination.endpointUrl"}
    assert made.inputs["destination"] == {
        "endpointType": "WebHook",
        "endpointUrl": URL,
        "maxEventsPerBatch": 1,
        "preferredBatchSizeInKilobytes": 64,
        "minimumTlsVersionAllowed": "1.2",
    }


SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
BY_IDENTITY = [
    ("EventHub", {"kind": "event_hub", "resource_id": HUB}, "2b629674-e913-4c01-ae53-ef4638d8f975"),
    ("ServiceBusQueue", {"kind": "service_bus_queue", "resource_id": f"{BUS}/queues/q"}, SENDER),
    ("ServiceBusTopic", {"kind": "service_bus_topic", "resource_id": f"{BUS}/topics/t"}, SENDER),
    (
        "StorageQueue",
        {"kind": "storage_queue", "resource_id": ACCOUNT, "queue_name": "my-events"},
        "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
    ),
]


@pytest.mark.parametrize(("kind", "place", "role"), BY_IDENTITY)
def test_other_destinations_are_delivered_to_by_the_topics_identity_which_may_before_it_does(
    kind: str, place: dict[str, str], role: str
) -> None:
    made = deployed(rule(destination=place))
    sent = made.named("workspace-events-to-on-model").inputs
    (grant,) = [each for each in grants(made) if "-sends-" in each.name]
    scope, queue = place["resource_id"], place.get("queue_name")

    assert "destination" not in sent
    assert sent["deliveryWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "destination": {
            "endpointType": kind,
            "resourceId": scope,
            **({"queueName": queue} if queue else {}),
        },
    }
    assert grant.inputs["roleDefinitionId"].endswith(f"/{role}")
    assert (grant.inputs["scope"], grant.inputs["principalId"]) == (scope, "topic-principal")
    assert grant.name in made.everything_before("workspace-events-to-on-model")


def test_without_identity_event_grid_signs_in_by_itself() -> None:
    made = deployed(to_hub(delivery_with_identity=False))

    sent = made.named("workspace-events-to-to-hub").inputs
    assert sent["destination"]["endpointType"] == "EventHub"
    assert [each.name for each in grants(made)] == ["workspace-events-writes-dead-letters"]


def test_rules_that_share_a_destination_share_its_role() -> None:
    other = HUB.replace("/resourceGroups/", "/RESOURCEGROUPS/")
    made = deployed(to_hub("one"), to_hub("two", other), to_hub("three", f"{HUB}2"))

    names = [each.name for each in grants(made) if "-sends-" in each.name]
    assert [name.rsplit("-", 1)[0] for name in names] == [
        "workspace-events-sends-eh1",
        "workspace-events-sends-eh12",
    ]
    assert names[0] in made.everything_before("workspace-events-to-two")


def test_a_roles_name_stays_when_the_rule_that_asked_first_goes() -> None:
    both = {each.name for each in grants(deployed(to_hub("one"), to_hub("two")))}

    assert {each.name for each in grants(deployed(to_hub("two")))} == both


def test_dead_letters_are_written_by_the_topics_identity_which_has_the_right_first() -> None:
    made = deployed(rule())

    assert subscription().inputs["deadLetterWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "deadLetterDestination": {
            "endpointType": "StorageBlob",
            "resourceId": DEAD_ACCOUNT,
            "blobContainerName": "dead-letters",
        },
    }
    assert made.named("workspace-events-writes-dead-letters").inputs["scope"] == DEAD_ACCOUNT
    before = made.everything_before("workspace-events-to-on-model")
    assert "workspace-events-writes-dead-letters" in before


def test_a_rule_can_have_a_dead_letter_container_of_its_own() -> None:
    own = f"{ACCOUNT}/blobServices/default/containers/lost-models"
    made = deployed(rule(dead_letter_container_id=own))

    dead = subscription(dead_letter_container_id=own).inputs["deadLetterWithResourceIdentity"]
    (grant,) = [each for each in grants(made) if each.inputs["scope"] == ACCOUNT]
    assert dead["deadLetterDestination"]["blobContainerName"] == "lost-models"
    assert grant.name in made.everything_before("workspace-events-to-on-model")


@pytest.mark.parametrize("group", ["/rg/", "/RG/"])
def test_a_container_beside_the_stacks_dead_letters_asks_for_no_role_twice(group: str) -> None:
    account = DEAD_ACCOUNT.replace("/rg/", group)
    own = f"{account}/blobServices/default/containers/lost-models"
    made = deployed(rule(dead_letter_container_id=own), rule("two", dead_letter_container_id=own))

    assert [each.inputs["scope"] for each in grants(made)] == [DEAD_ACCOUNT, DEAD]


@pytest.mark.parametrize(
    ("schema", "sent"),
    [("event_grid", "EventGridSchema"), ("cloud_events", "CloudEventSchemaV1_0")],
)
def test_events_are_delivered_in_the_chosen_schema(schema: str, sent: str) -> None:
    assert subscription(schema=schema).inputs["eventDeliverySchema"] == sent


_VALUES: dict[tuple[type, ...], Any] = {(str,): "x", (int, float): 7, (bool,): True}


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_sent_as_azure_native_has_it(operator: str) -> None:
    kinds = OPERATORS[operator]
    value: Any = [1, 2] if kinds.pairs else _VALUES.get(kinds.kinds)
    operands = {"values": {"values": [value]}, "value": {"value": value}, "": {}}[kinds.field]
    condition = {"operator": operator, "key": "data.x", **operands}

    (sent,) = subscription(advanced_filters=[condition]).inputs["filter"]["advancedFilters"]

    assert sent == {"operatorType": operator, "key": "data.x", **operands}


def test_a_right_that_is_not_yet_effective_is_waited_for() -> None:
    assert subscription().error_hooks == ("workspace-events-to-on-model-propagation",)


def test_the_subscriptions_are_told_by_the_names_of_their_rules() -> None:
    topic = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/workspace-events-topic"

    assert deployed(rule()).exports["workspace_event_subscription_ids"] == {
        "on-model": f"{topic}/eventSubscriptions/on-model"
    }

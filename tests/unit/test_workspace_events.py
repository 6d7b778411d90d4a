"""Who is told about a workspace's events: the topic, the subscriptions, the roles."""

from typing import Any

import pytest
from pulumi import Output

from components.azure.placement import PlacementArgs
from components.event_grid.operators import OPERATORS
from components.event_grid.rules import EventRuleArgs
from components.event_grid.workspace_events import (
    ExistingTopicWorkspaceEvents,
    RulesArgs,
    WorkspaceEvents,
)
from tests.unit.azure import GROUP, SUBSCRIPTION
from tests.unit.engine import Deployment, Registered, deploy

WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/team"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/inputs"
DEAD = f"{ACCOUNT}/blobServices/default/containers/dead-letters"
HUB = f"{GROUP}/providers/Microsoft.EventHub/namespaces/n1/eventhubs/EH1"
BUS = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/n1"
TOPIC = f"{SUBSCRIPTION}/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/ml"


def rule(name: str = "on-model", **changes: Any) -> EventRuleArgs:
    given: dict[str, Any] = {
        "name": name,
        "event_types": ["Microsoft.MachineLearningServices.ModelRegistered"],
        "endpoint_type": "WebHook",
        "endpoint_url": "https://h.example.com/a?code=SECRET",
        "max_delivery_attempts": 5.0,
        "time_to_live_minutes": 60.0,
    }
    args: EventRuleArgs = given | changes  # type: ignore[assignment]
    return args


def to_hub(name: str = "to-hub", resource_id: str = HUB, **changes: Any) -> EventRuleArgs:
    place = {"endpoint_type": "EventHub", "endpoint_url": None, "resource_id": resource_id}
    return rule(name, **{**place, "with_identity": True, **changes})


def deployed(*rules: EventRuleArgs, existing: str | None = None) -> Deployment:
    def program() -> None:
        args: RulesArgs = {
            "rules": list(rules),
            "dead_letter_container_id": Output.from_input(DEAD),
        }
        if existing:
            ExistingTopicWorkspaceEvents("told", {**args, "topic_id": existing})
        else:
            place: PlacementArgs = {"resource_group_name": "rg", "location": "northeurope"}
            WorkspaceEvents("told", {**place, **args, "workspace_id": WORKSPACE})

    return deploy(program)


def subscription(**changes: Any) -> Registered:
    return deployed(rule(**changes)).one("EventSubscription")


def test_the_topic_is_the_workspaces_in_its_region_with_an_identity() -> None:
    assert deployed(rule()).one("SystemTopic").inputs == {
        "resourceGroupName": "rg",
        "location": "northeurope",
        "source": WORKSPACE,
        "topicType": "Microsoft.MachineLearningServices.Workspaces",
        "identity": {"type": "SystemAssigned"},
    }


def test_each_rule_has_a_subscription_of_its_name() -> None:
    made = deployed(rule("one"), rule("two")).all("EventSubscription")

    assert {each.name: each.inputs["eventSubscriptionName"] for each in made} == {
        "told-to-one": "one",
        "told-to-two": "two",
    }


def test_a_webhooks_url_stays_secret_and_gets_one_event_at_a_time() -> None:
    made = subscription()

    assert made.secrets == {"destination.endpointUrl"}
    assert made.inputs["destination"] == {
        "endpointType": "WebHook",
        "endpointUrl": "https://h.example.com/a?code=SECRET",
        "maxEventsPerBatch": 1,
        "preferredBatchSizeInKilobytes": 64,
        "minimumTlsVersionAllowed": "1.2",
    }


@pytest.mark.parametrize(
    ("rule_args", "destination"),
    [
        (to_hub(), {"endpointType": "EventHub", "resourceId": HUB}),
        (
            rule(
                endpoint_type="StorageQueue",
                resource_id=ACCOUNT,
                queue_name="ml",
                with_identity=True,
            ),
            {"endpointType": "StorageQueue", "resourceId": ACCOUNT, "queueName": "ml"},
        ),
        (
            to_hub(resource_id=f"{BUS}/queues/q", endpoint_type="ServiceBusQueue"),
            {"endpointType": "ServiceBusQueue", "resourceId": f"{BUS}/queues/q"},
        ),
        (
            to_hub(resource_id=f"{BUS}/topics/t", endpoint_type="ServiceBusTopic"),
            {"endpointType": "ServiceBusTopic", "resourceId": f"{BUS}/topics/t"},
        ),
    ],
)
def test_other_destinations_are_delivered_to_by_the_topics_identity(
    rule_args: EventRuleArgs, destination: dict[str, str]
) -> None:
    made = deployed(rule_args).one("EventSubscription").inputs

    assert "destination" not in made
    assert made["deliveryWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "destination": destination,
    }


def test_without_identity_event_grid_signs_in_by_itself() -> None:
    made = deployed(to_hub(with_identity=False))

    assert made.one("EventSubscription").inputs["destination"]["endpointType"] == "EventHub"
    assert [grant.name for grant in made.all("RoleAssignment")] == ["told-writes-dead-letters"]


@pytest.mark.parametrize(
    ("place", "role", "scope"),
    [
        (
            {"endpoint_type": "EventHub", "resource_id": HUB},
            "2b629674-e913-4c01-ae53-ef4638d8f975",
            HUB,
        ),
        (
            {"endpoint_type": "ServiceBusQueue", "resource_id": f"{BUS}/queues/q"},
            "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
            f"{BUS}/queues/q",
        ),
        (
            {"endpoint_type": "ServiceBusTopic", "resource_id": f"{BUS}/topics/t"},
            "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
            f"{BUS}/topics/t",
        ),
        (
            {"endpoint_type": "StorageQueue", "resource_id": ACCOUNT, "queue_name": "ml"},
            "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
            ACCOUNT,
        ),
    ],
)
def test_the_identity_may_send_to_the_destination_and_no_further_before_it_does(
    place: dict[str, str], role: str, scope: str
) -> None:
    made = deployed(rule(with_identity=True, **place))

    (grant,) = [each for each in made.all("RoleAssignment") if "-sends-" in each.name]
    assert grant.inputs["roleDefinitionId"].endswith(f"/{role}")
    assert (grant.inputs["scope"], grant.inputs["principalId"]) == (scope, "topic-principal")
    assert grant.name in made.everything_before("told-to-on-model")


def test_rules_that_share_a_destination_share_its_role() -> None:
    made = deployed(to_hub("one"), to_hub("two", HUB.upper()), to_hub("three", f"{HUB}2"))

    grants = [each.name for each in made.all("RoleAssignment") if "-sends-" in each.name]
    assert [name.rsplit("-", 1)[0] for name in grants] == ["told-sends-eh1", "told-sends-eh12"]
    assert grants[0] in made.everything_before("told-to-two")


def test_a_roles_name_stays_when_the_rule_that_asked_first_goes() -> None:
    both = {each.name for each in deployed(to_hub("one"), to_hub("two")).all("RoleAssignment")}
    second = {each.name for each in deployed(to_hub("two")).all("RoleAssignment")}

    assert second == both


def test_dead_letters_are_written_by_the_topics_identity_which_has_the_right_first() -> None:
    made = deployed(rule())

    assert made.one("EventSubscription").inputs["deadLetterWithResourceIdentity"] == {
        "identity": {"type": "SystemAssigned"},
        "deadLetterDestination": {
            "endpointType": "StorageBlob",
            "resourceId": ACCOUNT,
            "blobContainerName": "dead-letters",
        },
    }
    assert made.named("told-writes-dead-letters").inputs["scope"] == ACCOUNT
    assert "told-writes-dead-letters" in made.everything_before("told-to-on-model")


def test_a_rule_can_have_a_dead_letter_container_of_its_own() -> None:
    theirs = f"{ACCOUNT}2"
    own = f"{theirs}/blobServices/default/containers/lost-models"
    made = deployed(rule(dead_letter_container_id=own))

    dead = made.one("EventSubscription").inputs["deadLetterWithResourceIdentity"]
    (grant,) = [each for each in made.all("RoleAssignment") if each.inputs["scope"] == theirs]
    assert dead["deadLetterDestination"]["blobContainerName"] == "lost-models"
    assert grant.name in made.everything_before("told-to-on-model")


@pytest.mark.parametrize("account", [ACCOUNT, ACCOUNT.upper()])
def test_a_container_beside_the_stacks_dead_letters_asks_for_no_role_twice(account: str) -> None:
    own = f"{account}/blobServices/default/containers/lost-models"
    made = deployed(rule(dead_letter_container_id=own), rule("two", dead_letter_container_id=own))

    assert [each.inputs["scope"] for each in made.all("RoleAssignment")] == [ACCOUNT, DEAD]


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
    condition = {"operator": operator, "key": "data.x", "values": [value] if kinds.field else []}

    (sent,) = subscription(advanced_filters=[condition]).inputs["filter"]["advancedFilters"]

    operands = {"values": {"values": [value]}, "value": {"value": value}, "": {}}[kinds.field]
    assert sent == {"operatorType": operator, "key": "data.x", **operands}


def test_an_existing_topic_brings_its_group_and_its_identity() -> None:
    made = deployed(rule(), existing=TOPIC)

    assert made.one("SystemTopic").read_id == TOPIC
    assert made.one("EventSubscription").inputs["resourceGroupName"] == "events"
    assert made.one("EventSubscription").inputs["systemTopicName"] == "ml"


def test_a_right_that_is_not_yet_effective_is_waited_for() -> None:
    assert subscription().error_hooks == ("told-to-on-model-propagation",)


def test_the_subscriptions_are_told_by_the_names_of_their_rules() -> None:
    topic = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/told-topic"

    assert deployed(rule()).outputs["told"] == {
        "subscription_ids": {"on-model": f"{topic}/eventSubscriptions/on-model"}
    }

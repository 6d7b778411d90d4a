"""An Event Grid domain: its topics, who may send, and who gets what."""

from components.event_grid.domain_subscriptions import DomainSubscriptions, DomainSubscriptionsArgs
from components.event_grid.event_domain import EventDomain, EventDomainArgs
from components.event_grid.rules import EventRuleArgs
from tests.unit.azure import GROUP
from tests.unit.engine import Deployment, deploy
from tests.unit.test_workspace_events import DEAD, HUB, rule, to_hub

DOMAIN = f"{GROUP}/providers/Microsoft.EventGrid/domains/events-domain"


def deployed(*, access_keys: bool = False) -> Deployment:
    args: EventDomainArgs = {
        "resource_group_name": "rg",
        "location": "northeurope",
        "topics": ["models", "data"],
        "publishers": [{"object_id": "sender", "type": "Group"}],
        "access_keys": access_keys,
    }
    return deploy(lambda: EventDomain("events", args))


def subscribed(given: EventRuleArgs) -> Deployment:
    args: DomainSubscriptionsArgs = {
        "subscriptions": [{"topic_id": f"{DOMAIN}/topics/models", "rule": given}],
        "principal_id": "domain-principal",
        "dead_letter_container_id": DEAD,
    }
    return deploy(lambda: DomainSubscriptions("domain-events", args))


def test_azure_makes_and_removes_no_topic_behind_pulumis_back() -> None:
    assert deployed().one("eventgrid:Domain").inputs == {
        "resourceGroupName": "rg",
        "location": "northeurope",
        "identity": {"type": "SystemAssigned"},
        "inputSchema": "EventGridSchema",
        "disableLocalAuth": True,
        "autoCreateTopicWithFirstSubscription": False,
        "autoDeleteTopicWithLastSubscription": False,
        "minimumTlsVersionAllowed": "1.2",
        "publicNetworkAccess": "Enabled",
    }


def test_the_topics_are_the_domains() -> None:
    topics = [each.inputs for each in deployed().all("eventgrid:DomainTopic")]

    assert [each["domainTopicName"] for each in topics] == ["models", "data"]
    assert {each["domainName"] for each in topics} == {"events-domain"}


def test_keys_are_off_unless_they_are_asked_for() -> None:
    assert deployed(access_keys=True).one("eventgrid:Domain").inputs["disableLocalAuth"] is False


def test_publishers_may_send_events_to_the_domain_and_nothing_else() -> None:
    grant = deployed().one("RoleAssignment").inputs

    assert grant["roleDefinitionId"].endswith("/d5a91429-5739-47e2-a06b-3470a27159e7")
    assert (grant["scope"], grant["principalId"]) == (DOMAIN, "sender")
    assert grant["principalType"] == "Group"


def test_a_subscription_is_at_its_topic() -> None:
    made = subscribed(rule()).one("EventSubscription").inputs

    assert (made["domainName"], made["topicName"]) == ("events-domain", "models")
    assert (made["resourceGroupName"], made["eventSubscriptionName"]) == ("rg", "on-model")


def test_a_functions_url_stays_secret() -> None:
    assert subscribed(rule()).one("EventSubscription").secrets == {"destination.endpointUrl"}


def test_the_domains_identity_delivers_and_writes_dead_letters() -> None:
    made = subscribed(to_hub())

    grants = {each.inputs["scope"]: each.inputs["principalId"] for each in made.all("Assignment")}
    assert grants == {
        HUB: "domain-principal",
        DEAD.partition("/blobServices/")[0]: "domain-principal",
    }
    assert made.everything_before("domain-events-to-to-hub") >= {
        each.name for each in made.all("RoleAssignment")
    }


def test_the_subscriptions_are_told_by_the_names_of_their_rules() -> None:
    assert subscribed(rule()).outputs["domain-events"] == {
        "subscription_ids": {"on-model": f"{DOMAIN}/topics/models/eventSubscriptions/on-model"}
    }

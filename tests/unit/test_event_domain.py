"""An Event Grid domain: its topics, who may send, and who gets what."""

from typing import Any

from tests.unit.azure import GROUP
from tests.unit.engine import Deployment
from tests.unit.program import run
from tests.unit.sample_event_settings import DOMAIN, DOMAIN_SECRETS, HUB, rule
from tests.unit.sample_settings import CALLER, changed

ID = f"{GROUP}/providers/Microsoft.EventGrid/domains/events-domain"
SUBSCRIBED = "domain-events-to-on-domain-model"


def deployed(**changes: Any) -> Deployment:
    return run(changed(event_domain={**DOMAIN, **changes}, event_secrets=DOMAIN_SECRETS))


def silent() -> Deployment:
    """One that sends nothing on, whose publishers may have keys."""
    return run(changed(event_domain={"topics": ["models"], "access_keys": True}))


def test_azure_makes_and_removes_no_topic_behind_pulumis_back() -> None:
    made = deployed().one("eventgrid:Domain").inputs
    assert {key: each for key, each in made.items() if key != "tags"} == {
        "resourceGroupName": "rg",
        "location": "westeurope",
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
    assert silent().one("eventgrid:Domain").inputs["disableLocalAuth"] is False


def test_publishers_may_send_events_to_the_domain_and_nothing_else() -> None:
    (grant,) = [each for each in deployed().all("RoleAssignment") if each.parent == "events"]

    assert grant.inputs["roleDefinitionId"].endswith("/d5a91429-5739-47e2-a06b-3470a27159e7")
    assert (grant.inputs["scope"], grant.inputs["principalId"]) == (ID, CALLER)
    assert grant.inputs["principalType"] == "ServicePrincipal"


def test_a_subscription_is_at_its_topic_and_its_url_stays_secret() -> None:
    made = deployed().named(SUBSCRIBED)

    place = ("resourceGroupName", "domainName", "topicName", "eventSubscriptionName")
    assert [made.inputs[each] for each in place] == [
        *("rg", "events-domain", "models", "on-domain-model")
    ]
    assert made.secrets == {"destination.endpointUrl"}


def test_a_subscriptions_schema_stays() -> None:
    assert deployed().named(SUBSCRIBED).update_hooks == (f"{SUBSCRIBED}-schema-stays",)


def test_the_domains_identity_delivers_and_writes_dead_letters() -> None:
    to_hub = rule(
        "on-domain-model", topic="models", destination={"kind": "event_hub", "resource_id": HUB}
    )
    made = run(changed(event_domain={**DOMAIN, "subscriptions": [to_hub]}))
    grants = [each for each in made.all("RoleAssignment") if each.parent == "domain-events"]

    assert {each.inputs["scope"]: each.inputs["principalId"] for each in grants} == {
        HUB: "domain-principal",
        f"{GROUP}/providers/Microsoft.Storage/storageAccounts/dlinputs0a1b2c3d4e": (
            "domain-principal"
        ),
    }
    assert made.everything_before(SUBSCRIBED) >= {each.name for each in grants}


def test_a_domain_tells_its_endpoint_and_its_subscriptions() -> None:
    exports = deployed().exports

    subscription = f"{ID}/topics/models/eventSubscriptions/on-domain-model"
    assert exports["event_grid_topic_endpoint"] == (
        "https://events-domain.westeurope-1.eventgrid.azure.net/api/events"
    )
    assert exports["event_subscription_id"] == subscription
    assert exports["domain_event_subscription_ids"] == {"on-domain-model": subscription}


def test_a_domain_without_subscriptions_makes_none() -> None:
    assert silent().all("DomainSubscriptions") == []
    assert "event_subscription_id" not in silent().exports

"""What is counted of deliveries, told by a GET, and whether it meets an alert's condition."""

from dataclasses import replace
from typing import Any

import pytest

from local_azure_tests.core.bodies import ALERT, GLOBAL, TOLD
from local_azure_tests.core.rest_client import Client
from local_azure_tests.eventgrid.conftest import Grid, grid, shared  # noqa: F401 fixtures
from local_azure_tests.storage import world

GROUP = TOLD.replace("resourceGroups/rg", "resourceGroups/group")
RULES = GROUP.rpartition("/actionGroups")[0] + "/metricAlerts"
METRICS = f"{world.TOPIC}/providers/Microsoft.Insights/metrics"


@pytest.fixture
def monitor(grid: Grid) -> Client:  # noqa: F811 the fixture
    """Somebody who may read and write all of it, and an event that its webhook has refused."""
    client = Client(grid)
    world.advance(grid, hours=2)  # what another test left is counted no more
    world.build(grid, ["letters"])
    client.ask(world.GROUP, "2024-11-01", "PUT", {"location": "westeurope"})
    told = {**GLOBAL, "properties": {"groupShortName": "team", "enabled": True}}
    client.ask(GROUP, "2024-10-01-preview", "PUT", told)
    world.let_bury(grid)
    grid.subscribe(deadLetterWithResourceIdentity=world.DEAD_LETTERS)
    grid.hook.answers = [400]
    world.publish(grid)
    return client


def alert(**changed: Any) -> dict[str, Any]:
    """An alert on the topic's dead letters, with criteria of its own."""
    criterion = {**ALERT["properties"]["criteria"]["allOf"][0], **changed}
    criterion["dimensions"] = [
        {"name": "EventSubscriptionName", "operator": "Include", "values": ["TO-HOOK"]}
    ]
    properties = {
        **ALERT["properties"],
        "scopes": [world.TOPIC],
        "actions": [{"actionGroupId": GROUP}],
        "criteria": {**ALERT["properties"]["criteria"], "allOf": [criterion]},
    }
    return {**GLOBAL, "properties": properties}


def make(client: Client, name: str, body: dict[str, Any]) -> tuple[int, Any]:
    return client.ask(f"{RULES}/{name}", "2018-03-01", "PUT", body)


def state(client: Client, name: str) -> str:
    told = client.ask(f"{RULES}/{name}/status", "2018-03-01")[1]
    return str(told["value"][0]["properties"]["status"])


def totals(client: Client, name: str, **query: str) -> list[Any]:
    """Of each series the value of its dimension, if it has one, and its points' totals."""
    status, told = client.ask(METRICS, "2018-01-01", MetricNames=name, **query)
    assert status == 200, told
    return [
        ([each["value"] for each in one["metadatavalues"]], [p["total"] for p in one["data"]])
        for one in told["value"][0]["timeseries"]
    ]


def test_a_dead_letter_meets_its_alert_s_condition_once_it_is_written_and_no_longer(
    monitor: Client,
) -> None:
    make(monitor, "letters", alert())
    assert state(monitor, "letters") == "Healthy"

    world.advance(monitor.running, minutes=5)
    assert state(monitor, "letters") == "Unhealthy"

    world.advance(monitor.running, minutes=6)
    assert state(monitor, "letters") == "Healthy"


def test_an_alert_that_is_off_or_on_another_subscription_stays_healthy(monitor: Client) -> None:
    off, other = alert(), alert()
    off["properties"]["enabled"] = False
    dimensions = other["properties"]["criteria"]["allOf"][0]["dimensions"]
    dimensions[0]["operator"] = "Exclude"
    make(monitor, "off", off)
    make(monitor, "other", other)
    world.advance(monitor.running, minutes=5)

    assert (state(monitor, "off"), state(monitor, "other")) == ("Healthy", "Healthy")


COUNTED = [
    # The letter is a blob of the account, which raises the second event.
    ("PublishSuccessCount", {}, [([], [2])]),
    ("MatchedEventCount", {"filter": "EventSubscriptionName eq '*'"}, [(["to-hook"], [2])]),
    ("DeliverySuccessCount", {}, [([], [1])]),
    ("DroppedEventCount", {}, []),
    ("DeliveryAttemptFailCount", {"filter": "Error eq '*'"}, [(["BadRequest"], [1])]),
    (
        "DeadLetteredCount",
        {"filter": "EventSubscriptionName eq 'to-hook' and DeadLetterReason eq '*'"},
        [(["to-hook", "MaxDeliveryAttemptsExceeded"], [1])],
    ),
    ("DeadLetteredCount", {"filter": "EventSubscriptionName eq 'another'"}, []),
]


@pytest.mark.parametrize(("name", "query", "found"), COUNTED)
def test_a_metric_tells_what_happened_in_the_last_hour(
    monitor: Client, name: str, query: dict[str, str], found: list[Any]
) -> None:
    world.advance(monitor.running, minutes=5)
    world.advance(monitor.running, minutes=1)

    assert totals(monitor, name, Interval="PT1H", **query) == found


def test_an_event_that_nobody_wants_is_counted_as_unmatched(monitor: Client) -> None:
    gone = f"{world.TOPIC}/eventSubscriptions/to-hook"
    monitor.running.call(monitor.running.azure.resources.delete, gone)
    world.publish(monitor.running)
    world.advance(monitor.running, minutes=1)

    assert totals(monitor, "UnmatchedEventCount") == [([], [1])]


REFUSED = [
    ({"MetricNames": "Nonsense"}, 400, "Valid metrics: DeadLetteredCount"),
    ({"MetricNames": "DeadLetteredCount", "filter": "Colour eq '*'"}, 400, "accepted: DIMENSION"),
    ({"MetricNames": "DeadLetteredCount", "Interval": "PT2M"}, 400, "accepted: FULL, PT1M"),
    ({"MetricNames": "DeadLetteredCount", "Aggregation": "Sum"}, 400, "accepted: Average"),
    ({"MetricNames": "DeadLetteredCount", "Timespan": "PT1H"}, 400, "two times"),
    ({"MetricNames": "DeadLetteredCount", "top": "1"}, 501, "'$top'"),
    ({}, 400, "metricnames"),
]


@pytest.mark.parametrize(("query", "status", "told"), REFUSED)
def test_a_query_that_can_not_be_answered_is_refused(
    monitor: Client, query: dict[str, str], status: int, told: str
) -> None:
    found, answer = monitor.ask(METRICS, "2018-01-01", **query)

    assert (found, told in answer["error"]["message"]) == (status, True), answer


MISFITS = [
    ({"metricName": "Nonsense"}, "metricName: found 'Nonsense'"),
    ({"metricNamespace": "Microsoft.Logic/workflows"}, "metricNamespace"),
    ({"metricName": "UnmatchedEventCount"}, "accepted of UnmatchedEventCount: none"),
]


@pytest.mark.parametrize(("changed", "told"), MISFITS)
def test_an_alert_on_what_its_resource_does_not_have_is_refused(
    monitor: Client, changed: dict[str, Any], told: str
) -> None:
    status, answer = make(monitor, "wrong", alert(**changed))

    assert (status, told in answer["error"]["message"]) == (400, True), answer


def test_an_alert_on_another_kind_of_resource_than_it_says_is_refused(monitor: Client) -> None:
    body = alert()
    body["properties"]["targetResourceType"] = "Microsoft.Logic/workflows"
    status, answer = make(monitor, "wrong", body)

    assert (status, "found 'Microsoft.Logic/workflows'" in answer["error"]["message"]) == (
        400,
        True,
    )


def test_a_dimension_of_what_never_happened_needs_its_word_that_it_will(monitor: Client) -> None:
    topic = monitor.running.stored(world.TOPIC)
    new = replace(topic, id=f"{world.TOPIC}-2", name="topic-2")
    monitor.running.call(monitor.running.azure.resources.put, new)
    body = alert(skipMetricValidation=False)
    body["properties"]["scopes"] = [new.id]

    status, answer = make(monitor, "unseen", body)
    monitor.running.call(monitor.running.azure.resources.delete, new.id)

    assert (status, "skipMetricValidation" in answer["error"]["message"]) == (400, True), answer

"""What is asked of an alert's metric: by its dimensions, where it has any."""

from typing import Any

import pytest

from batch_client.verify import alerts
from batch_client.verify.resources import Resources
from tests.client.manager import Manager, asking

Told = dict[str, Any]

TOPIC = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/domains/d"
ALERT = f"{TOPIC}/alerts/a"
NAMES = {"name": "Name", "values": ["a", "b"]}
KIND = {"name": "RunType", "values": ["PipelineRun"]}


def metrics(dimensions: list[Told]) -> Manager:
    """An alert that is on, and its metric."""
    condition = {
        "metricName": "m",
        "metricNamespace": "n",
        "timeAggregation": "Total",
        "operator": "GreaterThan",
        "threshold": 0,
        "dimensions": dimensions,
    }
    told = {"criteria": {"allOf": [condition]}, "scopes": [TOPIC], "windowSize": "PT5M"}
    alert = {"properties": {"enabled": True, "actions": [{}], **told}}
    found: Told = {"value": [{"timeseries": []}]}
    return Manager({ALERT: alert, f"{TOPIC}/providers/Microsoft.Insights/metrics": found})


@pytest.mark.parametrize(
    ("dimensions", "asked"),
    [
        ([], None),
        ([NAMES], "Name eq 'a' or Name eq 'b'"),
        ([KIND, NAMES], "RunType eq 'PipelineRun' and (Name eq 'a' or Name eq 'b')"),
    ],
)
def test_a_metric_is_asked_for_by_the_dimensions_of_its_alert(
    dimensions: list[Told], asked: str | None
) -> None:
    manager = metrics(dimensions)

    alerts.told(Resources(asking({}, manager=manager)), {"alert": ALERT})

    assert [each.get("$filter") for each in manager.queries] == [asked]

"""What is asked of an alert's metric: by its dimensions, where it has any."""

from __future__ import annotations

from typing import Any

import pytest

from batch_client.caller import Caller
from batch_client.environment import Environment
from batch_client.progress import Silence
from batch_client.verify import alerts
from batch_client.verify.resources import Resources

Told = dict[str, Any]

TOPIC = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/domains/d"
NAMES = {"name": "Name", "values": ["a", "b"]}
KIND = {"name": "RunType", "values": ["PipelineRun"]}


class Manager:
    """An alert that is on, and its metric."""

    def __init__(self, dimensions: list[Told]) -> None:
        self._dimensions = dimensions
        self.asked: list[Told] = []

    def get(self, url: str, query: Told) -> Told:
        """The alert, or what its metric was."""
        if url.endswith("/metrics"):
            self.asked.append(query)
            return {"value": [{"timeseries": []}]}
        condition: Told = {
            "metricName": "m",
            "metricNamespace": "n",
            "timeAggregation": "Total",
            "operator": "GreaterThan",
            "threshold": 0,
            "dimensions": self._dimensions,
        }
        told = {"criteria": {"allOf": [condition]}, "scopes": [TOPIC], "windowSize": "PT5M"}
        return {"properties": {"enabled": True, "actions": [{}], **told}}


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
    caller, manager = Caller(Environment({}), Silence()), Manager(dimensions)
    caller.__dict__["manager"] = manager

    alerts.told(Resources(caller), {"alert": f"{TOPIC}/alerts/a"})

    assert [each.get("$filter") for each in manager.asked] == [asked]

"""The stack's alerts: that each is on and tells somebody, and which conditions were met lately.

D:rest/api/monitor/metric-alerts/get and metrics/list, which tells the last hour where no timespan
is given.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from batch_client.errors import ClientError
from batch_client.verify.resources import Resources

_ALERTS_VERSION = "2018-03-01"
_METRICS_VERSION = "2018-01-01"
_ABOVE = "GreaterThan"
"""The operator of this program's alerts."""


def told(resources: Resources, alert_ids: Mapping[str, str]) -> str:
    """How many there are, and what met their conditions in the last hour.

    Args:
        resources: looks.
        alert_ids: resource id of each by its name.

    Raises:
        ClientError: one is off, or tells nobody.
    """
    met = []
    for name, alert_id in sorted(alert_ids.items()):
        alert = resources.properties(alert_id, _ALERTS_VERSION)
        if not (alert.get("enabled") and alert.get("actions")):
            raise ClientError(f"The alert {name} is off, or tells nobody: run `make up` again.")
        met += [f"{name} ({found})" for found in _met(resources, alert)]
    lately = ", ".join(met) or "none"
    return f"{len(alert_ids)} are on; met in the last hour: {lately}"


def _met(resources: Resources, alert: Mapping[str, Any]) -> Iterator[str]:
    """The metrics of an alert that were above their thresholds."""
    for each in alert["criteria"]["allOf"]:
        how = each["timeAggregation"]
        query = {
            "metricnames": each["metricName"],
            "metricnamespace": each["metricNamespace"],
            "aggregation": how,
            "interval": alert["windowSize"],
            **_filter(each.get("dimensions") or []),
        }
        url = f"{alert['scopes'][0]}/providers/Microsoft.Insights/metrics"
        metric = resources.answer(url, _METRICS_VERSION, query)["value"][0]
        values = [
            point[how.lower()]
            for series in metric["timeseries"]
            for point in series["data"]
            if point.get(how.lower()) is not None
        ]
        highest = max(values, default=0)
        if each["operator"] == _ABOVE and highest > each["threshold"]:
            yield f"{each['metricName']} {highest:g}, above {each['threshold']:g}"


def _filter(dimensions: list[Mapping[str, Any]]) -> dict[str, str]:
    """OData; several values of a dimension in parentheses where there is another dimension."""
    if not dimensions:
        return {}
    terms = [
        " or ".join(f"{each['name']} eq '{value}'" for value in each["values"])
        for each in dimensions
    ]
    alone = len(terms) == 1
    wrapped = (term if alone or " or " not in term else f"({term})" for term in terms)
    return {"$filter": " and ".join(wrapped)}

"""Alerts on metrics, and whom they tell."""

from typing import NotRequired

import pulumi
from pulumi_azure_native import monitor

from components.azure.component import Component, Options
from components.azure.placement import PlacementArgs
from components.monitoring.conditions import AlertArgs

_EVERY = "PT5M"
"""How often a condition is looked at."""


class AlertsArgs(PlacementArgs):
    """Arguments of Alerts; they and whom they tell have no region."""

    emails: list[str]
    """Addresses that are told."""

    webhook_url: NotRequired[pulumi.Input[str] | None]
    """URL that is told, in the common alert schema: a secret."""

    alerts: list[AlertArgs]
    """When they are."""


class Alerts(Component):
    """An action group, and an alert on a metric for each condition."""

    action_group_id: pulumi.Output[str]
    """Resource id of whom they tell."""

    alert_ids: pulumi.Output[dict[str, str]]
    """Resource id of each alert by its name."""

    def __init__(self, name: str, args: AlertsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        told = _action_group(name, args, self.child)
        alerts = {
            each["name"]: _alert(name, each, told.id, args, self.child) for each in args["alerts"]
        }

        self.action_group_id = told.id
        self.alert_ids = pulumi.Output.all(**{key: each.id for key, each in alerts.items()})
        self.register_outputs({"alert_ids": self.alert_ids})


def _action_group(
    name: str, args: AlertsArgs, opts: pulumi.ResourceOptions
) -> "monitor.ActionGroup":
    webhook = args.get("webhook_url")
    return monitor.ActionGroup(
        f"{name}-told",
        resource_group_name=args["resource_group_name"],
        location="global",
        tags=args.get("tags"),
        enabled=True,
        # What begins the subject of an e-mail; at most 12 characters.
        group_short_name="batch-events",
        email_receivers=[
            {"name": address, "email_address": address, "use_common_alert_schema": True}
            for address in args["emails"]
        ],
        webhook_receivers=[
            {
                "name": "webhook",
                "service_uri": pulumi.Output.secret(webhook),
                "use_common_alert_schema": True,
            }
        ]
        if webhook
        else [],
        opts=opts,
    )


def _alert(
    name: str,
    alert: AlertArgs,
    told_id: pulumi.Input[str],
    place: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> "monitor.MetricAlert":
    return monitor.MetricAlert(
        f"{name}-{alert['name']}",
        resource_group_name=place["resource_group_name"],
        location="global",
        tags=place.get("tags"),
        description=alert["description"],
        severity=alert["severity"],
        enabled=True,
        scopes=[alert["of"]["resource_id"]],
        evaluation_frequency=_EVERY,
        window_size=alert.get("window", _EVERY),
        criteria=_criteria(alert),
        actions=[{"action_group_id": told_id}],
        opts=opts,
    )


def _criteria(
    alert: AlertArgs,
) -> "monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs":
    # Of several kinds of criteria, a dictionary would not be sent as what it is.
    only = monitor.MetricCriteriaArgs(
        criterion_type="StaticThresholdCriterion",
        name=alert["name"],
        metric_namespace=alert["of"]["namespace"],
        metric_name=alert["metric"],
        operator="GreaterThan",
        threshold=alert.get("threshold", 0),
        time_aggregation=alert.get("aggregation", "Total"),
        dimensions=[
            monitor.MetricDimensionArgs(name=name, operator="Include", values=values)
            for name, values in alert["of"]["dimensions"].items()
        ],
        # What has not happened yet has no values of dimensions to be compared with.
        skip_metric_validation=True,
    )
    return monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
        odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", all_of=[only]
    )

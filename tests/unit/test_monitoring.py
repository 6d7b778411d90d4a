"""Logs go where the stack file says, of everything that a stack makes and that logs."""

import json
from typing import Any

import pytest

from components.settings import SettingsError
from tests.unit.azure import GROUP
from tests.unit.program import run
from tests.unit.sample_settings import changed

LOGS = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/"
FREE = {
    "on-blob-workflow": ["WorkflowRuntime"],
    "blob-created-topic": ["DeliveryFailures"],
    "events-domain": ["DeliveryFailures", "PublishFailures"],
    "pipelines-factory": ["PipelineRuns", "ActivityRuns", "TriggerRuns"],
    "ml-workspace": [*("AmlComputeClusterEvent", "AmlComputeJobEvent", "AmlRunStatusChangedEvent")],
}
"""Categories of logs that cost nothing to export."""
ALL = {
    "monitoring.logs": True,
    "monitoring.workbook": True,
    "data_factory.enabled": True,
    "event_domain": {"topics": ["orders"]},
}
HOOK = "https://example.com/hook?code=s3cret"
OTHERWISE = {
    **ALL,
    "monitoring.log_workspace": f"{LOGS}theirs",
    "monitoring.failed_deliveries_an_hour": 7,
    "monitoring.notify": {"webhook": True},
    "event_secrets": {"alerts": HOOK},
}


def _settings(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made = run(changed(said)).all("DiagnosticSetting")
    return {each.name.removesuffix("-diagnostics"): each.inputs for each in made}


def test_what_is_free_to_export_goes_to_the_new_workspace_s_log_analytics() -> None:
    made = _settings(ALL)

    logged = {name: [log["category"] for log in each["logs"]] for name, each in made.items()}
    assert logged == FREE
    assert {each["workspaceId"] for each in made.values()} == {f"{LOGS}ml-insights-logs"}


def test_logs_go_to_the_workspace_that_is_named() -> None:
    made = _settings(OTHERWISE)

    assert set(made) == set(FREE)
    assert {each["workspaceId"] for each in made.values()} == {f"{LOGS}theirs"}


TOLD = {"monitoring.notify": {"emails": ["team@example.com"]}, "data_factory.enabled": True}
TOPIC = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics/"
EVERYTHING = {
    **TOLD,
    "workspace_events": {"notify_by_email": {"recipients": ["team@example.com"]}},
    "event_domain": {
        "topics": ["orders"],
        "subscriptions": [
            {
                "name": "on-order",
                "topic": "orders",
                "destination": {
                    "kind": "storage_queue",
                    "resource_id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/queues",
                    "queue_name": "orders",
                },
            }
        ],
    },
}


def _alerts(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made = run(changed(said)).all("MetricAlert")
    return {each.name.removeprefix("alerts-"): each.inputs for each in made}


def _condition(alert: dict[str, Any]) -> tuple[str, str, float, str, dict[str, list[str]]]:
    (only,) = alert["criteria"]["allOf"]
    dimensions = {each["name"]: each["values"] for each in only["dimensions"]}
    return (
        only["metricName"],
        only["timeAggregation"],
        only["threshold"],
        alert["windowSize"],
        dimensions,
    )


def test_each_alert_looks_at_what_is_this_stack_s_alone() -> None:
    found = {name: _condition(each) for name, each in _alerts(EVERYTHING).items()}

    files = {"EventSubscriptionName": ["blob-created-subscription"]}
    rules = {"EventSubscriptionName": ["notify-by-email"]}
    jobs = {"RunType": ["PipelineRun"], "ExperimentName": ["scoring0a1b2c3d4e"]}
    cluster = {"ClusterName": ["batch-cluster"]}
    assert found == {
        "files-dead-letters": ("DeadLetteredCount", "Total", 0, "PT5M", files),
        "files-dropped": ("DroppedEventCount", "Total", 0, "PT5M", files),
        "files-failing": ("DeliveryAttemptFailCount", "Total", 100, "PT1H", files),
        "workspace-events-dead-letters": ("DeadLetteredCount", "Total", 0, "PT5M", rules),
        "workspace-events-dropped": ("DroppedEventCount", "Total", 0, "PT5M", rules),
        "workspace-events-failing": ("DeliveryAttemptFailCount", "Total", 100, "PT1H", rules),
        "domain-events-dead-letters": ("DeadLetteredCount", "Total", 0, "PT5M", {}),
        "domain-events-dropped": ("DroppedEventCount", "Total", 0, "PT5M", {}),
        "domain-events-failing": ("DeliveryAttemptFailCount", "Total", 100, "PT1H", {}),
        "failed-jobs": ("Failed Runs", "Total", 0, "PT5M", jobs),
        "stuck-jobs": ("Not Responding Runs", "Total", 0, "PT5M", jobs),
        "unusable-nodes": ("Unusable Nodes", "Average", 0, "PT15M", cluster),
        "quota": ("Quota Utilization Percentage", "Average", 90, "PT1H", cluster),
        "failed-pipelines": ("PipelineFailedRuns", "Total", 0, "PT5M", {"Name": ["Score-Folder"]}),
    }


def test_each_alert_tells_the_action_group_and_is_on_its_own_resource() -> None:
    made = _alerts(TOLD)

    assert {each["actions"][0]["actionGroupId"] for each in made.values()} == {
        f"{GROUP}/providers/microsoft.insights/actionGroups/alerts-told"
    }
    assert made["files-dead-letters"]["scopes"] == [f"{TOPIC}blob-created-topic"]


def test_an_alert_is_told_as_the_monitor_takes_it() -> None:
    made = _alerts(TOLD)

    for alert in made.values():
        (only,) = alert["criteria"]["allOf"]
        told = (alert["enabled"], alert["evaluationFrequency"], only["operator"])
        assert told == (True, "PT5M", "GreaterThan")
        assert f"/providers/{only['metricNamespace']}/" in alert["scopes"][0]
    assert {name: each["severity"] for name, each in made.items()} == {
        "files-dead-letters": 1,
        "files-dropped": 0,
        "files-failing": 2,
        "failed-jobs": 2,
        "stuck-jobs": 2,
        "unusable-nodes": 3,
        "quota": 3,
        "failed-pipelines": 1,
    }


def test_everybody_is_told_in_the_common_schema() -> None:
    (group,) = run(changed(TOLD)).all("ActionGroup")

    address = "team@example.com"
    assert group.inputs["enabled"] is True
    assert group.inputs["emailReceivers"] == [
        {"name": address, "emailAddress": address, "useCommonAlertSchema": True}
    ]


def test_a_webhook_s_url_is_a_secret() -> None:
    (group,) = run(changed(OTHERWISE)).all("ActionGroup")

    assert group.inputs["webhookReceivers"][0]["serviceUri"] == HOOK
    assert group.secrets == {"webhookReceivers[0].serviceUri"}


def test_a_webhook_s_url_is_one_of_https() -> None:
    said = {"monitoring.notify": {"webhook": True}, "event_secrets": {"alerts": "http://h.com/"}}

    with pytest.raises(SettingsError, match="an https URL for the webhook of alerts"):
        changed(said)


def test_how_many_deliveries_may_fail_is_a_setting() -> None:
    assert _condition(_alerts(OTHERWISE)["files-failing"])[2] == 7


def test_a_workbook_shows_the_logs() -> None:
    workbook = run(changed(ALL)).one("applicationinsights:Workbook")
    items = json.loads(workbook.inputs["serializedData"])["items"]

    assert [each["content"]["queryType"] for each in items] == [0] * 6
    assert (workbook.inputs["kind"], workbook.inputs["category"]) == ("shared", "workbook")


def test_a_workbook_has_its_source_and_its_title_as_azure_keeps_them() -> None:
    workbook = run(changed(ALL)).one("applicationinsights:Workbook")

    assert workbook.inputs["sourceId"] == f"{LOGS}ml-insights-logs".lower()
    tags = {"hidden-title": workbook.inputs["displayName"], "managed_by": "pulumi"}
    assert workbook.inputs["tags"].items() >= tags.items()

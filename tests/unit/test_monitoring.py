"""Logs go where the stack file says, of everything that a stack makes and that logs."""

from __future__ import annotations

from typing import Any

from tests.unit.azure import GROUP
from tests.unit.program import run
from tests.unit.sample_settings import changed

LOGS = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/"
FREE = {
    "on-blob-workflow": ["WorkflowRuntime"],
    "blob-created-topic": ["DeliveryFailures"],
    "events-domain": ["DeliveryFailures", "PublishFailures"],
    "pipelines-factory": ["PipelineRuns", "ActivityRuns", "TriggerRuns"],
    "ml-workspace": [
        *("AmlComputeClusterEvent", "AmlComputeJobEvent", "AmlRunStatusChangedEvent"),
    ],
}
"""Categories of logs that cost nothing to export."""
ALL = {
    "monitoring.logs": True,
    "data_factory.enabled": True,
    "event_domain": {"topics": ["orders"]},
}


def _settings(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made = run(changed(said)).all("DiagnosticSetting")
    return {each.name.removesuffix("-diagnostics"): each.inputs for each in made}


def test_a_stack_that_says_nothing_keeps_no_logs() -> None:
    assert _settings({}) == {}


def test_what_is_free_to_export_goes_to_the_new_workspace_s_log_analytics() -> None:
    made = _settings(ALL)

    logged = {name: [log["category"] for log in each["logs"]] for name, each in made.items()}
    assert logged == FREE
    assert {each["workspaceId"] for each in made.values()} == {f"{LOGS}ml-insights-logs"}


def test_logs_go_to_the_workspace_that_is_named() -> None:
    made = _settings({**ALL, "monitoring.log_workspace": f"{LOGS}theirs"})

    assert set(made) == set(FREE)
    assert {each["workspaceId"] for each in made.values()} == {f"{LOGS}theirs"}

"""A page in the portal that shows what a stack's logs tell.

That the portal opens it is UNVERIFIED: the shape of its items is from memory. Tables and columns
are documented (D:azure-monitor/reference/tables, ADFPipelineRun among them;
D:machine-learning/monitor-azure-machine-learning-reference).

The source is in lower case, and the tag hidden-title there, because Azure has them so (resource
azurerm_application_insights_workbook of terraform-provider-azurerm). Azure tells the content only
where `canFetchContent` asks for it, and azure-native does not ask, neither in a refresh nor when it
reads what it has written (pulumi/pulumi-azure-native#3042): who changed the content is not seen.
"""

import json
from typing import NamedTuple

import pulumi
from pulumi_azure_native import applicationinsights
from pulumi_random import RandomUuid

from components.azure.component import Component, Options
from components.azure.placement import PlacementArgs


class _Query(NamedTuple):
    title: str
    text: str


_QUERIES = (
    _Query(
        "Jobs that failed",
        "AmlComputeJobEvent | where EventType == 'JobFailed'"
        " | project TimeGenerated, JobName, ExperimentName, ClusterName, JobErrorMessage"
        " | order by TimeGenerated desc",
    ),
    _Query(
        "Jobs by the hour",
        "AmlComputeJobEvent | where EventType in ('JobSucceeded', 'JobFailed')"
        " | summarize count() by EventType, bin(TimeGenerated, 1h)",
    ),
    _Query(
        "Nodes of clusters",
        "AmlComputeClusterEvent | summarize max(CurrentNodeCount), max(TargetNodeCount),"
        " max(UnusableNodeCount) by ClusterName, bin(TimeGenerated, 15m)",
    ),
    _Query("Deliveries that failed", "AegDeliveryFailureLogs | order by TimeGenerated desc"),
    _Query(
        "Runs of workflows",
        "AzureDiagnostics | where Category == 'WorkflowRuntime'"
        " | where OperationName == 'Microsoft.Logic/workflows/workflowRunCompleted'"
        " | summarize count() by status_s, resource_workflowName_s, bin(TimeGenerated, 1h)",
    ),
    _Query(
        "Runs of pipelines",
        "ADFPipelineRun | where Status in ('Succeeded', 'Failed', 'Cancelled')"
        " | project TimeGenerated, PipelineName, Status, RunId | order by TimeGenerated desc",
    ),
)


class WorkbookArgs(PlacementArgs):
    """Arguments of Workbook; its logs are those of log_workspace_id, which it must have."""

    display_name: str
    """What the portal calls it."""


class Workbook(Component):
    """A workbook with a table for each thing that the logs tell."""

    workbook_id: pulumi.Output[str]
    """Resource id of the workbook."""

    def __init__(self, name: str, args: WorkbookArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        workbook = applicationinsights.Workbook(
            f"{name}-workbook",
            resource_group_name=args["resource_group_name"],
            resource_name_=RandomUuid(f"{name}-guid", opts=self.child).result,
            location=args.get("location"),
            tags=_tags(args),
            kind="shared",
            category="workbook",
            display_name=args["display_name"],
            source_id=pulumi.Output.from_input(args["log_workspace_id"]).apply(str.lower),
            serialized_data=json.dumps(_content()),
            # One that moves has the same name there.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

        self.workbook_id = workbook.id
        self.register_outputs({"workbook_id": self.workbook_id})


def _tags(args: WorkbookArgs) -> pulumi.Output[dict[str, pulumi.Input[str]]]:
    given = pulumi.Output.from_input(args.get("tags") or {})
    return given.apply(lambda tags: {**tags, "hidden-title": args["display_name"]})


def _content() -> dict[str, object]:
    items = [
        {
            "type": 3,
            "name": query.title,
            "content": {
                "version": "KqlItem/1.0",
                "title": query.title,
                "query": query.text,
                "size": 1,
                "queryType": 0,
                "resourceType": "microsoft.operationalinsights/workspaces",
                "timeContext": {"durationMs": 86_400_000},
            },
        }
        for query in _QUERIES
    ]
    return {"version": "Notebook/1.0", "items": items}

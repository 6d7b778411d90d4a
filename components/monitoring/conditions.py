"""Which alerts there are: metrics of a stack's resources, and above which value somebody is told.

Names, namespaces, aggregations and dimensions: azure-monitor-docs, supported metrics (of system
topics 2026-07-31, of domains and factories 2026-07-13, of machine learning workspaces). Thresholds
are those of Azure Monitor Baseline Alerts (Azure/azure-monitor-baseline-alerts, 2026-05-26) but for
failing deliveries, which are how this program waits: the workflow answers 503 and is asked again.
Therefore many of them within an hour tell something, and runs of the workflow that failed nothing,
nor does a queued job, as each is for a while. Subscriptions are named as they are called: so do
alerts of others (public Terraform of system topics); Azure's logs have those names in capitals.
"""

from typing import NotRequired, TypedDict

import pulumi

Dimensions = dict[str, list[pulumi.Input[str]]]


class WatchedArgs(TypedDict):
    """What is looked at."""

    resource_id: pulumi.Input[str]
    """Its resource id."""

    namespace: str
    """Its type."""

    dimensions: dict[str, list[pulumi.Input[str]]]
    """Values of the metric's dimensions; what has others is left out."""


class AlertArgs(TypedDict):
    """When somebody is told."""

    of: WatchedArgs
    """What is looked at."""

    name: str
    """What the alert is called."""

    description: str
    """What it means, and what to do."""

    metric: str
    """Which metric of it."""

    aggregation: NotRequired[str]
    """`Total`, by default, or `Average`."""

    threshold: NotRequired[int]
    """Above which value somebody is told; 0 by default."""

    window: NotRequired[str]
    """ISO 8601: `PT5M`, by default, `PT15M` or `PT1H`."""

    severity: int
    """0, the worst, to 4."""


def deliveries(name: str, what: WatchedArgs, most_failures: int) -> list[AlertArgs]:
    """Of event subscriptions to one topic, or to topics of one domain.

    Args:
        name: what the alerts' names begin with.
        what: the topic or the domain.
        most_failures: failed attempts within an hour that nobody is told of.
    """
    return [
        {
            "of": what,
            "name": f"{name}-dead-letters",
            "description": "An event could not be delivered and lies in the dead-letter container:"
            " see docs/operations.md, Dead letters.",
            "metric": "DeadLetteredCount",
            "severity": 1,
        },
        {
            "of": what,
            "name": f"{name}-dropped",
            "description": "An event was given up without a dead letter: `batch-events watch` tells"
            " which files have no job.",
            "metric": "DroppedEventCount",
            "severity": 0,
        },
        {
            "of": what,
            "name": f"{name}-failing",
            "description": "Deliveries keep failing, which ends in dead letters: look at the last"
            " runs of the workflow, or at whoever else gets the events.",
            "metric": "DeliveryAttemptFailCount",
            "threshold": most_failures,
            "window": "PT1H",
            "severity": 2,
        },
    ]


def jobs(workspace_id: pulumi.Input[str], endpoint_name: pulumi.Input[str]) -> list[AlertArgs]:
    """Of one endpoint's jobs, whose experiment has its name (azureml-examples).

    A job is a pipeline's run with a step, so the step is left out: a recorded one has
    `azureml.runsource` azureml.PipelineRun. That the metric says so is inferred.
    """
    of_endpoint = _workspace(
        workspace_id, {"RunType": ["PipelineRun"], "ExperimentName": [endpoint_name]}
    )
    return [
        {
            "of": of_endpoint,
            "name": "failed-jobs",
            "description": "A batch job failed: `batch-events jobs --state Failed`, then"
            " `batch-events why JOB`.",
            "metric": "Failed Runs",
            "severity": 2,
        },
        {
            "of": of_endpoint,
            "name": "stuck-jobs",
            "description": "A batch job does not respond: `batch-events why JOB`, `batch-events"
            " cancel JOB`.",
            "metric": "Not Responding Runs",
            "severity": 2,
        },
    ]


def nodes(workspace_id: pulumi.Input[str], cluster_name: pulumi.Input[str]) -> list[AlertArgs]:
    """Of the cluster that jobs run on."""
    of_cluster = _workspace(workspace_id, {"ClusterName": [cluster_name]})
    return [
        {
            "of": of_cluster,
            "name": "unusable-nodes",
            "description": "Nodes of the cluster can't be used: jobs wait for others.",
            "metric": "Unusable Nodes",
            "aggregation": "Average",
            "window": "PT15M",
            "severity": 3,
        },
        {
            "of": of_cluster,
            "name": "quota",
            "description": "The quota of the cluster's machines is nearly used up: jobs wait.",
            "metric": "Quota Utilization Percentage",
            "aggregation": "Average",
            "threshold": 90,
            "window": "PT1H",
            "severity": 3,
        },
    ]


def pipelines(factory_id: pulumi.Input[str], names: list[pulumi.Input[str]]) -> list[AlertArgs]:
    """Of a data factory's pipelines that are started by themselves; those they call fail them."""
    what: WatchedArgs = {
        "resource_id": factory_id,
        "namespace": "Microsoft.DataFactory/factories",
        "dimensions": {"Name": names},
    }
    return [
        {
            "of": what,
            "name": "failed-pipelines",
            "description": "A pipeline's run failed, as it does where its job did: its activities"
            " tell why.",
            "metric": "PipelineFailedRuns",
            "severity": 1,
        }
    ]


def _workspace(workspace_id: pulumi.Input[str], dimensions: Dimensions) -> WatchedArgs:
    return {
        "resource_id": workspace_id,
        "namespace": "Microsoft.MachineLearningServices/workspaces",
        "dimensions": dimensions,
    }

"""System topics: what Azure tells about one resource. There is one for each resource.

Its identity delivers what may be delivered by identity, and writes the dead letters
(D:event-grid/managed-service-identity).
"""

import pulumi
from pulumi_azure_native import eventgrid

from components.azure.diagnostics import SYSTEM_TOPIC, send_logs
from components.azure.options import also
from components.azure.placement import PlacementArgs, placed
from components.identity import access

STORAGE = "Microsoft.Storage.StorageAccounts"
WORKSPACE = "Microsoft.MachineLearningServices.Workspaces"

SOURCE = ["source"]
"""What Azure changes of no topic (Azure/azure-quickstart-templates#13688), and azure-native would
send as a change of it: Azure's specification does not say that it stays."""


def create(
    name: str,
    kind: str,
    source_id: pulumi.Input[str],
    args: PlacementArgs,
    opts: pulumi.ResourceOptions,
) -> eventgrid.SystemTopic:
    """The topic of a resource, of one of the kinds above; the location is the resource's."""
    topic = eventgrid.SystemTopic(
        f"{name}-topic",
        **placed(args),
        source=source_id,
        topic_type=kind,
        identity={"type": "SystemAssigned"},
        opts=also(opts, replace_on_changes=SOURCE),
    )
    send_logs(f"{name}-topic", topic.id, SYSTEM_TOPIC, args.get("log_workspace_id"), opts)
    return topic


def principal_of(topic: eventgrid.SystemTopic | eventgrid.Domain) -> pulumi.Output[str]:
    """The object id of who delivers for a topic or a domain, and writes its dead letters."""
    return access.principal_of(
        topic.identity,
        "The system topic has no system-assigned identity, which writes the dead letters; "
        "give it one: az eventgrid system-topic update --identity systemassigned",
    )

"""A Logic Apps connection to Office 365 Outlook.

Nobody can send through it until a person has authorised it once, in the portal: e-mails are sent in
that person's name. Consent is no part of a template, so a new connection begins without it.
"""

from typing import Any

import pulumi
from pulumi_azure_native import web

from components.azure.component import Component, Options
from components.azure.placement import PlacementArgs

_CONSENT = ["properties.statuses", "properties.changedTime", "properties.testLinks"]
"""What Azure writes into it once it is authorised, where azure-native has inputs of that name."""


class EmailConnectionArgs(PlacementArgs):
    """Arguments of EmailConnection."""

    subscription_id: pulumi.Input[str]
    """Id of the subscription that it is in, a GUID."""

    display_name: pulumi.Input[str]
    """What people see it as."""


class EmailConnection(Component):
    """API connection of the connector `office365`."""

    connection_id: pulumi.Output[str]
    """Resource id of the connection."""

    connections: pulumi.Output[dict[str, dict[str, str]]]
    """Value of the parameter `$connections` of a workflow that sends through it."""

    def __init__(self, name: str, args: EmailConnectionArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        api_id = pulumi.Output.concat(
            "/subscriptions/",
            args["subscription_id"],
            "/providers/Microsoft.Web/locations/",
            args["location"],
            "/managedApis/office365",
        )
        connection = web.Connection(
            f"{name}-connection",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            tags=args.get("tags"),
            properties={"api": {"id": api_id}, "display_name": args["display_name"]},
            # A refresh reads it back, and is no drift; the next `up` must not take it away.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=_CONSENT),
        )

        self.connection_id = connection.id
        only: Any = {"connectionId": connection.id, "connectionName": connection.name, "id": api_id}
        self.connections = pulumi.Output.from_input({"office365": only})
        self.register_outputs({"connection_id": self.connection_id})

"""Where workflows note which events they handle: a blob for each, made only if it is not there.

So an event that is delivered twice is handled once: docs/decisions/claimed-events.md.
"""

from typing import TypedDict

import pulumi
from pulumi_azure_native import storage

from components.azure.component import Component, Options
from components.azure.resource_id import group_of


class EventClaimsArgs(TypedDict):
    """Arguments of EventClaims."""

    account_id: pulumi.Input[str]
    """Resource id of the storage account."""

    account_name: pulumi.Input[str]
    """Its name."""

    blob_endpoint: pulumi.Input[str]
    """URL of its blobs, with a slash at the end."""

    container: pulumi.Input[str]
    """Name of the container to make."""


class EventClaims(Component):
    """Container of the handled events."""

    container_id: pulumi.Output[str]
    """Resource id of the container."""

    container_url: pulumi.Output[str]
    """URL of the container, without a slash at its end, known once it exists."""

    def __init__(self, name: str, args: EventClaimsArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        container = storage.BlobContainer(
            f"{name}-container",
            resource_group_name=group_of(pulumi.Output.from_input(args["account_id"])),
            account_name=args["account_name"],
            container_name=args["container"],
            public_access=storage.PublicAccess.NONE,
            opts=self.child,
        )

        self.container_id = container.id
        self.container_url = pulumi.Output.concat(args["blob_endpoint"], container.name)
        self.register_outputs({"container_id": self.container_id})

"""A container of the input account that jobs write to, registered for that in the workspace.

Batch endpoints write to registered datastores on blobs only (S001), by the identity of the cluster.
Parallel runs coordinate by queues and tables of the account that their output lies in (public
reports; Azure/azure-cli#25846), so the identity needs roles for these on the whole account.
"""

from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import storage

from components.azure.component import Component, Options
from components.azure.ordering import after
from components.azure.resource_id import group_of, name_of
from components.identity import access
from components.machine_learning.workspace_parts import BlobContainer, datastore


class OutputContainerArgs(TypedDict):
    """Arguments of OutputContainer."""

    account_id: pulumi.Input[str]
    """Resource id of the account."""

    container: pulumi.Input[str]
    """Name of the container, which is made."""

    workspace_id: pulumi.Input[str]
    """Resource id of the workspace."""

    datastore: str
    """Name of the datastore that it becomes: letters, digits and underscores."""

    storage_suffix: pulumi.Input[str]
    """Storage's DNS suffix in this cloud."""

    writer_principal_id: pulumi.Input[str]
    """Object id of the cluster's identity."""

    readers: NotRequired[list[access.PrincipalArgs]]
    """Who may read what it writes there; nobody twice."""


class OutputContainer(Component):
    """Container, datastore, and what the cluster's identity and the readers need there."""

    datastore: pulumi.Output[str]
    """Name of the datastore, known once the cluster may write there."""

    container_name: pulumi.Output[str]
    """Name of the container, known once it exists."""

    container_id: pulumi.Output[str]
    """Resource id of the container."""

    def __init__(self, name: str, args: OutputContainerArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        container = storage.BlobContainer(
            f"{name}-container",
            resource_group_name=group_of(args["account_id"]),
            account_name=name_of(args["account_id"]),
            container_name=args["container"],
            public_access=storage.PublicAccess.NONE,
            opts=self.child,
        )
        registered = datastore(
            f"{name}-datastore",
            args["workspace_id"],
            args["datastore"],
            BlobContainer(args["account_id"], container.name, args["storage_suffix"]),
            "Where the pipelines of the data factory write predictions",
            self.child,
        )
        writer = access.Principal(args["writer_principal_id"])
        grants = [
            access.may_write_blobs(f"{name}-writes", writer, container.id, self.child),
            access.may_use_queues(f"{name}-uses-queues", writer, args["account_id"], self.child),
            access.may_use_tables(f"{name}-uses-tables", writer, args["account_id"], self.child),
        ]
        for reader in args.get("readers", []):
            who, of = access.Principal(**reader), reader["object_id"]
            access.may_read_blobs(f"{name}-read-{of}", who, container.id, self.child)

        self.datastore = after(registered.name, *grants)
        self.container_name, self.container_id = container.name, container.id
        self.register_outputs({"container_name": self.container_name})

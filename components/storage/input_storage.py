"""The storage account that files are dropped in, and another one for events that failed.

An account that exists already is used as it is: its input container is expected to be there, and
no lifecycle rule is set, because a rule set replaces the whole policy of the account's owner.
Dead letters have an account of their own because who writes them needs a role on all of it.
"""

from typing import NotRequired

import pulumi
from pulumi_azure_native import storage

from components.azure.placement import PlacementArgs
from components.azure.resource_id import group_of
from components.storage.keyless_account import keyless_account


class InputStorageArgs(PlacementArgs):
    """Arguments of InputStorage."""

    container: pulumi.Input[str]
    """Container that files are dropped in."""

    dead_letter_container: pulumi.Input[str]
    """Container for events that could not be delivered."""

    delete_inputs_after_days: NotRequired[int | None]
    """Age in days at which inputs are deleted; without it they stay."""

    existing_account_id: NotRequired[str | None]
    """Resource id of an account to use instead of a new one."""


class InputStorage(pulumi.ComponentResource):
    """Storage accounts without shared keys, input container, dead-letter container."""

    account_id: pulumi.Output[str]
    """Resource id of the account."""

    account_name: pulumi.Output[str]
    """Name of the account."""

    location: pulumi.Output[str]
    """Region of the account, where its system topic has to be."""

    account_kind: pulumi.Output[str]
    """Kind of the account; an adopted one may be premium."""

    blob_endpoint: pulumi.Output[str]
    """URL of the account's blobs, with a slash at its end."""

    takes_sftp: pulumi.Output[bool]
    """Whether files may come by SFTP, as only an account that exists already can have it."""

    container_id: pulumi.Output[str]
    """Resource id of the input container."""

    container_name: pulumi.Output[str]
    """Name of the input container."""

    dead_letter_account_name: pulumi.Output[str]
    """Name of the account of the dead-letter container."""

    dead_letter_container_id: pulumi.Output[str]
    """Resource id of the dead-letter container."""

    dead_letter_container_name: pulumi.Output[str]
    """Name of the dead-letter container."""

    def __init__(
        self, name: str, args: InputStorageArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("azureml-batch-events:index:InputStorage", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        existing = args.get("existing_account_id")

        account = (
            storage.StorageAccount.get(f"{name}-account", existing, child)
            if existing
            else keyless_account(f"{name}-account", f"st{name}", args, child)
        )
        group = group_of(account.id)

        self.container_id = pulumi.Output.concat(
            account.id, "/blobServices/default/containers/", args["container"]
        )
        if not existing:
            container = _container(f"{name}-container", group, account, args["container"], child)
            self.container_id = container.id
            _delete_old_inputs(name, group, account, args, child)

        lost = keyless_account(f"{name}-dead-letters-account", f"dl{name}", args, child)
        dead_letters = _container(
            f"{name}-dead-letters", group_of(lost.id), lost, args["dead_letter_container"], child
        )

        self.account_id = account.id
        self.account_name = account.name
        self.location = account.location
        self.account_kind = account.kind
        self.blob_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.blob)
        self.takes_sftp = (
            account.is_sftp_enabled.apply(bool) if existing else pulumi.Output.from_input(False)  # noqa: FBT003
        )
        # With the id, so that nobody names the container before it exists.
        self.container_name = pulumi.Output.all(args["container"], self.container_id).apply(
            lambda both: both[0]
        )
        self.dead_letter_account_name = lost.name
        self.dead_letter_container_id = dead_letters.id
        self.dead_letter_container_name = dead_letters.name
        self.register_outputs({"account_id": self.account_id, "container_id": self.container_id})


def _container(
    name: str,
    group: pulumi.Input[str],
    account: storage.StorageAccount,
    container: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> storage.BlobContainer:
    return storage.BlobContainer(
        name,
        resource_group_name=group,
        account_name=account.name,
        container_name=container,
        public_access=storage.PublicAccess.NONE,
        opts=opts,
    )


def _delete_old_inputs(
    name: str,
    group: pulumi.Input[str],
    account: storage.StorageAccount,
    args: InputStorageArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    days = args.get("delete_inputs_after_days")
    if days is None:
        return
    prefix = pulumi.Output.concat(args["container"], "/")
    storage.ManagementPolicy(
        f"{name}-lifecycle",
        resource_group_name=group,
        account_name=account.name,
        management_policy_name="default",
        policy={
            "rules": [
                {
                    "name": "delete-old-inputs",
                    "type": "Lifecycle",
                    "definition": {
                        "actions": {
                            "base_blob": {
                                "delete": {"days_after_modification_greater_than": int(days)}
                            }
                        },
                        "filters": {"blob_types": ["blockBlob"], "prefix_match": [prefix]},
                    },
                }
            ]
        },
        opts=opts,
    )

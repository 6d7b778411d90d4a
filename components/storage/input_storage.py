"""The storage account that files are dropped in, and another one for events that failed.

An account that exists already is used as it is: its input container is expected to be there, and
no lifecycle rule is set, because a rule set replaces the whole policy of the account's owner.
Dead letters have an account of their own because who writes them needs a role on all of it.
"""

from typing import Any, NamedTuple, NotRequired

import pulumi
from pulumi_azure_native import storage

from components.azure.component import Component, Options
from components.azure.options import also
from components.azure.placement import PlacementArgs
from components.azure.resource_id import group_of
from components.network.private_endpoints import private_endpoints
from components.storage.keyless_account import keyless_account


class ContainersArgs(PlacementArgs):
    """What is in both forms."""

    container: pulumi.Input[str]
    """Container that files are dropped in."""

    dead_letter_container: pulumi.Input[str]
    """Container for events that could not be delivered."""


class InputStorageArgs(ContainersArgs):
    """Arguments of InputStorage."""

    delete_inputs_after_days: NotRequired[int | None]
    """Age in days at which inputs are deleted; without it, and with 0, they stay."""

    hierarchical_namespace: NotRequired[bool | None]
    """Whether the account is a Data Lake Storage Gen2, which keeps no versions."""


class ExistingInputStorageArgs(ContainersArgs):
    """Arguments of ExistingInputStorage; the placement is that of dead letters."""

    account_id: str
    """Resource id of the account."""


class InputStorageOutputs:
    """What both forms tell."""

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

    def _tell(
        self,
        account: storage.StorageAccount,
        container_id: pulumi.Output[str],
        container: pulumi.Input[str],
        dead_letters: "_DeadLetters",
    ) -> None:
        self.account_id = account.id
        self.account_name = account.name
        self.location = account.location
        self.account_kind = account.kind
        self.blob_endpoint = account.primary_endpoints.apply(lambda endpoints: endpoints.blob)
        self.container_id = container_id
        # With the id, so that nobody names the container before it exists.
        self.container_name = pulumi.Output.all(container, container_id).apply(lambda both: both[0])
        self.dead_letter_account_name = dead_letters.account.name
        self.dead_letter_container_id = dead_letters.container.id
        self.dead_letter_container_name = dead_letters.container.name


class InputStorage(InputStorageOutputs, Component):
    """Storage accounts without shared keys, input container, dead-letter container."""

    def __init__(self, name: str, args: InputStorageArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        account = keyless_account(
            f"{name}-account",
            f"st{name}",
            args,
            self.child,
            blobs="hierarchical" if args.get("hierarchical_namespace") else "versioned",
        )
        private_endpoints(f"{name}-account", account.id, ["blob"], args, self.child)
        group = group_of(account.id)
        container = _container(f"{name}-container", group, account, args["container"], self.child)
        _delete_what_is_old(name, group, account, args, self.child)
        lost = _dead_letters(name, args, self.child)
        self.takes_sftp = pulumi.Output.from_input(False)  # noqa: FBT003 the SDK's own
        self._tell(account, container.id, args["container"], lost)
        self.register_outputs({"account_id": self.account_id, "container_id": self.container_id})


class ExistingInputStorage(InputStorageOutputs, Component):
    """An account that exists already, with its input container; dead letters beside it."""

    formerly = "InputStorage"

    def __init__(self, name: str, args: ExistingInputStorageArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        account = storage.StorageAccount.get(f"{name}-account", args["account_id"], self.child)
        container_id = pulumi.Output.concat(
            account.id, "/blobServices/default/containers/", args["container"]
        )
        lost = _dead_letters(name, args, self.child)
        self.takes_sftp = account.is_sftp_enabled.apply(bool)
        self._tell(account, container_id, args["container"], lost)
        self.register_outputs({"account_id": self.account_id, "container_id": self.container_id})


class _DeadLetters(NamedTuple):
    account: storage.StorageAccount
    container: storage.BlobContainer


def _dead_letters(name: str, args: ContainersArgs, opts: pulumi.ResourceOptions) -> _DeadLetters:
    logical = f"{name}-dead-letters-account"
    lost = keyless_account(logical, f"dl{name}", args, opts)
    private_endpoints(logical, lost.id, ["blob"], args, opts)
    group, container = group_of(lost.id), args["dead_letter_container"]
    return _DeadLetters(lost, _container(f"{name}-dead-letters", group, lost, container, opts))


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


def _delete_what_is_old(
    name: str,
    group: pulumi.Input[str],
    account: storage.StorageAccount,
    args: InputStorageArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    rules = []
    if days := args.get("delete_inputs_after_days"):
        base_blob = {"delete": {"days_after_modification_greater_than": days}}
        filters = {"prefix_match": [pulumi.Output.concat(args["container"], "/")]}
        rules.append(_rule("delete-old-inputs", {"base_blob": base_blob}, filters))
    hardening = args.get("hardening")
    if hardening and hardening["versioning"] and not args.get("hierarchical_namespace"):
        # Nothing else ends a version, that of an input which was deleted by age among them.
        kept = hardening["soft_delete_days"]
        version = {"delete": {"days_after_creation_greater_than": kept}}
        rules.append(_rule("delete-old-versions", {"version": version}, {}))
    if rules:
        storage.ManagementPolicy(
            f"{name}-lifecycle",
            resource_group_name=group,
            account_name=account.name,
            management_policy_name="default",
            policy={"rules": rules},
            opts=also(opts, protect=False),
        )


def _rule(name: str, actions: Any, filters: Any) -> Any:
    definition = {"actions": actions, "filters": {"blob_types": ["blockBlob"], **filters}}
    return {"name": name, "type": "Lifecycle", "definition": definition}

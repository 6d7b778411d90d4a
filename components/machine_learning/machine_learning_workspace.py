"""The workspace with everything of its own that it needs, all of it without keys.

With `system_datastores_auth_mode` Identity, which is documented as a preview, its datastores hold
no credentials: who reads and writes them needs a role. Azure ML itself gives the workspace's
identity roles on storage account, vault and resource group; giving them again would be refused.
"""

from collections.abc import Callable
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, machinelearningservices

from components.azure.component import Component, Options
from components.azure.diagnostics import ML_WORKSPACE, send_logs
from components.azure.options import also
from components.azure.ordering import after
from components.azure.placement import PlacementArgs, placed
from components.azure.resource_id import group_of, parse
from components.identity import access
from components.identity.vault import vault
from components.machine_learning import workspace_parts as parts
from components.machine_learning.managed_network import (
    RULES,
    SLOW,
    ManagedNetworkArgs,
    chosen_once,
    outbound_rules,
    settings_of,
)
from components.network.private_endpoints import private_endpoints, public_access
from components.network.zones import STORAGE
from components.storage.keyless_account import keyless_account


class InputDatastoreArgs(TypedDict):
    """The datastore that the input container becomes in both forms."""

    input_account_id: pulumi.Input[str]
    """Resource id of the storage account that inputs are dropped in."""

    input_container: pulumi.Input[str]
    """Container of that account."""

    input_datastore: str
    """Name of the datastore that it becomes: letters, digits and underscores."""

    storage_suffix: NotRequired[pulumi.Input[str]]
    """Storage's DNS suffix in this cloud; without it `core.windows.net`."""


class MachineLearningWorkspaceArgs(PlacementArgs, InputDatastoreArgs):
    """Arguments of MachineLearningWorkspace."""

    tenant_id: pulumi.Input[str]
    """Entra tenant whose identities the vault knows."""

    storage_keys: NotRequired[bool]
    """Whether the workspace's own storage takes account keys and its datastores use them."""

    builds_images: NotRequired[bool]
    """Whether images are built, of conda files or MLflow models, and so pushed."""

    looks_at_inputs: NotRequired[bool]
    """Whether its identity needs roles on the input account, which is in another group."""

    managed_network: NotRequired[ManagedNetworkArgs | None]
    """Of a private workspace, the network that its jobs run in."""

    keeps_own_logs: NotRequired[bool]
    """Whether its logs are sent to its own Log Analytics workspace, where the place names none."""


class ExistingMachineLearningWorkspaceArgs(InputDatastoreArgs):
    """Arguments of ExistingMachineLearningWorkspace."""

    workspace_id: str
    """Resource id of the workspace."""


class MachineLearningWorkspaceOutputs:
    """What both forms tell."""

    workspace_id: pulumi.Output[str]
    """Resource id of the workspace."""

    principal_id: pulumi.Output[str]
    """Object id of the workspace's identity, known once it has its roles."""

    workspace_name: pulumi.Output[str]
    """Name of the workspace."""

    resource_group_name: pulumi.Output[str]
    """Resource group of the workspace."""

    location: pulumi.Output[str]
    """Region of the workspace; its clusters and endpoints are there too."""

    storage_account_id: pulumi.Output[str]
    """Resource id of the workspace's own storage account."""

    artifacts_container: pulumi.Output[str]
    """Container behind the datastore `workspaceblobstore`: models, code and predictions."""

    logs_container: pulumi.Output[str]
    """Container behind the datastore `workspaceartifactstore`: logs of jobs."""

    input_datastore: pulumi.Output[str]
    """Name of the inputs' datastore, known once it exists."""

    registry_id: pulumi.Output[str | None]
    """Resource id of the workspace's container registry; an adopted one may have none yet."""

    def _tell(
        self,
        workspace: machinelearningservices.Workspace,
        grants: list[authorization.RoleAssignment],
        reached: list[pulumi.CustomResource],
    ) -> None:
        self.workspace_id = workspace.id
        self.principal_id = after(workspace.identity.apply(_principal_of), *grants)
        self.workspace_name = after(workspace.name, *reached)
        self.resource_group_name = group_of(workspace.id)
        self.location = workspace.location.apply(_required("location"))
        account_id = workspace.storage_account.apply(_required("storage account"))
        self.storage_account_id = after(account_id, *reached)
        self.registry_id = workspace.container_registry


class MachineLearningWorkspace(MachineLearningWorkspaceOutputs, Component):
    """Workspace, its storage account, vault, registry, Application Insights, Log Analytics."""

    log_workspace_id: pulumi.Output[str]
    """Resource id of its Log Analytics workspace."""

    def __init__(self, name: str, args: MachineLearningWorkspaceArgs, opts: Options = None) -> None:
        super().__init__(name, opts)
        insights = parts.insights(f"{name}-insights", args, self.child)
        workspace = _create(name, args, insights.id, self.child)
        self.log_workspace_id = insights.workspace_resource_id.apply(_required("log workspace"))
        own = self.log_workspace_id if args.get("keeps_own_logs") else None
        kept_in = args.get("log_workspace_id", own)
        send_logs(f"{name}-workspace", workspace.id, ML_WORKSPACE, kept_in, self.child)
        reached = _reached(name, workspace, args, self.child)
        self._tell(workspace, _let_work(name, workspace, args, self.child), reached)
        self.artifacts_container = pulumi.Output.concat(
            "azureml-blobstore-", workspace.workspace_id
        )
        # Once the workspace is there: that it makes this container then is UNVERIFIED.
        self.logs_container = workspace.workspace_id.apply(lambda _: "azureml")
        self.input_datastore = _input_datastore(name, workspace, args, self.child)
        self.register_outputs({"workspace_id": self.workspace_id})


class ExistingMachineLearningWorkspace(MachineLearningWorkspaceOutputs, Component):
    """A workspace that exists already, which gets the datastore of the inputs."""

    formerly = "MachineLearningWorkspace"

    def __init__(
        self, name: str, args: ExistingMachineLearningWorkspaceArgs, opts: Options = None
    ) -> None:
        super().__init__(name, opts)
        existing = args["workspace_id"]
        workspace = machinelearningservices.Workspace.get(f"{name}-workspace", existing, self.child)
        self._tell(workspace, [], [])
        self.artifacts_container = _container_of("workspaceblobstore", existing, self.child)
        self.logs_container = _container_of("workspaceartifactstore", existing, self.child)
        self.input_datastore = _input_datastore(name, workspace, args, self.child)
        self.register_outputs({"workspace_id": self.workspace_id})


def _input_datastore(
    name: str,
    workspace: machinelearningservices.Workspace,
    args: InputDatastoreArgs,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    suffix = args.get("storage_suffix", "core.windows.net")
    container = parts.BlobContainer(args["input_account_id"], args["input_container"], suffix)
    told, datastore = "Where files are dropped for the batch endpoint", args["input_datastore"]
    return parts.datastore(f"{name}-inputs", workspace.id, datastore, container, told, opts).name


def _container_of(name: str, workspace_id: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A datastore's; read, not computed: with data isolation it has another name."""
    there = parse(workspace_id)
    datastore = machinelearningservices.get_datastore_output(
        resource_group_name=there.resource_group,
        workspace_name=there.names[0],
        name=name,
        opts=pulumi.InvokeOutputOptions(parent=opts.parent),
    )
    return datastore.apply(lambda found: str(found.properties["containerName"]))


def _create(
    name: str,
    args: MachineLearningWorkspaceArgs,
    insights_id: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> machinelearningservices.Workspace:
    keys, private = bool(args.get("storage_keys")), args.get("managed_network")
    storage = keyless_account(f"{name}-storage", f"st{name}", args, opts, keys=keys)
    return machinelearningservices.Workspace(
        f"{name}-workspace",
        **placed(args),
        identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
        sku=machinelearningservices.SkuArgs(name="Basic"),
        storage_account=storage.id,
        key_vault=vault(f"{name}-vault", args["tenant_id"], args, opts).id,
        application_insights=insights_id,
        container_registry=parts.registry(f"{name}-registry", args, opts).id,
        public_network_access=public_access(args),
        system_datastores_auth_mode="AccessKey" if keys else "Identity",
        **(settings_of(private) if private else {}),
        opts=also(
            opts,
            custom_timeouts=SLOW if private else None,
            ignore_changes=RULES if private else None,
            hooks=chosen_once(f"{name}-workspace"),
        ),
    )


def _reached(
    name: str,
    workspace: machinelearningservices.Workspace,
    args: MachineLearningWorkspaceArgs,
    opts: pulumi.ResourceOptions,
) -> list[pulumi.CustomResource]:
    """What has to exist before a private workspace, and by its jobs their data, is reached."""
    private = args.get("managed_network")
    if private is None:
        return []
    account_id = workspace.storage_account.apply(_required("storage account"))
    who = access.Principal(workspace.identity.apply(_principal_of))
    inputs = args["input_account_id"]
    made = [
        *private_endpoints(f"{name}-storage", account_id, STORAGE, args, opts),
        *private_endpoints(f"{name}-workspace", workspace.id, ["amlworkspace"], args, opts),
        # At its own parts it may by itself (AI:how-to-managed-network, approval).
        access.may_approve_connections(f"{name}-approves-inputs", who, inputs, opts),
    ]
    later = also(opts, depends_on=made)
    return [*made, *outbound_rules(name, workspace, inputs, private, args, later)]


def _let_work(
    name: str,
    workspace: machinelearningservices.Workspace,
    args: MachineLearningWorkspaceArgs,
    opts: pulumi.ResourceOptions,
) -> list[authorization.RoleAssignment]:
    """What its own identity needs beyond the roles that Azure ML gives it.

    Of a registry that was brought it can't push the images that it builds; on an input account of
    its own group it may read anyway, on one of another group it may not
    (Azure/azureml-examples#2501).
    """
    who = access.Principal(workspace.identity.apply(_principal_of))
    grants = []
    if args.get("builds_images"):
        registry_id = workspace.container_registry.apply(_required("container registry"))
        grants.append(access.may_push_images(f"{name}-pushes-images", who, registry_id, opts))
    if args.get("looks_at_inputs"):
        account_id = args["input_account_id"]
        grants.append(access.may_look_at(f"{name}-looks-at-inputs", who, account_id, opts))
        grants.append(access.may_read_blobs(f"{name}-reads-inputs", who, account_id, opts))
    return grants


def _principal_of(
    identity: machinelearningservices.outputs.ManagedServiceIdentityResponse | None,
) -> str:
    return (identity.principal_id or "") if identity else ""


def _required(what: str) -> Callable[[str | None], str]:
    """What an adopted workspace may lack, and what is granted and built on it does not."""

    def present(value: str | None) -> str:
        if not value:
            message = f"The workspace has no {what}; a workspace to be adopted needs one of its own"
            raise pulumi.RunError(message)
        return value

    return present

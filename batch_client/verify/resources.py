"""What ``up`` created, as Resource Manager tells it, and what is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from batch_client import pipelines
from batch_client.caller import Caller
from batch_client.errors import ClientError
from batch_client.rights import READ, Need, needing
from batch_client.run_history import ML_VERSION
from batch_client.verify.filters import Filter, subject
from batch_client.verify.workflow import Workflow

EVENT_GRID_VERSION = "2025-02-15"
ROLES_VERSION = "2022-04-01"

# Built-in roles, the same GUIDs in every cloud (D:role-based-access-control/built-in-roles).
_BLOB_READERS = (
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
)
_BLOB_WRITER = _BLOB_READERS[1:]
_QUEUES = ("974c5e8b-45b9-4653-ba55-5f855dd0fb88",)
_TABLES = ("0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",)
_LENGTH = "data.contentLength"
_READER = "Storage Blob Data Reader"
_UP_AGAIN = "Run `make up` again; `make preview` shows what differs."


@dataclass(frozen=True)
class Deployment:
    """A deployment of the endpoint.

    Attributes:
        name: its name.
        pipeline: whether it is a pipeline component's.
        rows: whether what a model returns is written.
        component: resource id of its component, where that lies in a workspace.
        inputs: what its component declares, by name; empty where that is not known.
    """

    name: str
    pipeline: bool = False
    rows: bool = True
    component: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)


class Resources:
    """Looks at an environment's resources."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._outputs = caller.environment

    @property
    def endpoint_id(self) -> str:
        """Resource id of the endpoint."""
        workspace, name = self._outputs.need("workspace_id"), self._outputs.need("endpoint_name")
        return f"{workspace}/batchEndpoints/{name}"

    def default_deployment(self) -> Deployment:
        """The endpoint's default deployment, which exists.

        Raises:
            ClientError: there is none, or it is not ready.
        """
        endpoint_id = self.endpoint_id
        endpoint = self.properties(endpoint_id, ML_VERSION)
        name = (endpoint.get("defaults") or {}).get("deploymentName")
        if not name:
            message = f"The endpoint has no default deployment: {endpoint_id}. {self._mended()}"
            raise ClientError(message)
        deployment = self.properties(f"{endpoint_id}/deployments/{name}", ML_VERSION)
        self._ready(deployment, f"deployment {name}", self._mended())
        configured = deployment.get("deploymentConfiguration") or {}
        if configured.get("deploymentConfigurationType") != "PipelineComponent":
            return Deployment(str(name), rows=deployment.get("outputAction") != "SummaryOnly")
        asset = str((configured.get("componentId") or {}).get("assetId") or "")
        own = asset.removeprefix("azureml:") if "/workspaces/" in asset else ""
        return Deployment(str(name), pipeline=True, component=own)

    def with_inputs(self, deployment: Deployment) -> Deployment:
        """A deployment with what its component declares; one of a registry's stays as it is."""
        if not deployment.component:
            return deployment
        spec = self.properties(deployment.component, ML_VERSION).get("componentSpec") or {}
        return replace(deployment, inputs=spec.get("inputs") or {})

    def _mended(self) -> str:
        """Who mends the endpoint: `up` where it made it, which then tells a default deployment."""
        if self._outputs.get("default_deployment"):
            return _UP_AGAIN
        return (
            "The endpoint is adopted, so `up` leaves it alone: its owner sets another one with "
            f"`az ml batch-endpoint update --name {self._outputs.need('endpoint_name')} "
            "--set defaults.deployment_name=<deployment>`."
        )

    def filter(self) -> Filter:
        """The filter of the subscription, which covers the folder that is watched.

        Raises:
            ClientError: it does not, or the subscription is not ready.
        """
        subscription = self._outputs.need("blob_event_subscription_id")
        told = self.properties(subscription, EVENT_GRID_VERSION)
        self._ready(told, "event subscription")
        found = told.get("filter") or {}
        begins_with = str(found.get("subjectBeginsWith") or "")
        folder = self._outputs.get("input_folder") or ""
        watched = subject(self._outputs.need("input_container"), folder)
        if not watched.startswith(begins_with):
            message = (
                f"The subscription's prefix is {begins_with!r}, which does not cover "
                f"{watched!r}: no file there starts a job. {_UP_AGAIN}"
            )
            raise ClientError(message)
        topic = self.properties(
            subscription.rpartition("/eventSubscriptions/")[0], EVENT_GRID_VERSION
        )
        by_length = [f for f in found.get("advancedFilters") or [] if f.get("key") == _LENGTH]
        ends_with = str(found.get("subjectEndsWith") or "")
        return Filter(str(topic["source"]), begins_with, ends_with, bool(by_length))

    def workflow_parameters(self) -> dict[str, Any]:
        """The values that the workflow runs with, without the secret ones."""
        workflow = Workflow(self._outputs.need("workflow_id"))
        return workflow.parameters(self.properties(workflow.id, workflow.version))

    def pipeline_defaults(self, name: str) -> dict[str, Any]:
        """The parameters of a pipeline of the data factory, with their defaults or None."""
        told = self.properties(
            f"{self._outputs.need('factory_id')}/pipelines/{name}", pipelines.VERSION
        )
        declared = told.get("parameters") or {}
        return {key: each.get("defaultValue") for key, each in declared.items()}

    def lacking(self, scope: str, actions: Iterable[str]) -> list[str]:
        """Which of these actions whoever looks may not do.

        D:rest/api/authorization/permissions/list-for-resource tells what one's roles add up to,
        groups included.
        """
        url = f"{scope}/providers/Microsoft.Authorization/permissions"
        told = self.answer(url, ROLES_VERSION).get("value", [])
        return [action for action in actions if not any(_permits(each, action) for each in told)]

    def workflow_state(self) -> str:
        """The workflow's state, which is Enabled.

        Raises:
            ClientError: it is not.
        """
        workflow = Workflow(self._outputs.need("workflow_id"))
        state = workflow.state(self.properties(workflow.id, workflow.version))
        if state != "Enabled":
            message = f"The workflow is {state}: enable it in the portal. {_UP_AGAIN}"
            raise ClientError(message)
        return "Enabled"

    def roles(self, account: str) -> list[str]:
        """Who holds which right, in words.

        Args:
            account: resource id of the account that files are dropped in.

        Raises:
            ClientError: some are missing; the message names each.
        """
        container = (
            f"{account}/blobServices/default/containers/{self._outputs.need('input_container')}"
        )
        workspace = self._outputs.need("workspace_id")
        seen, missing = [], []
        for who, principal in self._invokers().items():
            missing += self._misses(who, principal, workspace, "the invoker role")
            missing += self._misses(who, principal, container, _READER, _BLOB_READERS)
            seen.append(f"{who} invokes and reads")
        if compute := self._outputs.get("compute_identity_principal_id"):
            missing += self._compute_misses(compute, container, workspace)
            seen.append("the cluster's identity reads inputs and writes predictions")
        if missing:
            raise ClientError(f"{' '.join(missing)} {_UP_AGAIN}")
        return seen

    def _invokers(self) -> dict[str, str]:
        """The object ids of who invokes; the factory only where no application does it for it."""
        found = {"the invoker": self._outputs.get("invoker_object_id")}
        if self._outputs.get("pipeline_authentication") != "service_principal":
            found["the data factory"] = self._outputs.get("factory_principal_id")
        return {who: principal for who, principal in found.items() if principal}

    def _compute_misses(self, compute: str, container: str, workspace: str) -> list[str]:
        who = "the cluster's identity"
        own = str(self.properties(workspace, ML_VERSION)["storageAccount"])
        return [
            *self._misses(who, compute, container, _READER, _BLOB_READERS),
            *self._misses(who, compute, own, "Storage Blob Data Contributor", _BLOB_WRITER),
            *self._misses(who, compute, own, "Storage Queue Data Contributor", _QUEUES),
            *self._misses(who, compute, own, "Storage Table Data Contributor", _TABLES),
        ]

    def _misses(
        self, who: str, principal: str, scope: str, role: str, accepted: Iterable[str] = ()
    ) -> list[str]:
        """A sentence if nobody has given it the role there."""
        url = f"{scope}/providers/Microsoft.Authorization/roleAssignments"
        found = self.answer(url, ROLES_VERSION, {"$filter": f"principalId eq '{principal}'"})
        given = [
            str(each["properties"]["roleDefinitionId"]).rpartition("/")[2].lower()
            for each in found.get("value", [])
            if f"{scope}/".lower().startswith(f"{each['properties']['scope']}/".lower())
        ]
        if given and (not accepted or set(given) & set(accepted)):
            return []
        return [f"{who} ({principal}) does not hold {role} on {scope}."]

    def _ready(self, told: dict[str, Any], what: str, advice: str = _UP_AGAIN) -> None:
        state = told.get("provisioningState", "Succeeded")
        if state != "Succeeded":
            raise ClientError(f"The {what} is {state}, not Succeeded. {advice}")

    def properties(self, resource_id: str, version: str) -> dict[str, Any]:
        """A resource's properties.

        Raises:
            ClientError: as `answer`.
        """
        told: dict[str, Any] = self.answer(resource_id, version)["properties"]
        return told

    def answer(
        self, path: str, version: str, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """What Resource Manager answers of something in the stack's resource group.

        Raises:
            ClientError: it refuses; a missing role is named.
        """
        group = "/".join(path.split("/")[:5])
        with needing(Need("look at what `up` created", READ, group)):
            return self._caller.manager.get(path, version, query)


def _permits(permission: dict[str, Any], action: str) -> bool:
    """Whether one entry of permissions allows an action; ``*`` stands for any text."""
    return _any(permission.get("actions"), action) and not _any(
        permission.get("notActions"), action
    )


def _any(patterns: Iterable[str] | None, action: str) -> bool:
    return any(
        re.fullmatch(re.escape(each).replace(r"\*", ".*"), action, re.IGNORECASE)
        for each in patterns or ()
    )

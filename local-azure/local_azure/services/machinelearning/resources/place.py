"""What all resources in a workspace have in common: where they are, and what is told where not.

Recorded: an endpoint's absence (2023-10-01) and a model's (2023-08-01-preview), whose codes stand
in different places, and a compute's, which has no body (2022-10-01-preview). Of the others the
text is UNVERIFIED. Where the workspace itself is missing Resource Manager answers.
"""

from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType
from typing import Any

from local_azure.control_plane import arm_types
from local_azure.control_plane.plane import ControlPlane
from local_azure.control_plane.resource_manager.answers import system_data, with_offset
from local_azure.control_plane.resource_manager.errors import (
    ControlPlaneError,
    ResourceNotFoundError,
)
from local_azure.control_plane.resource_manager.resource_type import Put, ResourceType, region
from local_azure.control_plane.resource_manager.store import Resource
from local_azure.services.machinelearning.errors import additional_info, inner_error

ARM = arm_types.WORKSPACE
PATH = f"{ARM}/{{workspaceName}}"
API_VERSION = "2025-12-01"
ENDPOINTS_DATA = ("createdAt", "createdBy", "lastModifiedAt")
"""What endpoints and deployments tell of who made them (recorded)."""
_IN_WORKSPACE = 9
_STATUS = 404


def part(pulumi_name: str, path: str, **more: Any) -> ResourceType:
    """A type of what a workspace holds, at a path below it; ``more`` is of ``ResourceType``."""
    return ResourceType(
        pulumi_type=f"azure-native:machinelearningservices:{pulumi_name}",
        path=f"{PATH}/{path}",
        api_version=API_VERSION,
        missing=missing,
        **more,
    )


def made(put: Put) -> dict[str, str]:
    """Who made what a workspace holds, and who changed it last.

    Times have an offset, as is recorded of endpoints, deployments and datastores; the workspace's
    own have ``Z``.
    """
    return with_offset(system_data(put))


def workspace(put: Put) -> Resource:
    """The workspace that a resource lies in."""
    return put.linked("workspaceName", "/".join(put.id.split("/")[:9]), ARM)


def check_region(put: Put) -> None:
    """What a workspace holds is in its region.

    Raises:
        ControlPlaneError: another region.
    """
    there = region(workspace(put).properties["location"])
    if "location" in put.body and put.location != there:
        raise put.refuse(
            "location", f"found {put.location!r}, accepted: the workspace's, {there!r}"
        )


def cluster(put: Put, path: str, resource_id: str) -> Resource:
    """The cluster that a property names; it is one of the same workspace.

    Raises:
        ControlPlaneError: it does not exist, or is in another workspace.
    """
    found = put.linked(path, resource_id, f"{ARM}/computes")
    if not found.id.lower().startswith(f"{workspace(put).id.lower()}/"):
        raise put.refuse(path, "the cluster is in another workspace")
    return found


class PartError(ControlPlaneError):
    """A refusal about what a workspace holds, in the form of machine learning's own part.

    Attributes:
        details: where a model's code stands.
        more: where the others' stands.
    """

    code = "UserError"
    headers = MappingProxyType({"x-ms-response-type": "error"})

    def __init__(
        self, message: str, more: list[dict[str, Any]], details: Iterable[dict[str, Any]] = ()
    ) -> None:
        self.details, self.more = list(details), more
        super().__init__(message)

    def told(self) -> dict[str, Any]:
        """What stands under ``error``."""
        return {**super().told(), "details": self.details, "additionalInfo": self.more}


class NoSecretsError(PartError):
    """The secrets of a datastore without credentials, of which Azure's types know none.

    That it is an error the changelog of azure-ai-ml 1.32.0 lets one see, which no longer asks,
    and took its own credential after one before; status, code and text are UNVERIFIED.
    """

    def __init__(self, region: str, now: datetime) -> None:
        inner = inner_error(self.status, "")
        message = (
            "No secrets for credentials of type None. The datastore is reached with the caller's "
            "own identity, or a job's."
        )
        super().__init__(message, additional_info(region, now, InnerError=inner))


class MissingPartError(PartError):
    """Something that a workspace does not have."""

    status = _STATUS

    def __init__(self, resource_id: str, region: str, now: datetime) -> None:
        parts = resource_id.split("/")
        kind, name, workspace = parts[_IN_WORKSPACE], parts[_IN_WORKSPACE + 1], parts[8]
        details = []
        inner = {"InnerError": inner_error(_STATUS, "")}
        message = "The specified resource was not found."
        if kind.lower() == "models":
            inner = {}
            details = [_no_model(parts, f"{name}:{parts[-1]}")]
        elif len(parts) == _IN_WORKSPACE + 2 and kind.lower() == "batchendpoints":
            inner = {"InnerError": inner_error(_STATUS, "EndpointNotFound")}
            message = (
                f"An endpoint with the name '{name}' does not exist in the workspace '{workspace}'."
                " Please check the endpoint name and also ensure the current user has access to it."
            )
        super().__init__(message, additional_info(region, now, **inner), details)


class MissingComputeError(ControlPlaneError):
    """A compute that the workspace does not have."""

    code = ""
    status = _STATUS
    headers = MappingProxyType({"x-ms-response-type": "standard"})

    def body(self) -> None:
        """Nothing."""


def missing(control: ControlPlane, resource_id: str) -> ControlPlaneError:
    """The answer where nothing is at an id below a workspace's."""
    parts = resource_id.split("/")
    workspace = control.resources.find("/".join(parts[:_IN_WORKSPACE]))
    if workspace is None:
        return ResourceNotFoundError("/".join(parts[:_IN_WORKSPACE]))
    if parts[_IN_WORKSPACE].lower() == "computes":
        return MissingComputeError("")
    region = workspace.properties.get("location", "")
    return MissingPartError(resource_id, region, control.clock.now())


def _no_model(parts: list[str], version: str) -> dict[str, Any]:
    message = (
        f"There is no registered model in Account Subscription: {parts[2]}, ResourceGroup: "
        f"{parts[4]}, Workspace: {parts[8]} with id {version}"
    )
    return {
        "code": "NoSuchModelRegistered",
        "message": message,
        "details": [],
        "additionalInfo": [],
    }

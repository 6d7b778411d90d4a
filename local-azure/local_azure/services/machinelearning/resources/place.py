"""What all resources in a workspace have in common: where they are, and their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_azure.control_plane import arm_types
from local_azure.control_plane.resource_manager.resource_type import IN_GROUP, region

if TYPE_CHECKING:
    from local_azure.control_plane.resource_manager.resource_type import Put
    from local_azure.control_plane.resource_manager.store import Resource

ARM = arm_types.WORKSPACE
PATH = f"{IN_GROUP}/{ARM}/{{workspaceName}}"
API_VERSION = "2025-12-01"
ENDPOINTS_DATA = ("createdAt", "createdBy", "lastModifiedAt")
"""What endpoints and deployments tell of who made them (recorded)."""


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

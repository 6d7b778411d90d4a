"""From a host name to the endpoint, its deployment, and what the deployment runs on."""

from dataclasses import dataclass
from typing import Any

from local_azure.control_plane.resource_manager.store import Resource, Resources
from local_azure.services.machinelearning.errors import (
    DeploymentNotFoundError,
    EndpointNotFoundError,
    InvalidRequestError,
    NoDeploymentError,
)

ENDPOINT = "Microsoft.MachineLearningServices/workspaces/batchEndpoints"


@dataclass(frozen=True)
class Target:
    """What an invocation is routed to."""

    workspace: Resource
    endpoint: Resource
    deployment: Resource


A_PIPELINE = {"deploymentConfiguration": {"deploymentConfigurationType": "PipelineComponent"}}
"""All that is left to tell of a pipeline component's deployment that is gone."""


def is_pipeline(deployment: dict[str, Any]) -> bool:
    """Whether these are the settings of a pipeline component's deployment, not of a model's."""
    return bool(deployment.get("deploymentConfiguration"))


def find_endpoint(name: str, region: str, resources: Resources) -> Resource:
    """The batch endpoint that answers under a host name.

    Raises:
        EndpointNotFoundError: none in this region.
    """
    for endpoint in resources.select(ENDPOINT):
        if endpoint.name.lower() == name and _region(endpoint) == region:
            return endpoint
    raise EndpointNotFoundError(name, region)


def route(endpoint: Resource, deployment: str | None, resources: Resources) -> Target:
    """The deployment that an invocation goes to.

    Args:
        endpoint: the endpoint that was called.
        deployment: what the header ``azureml-model-deployment`` says, if it is there.
        resources: where to look.

    Raises:
        NoDeploymentError: no header and no default.
        DeploymentNotFoundError: no deployment of that name.
    """
    defaults = settings(endpoint).get("defaults") or {}
    name = deployment or defaults.get("deploymentName")
    if not name:
        raise NoDeploymentError
    found = resources.find(f"{endpoint.id}/deployments/{name}")
    if found is None:
        raise DeploymentNotFoundError(endpoint.name, name)
    return Target(workspace_of(endpoint, resources), endpoint, found)


def workspace_of(endpoint: Resource, resources: Resources) -> Resource:
    """The workspace that an endpoint belongs to."""
    workspace = resources.find(endpoint.id.rpartition("/batchEndpoints/")[0])
    if workspace is None:
        raise EndpointNotFoundError(endpoint.name, _region(endpoint))
    return workspace


def referred(target: Target, named: str, resource_id: str, resources: Resources) -> Resource:
    """What an invocation's deployment refers to.

    Args:
        target: what the invocation is routed to.
        named: how a message names it.
        resource_id: its id.
        resources: where to look.

    Raises:
        InvalidRequestError: it is gone.
    """
    found = resources.find(resource_id)
    if found is None:
        message = f"The deployment '{target.deployment.name}' refers to {named}, which is gone."
        raise InvalidRequestError(message)
    return found


def settings(resource: Resource) -> dict[str, Any]:
    """The ``properties`` of a machine learning resource, as they were PUT."""
    told: dict[str, Any] = resource.body.get("properties") or {}
    return told


def _region(resource: Resource) -> str:
    return str(resource.body.get("location", "")).replace(" ", "").lower()

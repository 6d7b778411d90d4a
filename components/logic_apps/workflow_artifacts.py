"""Workflow files, written into a site through the Resource Manager alone.

azure-native has no resource for it, and a PUT of a site's workflow answers 405 (Azure/logicapps
issue 416), so a hook calls `deployWorkflowArtifacts`, as the designer does when it saves.
UNVERIFIED: whether that works while the site's public network access is off.
"""

import asyncio
from functools import partial
from typing import Any

import pulumi

from components.azure.resource_manager import ResourceManager, apart, call
from components.azure.steps import before_create

_VERSION = "2025-05-01"
_MOST = 100
_PAUSE = 3
"""Seconds between looks: that the site reads its files some time after the call is UNVERIFIED."""


def deployed_before_create(
    site_id: pulumi.Output[str], workflow: str, files: pulumi.Output[Any], manager: ResourceManager
) -> pulumi.ResourceHookBinding:
    """Writes the files before the resource that this is bound to is created."""

    async def deploy(site: str, content: Any) -> None:
        path = f"{site}/deployWorkflowArtifacts"
        body = {"files": content}
        await apart(partial(call, manager, "POST", path, _VERSION, body))
        await _healthy(manager, f"{site}/workflows/{workflow}")

    return before_create(deploy, site_id, files)


async def _healthy(manager: ResourceManager, workflow_id: str) -> None:
    """Waits until the site runs the workflow.

    Raises:
        pulumi.RunError: it does not, with what the site says.
    """
    from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415 - loads with the calls

    said: Any = "it has not read the workflow"
    for _ in range(_MOST):
        try:
            told = await apart(partial(call, manager, "GET", workflow_id, _VERSION))
        except ResourceNotFoundError:
            told = {}
        health = (told.get("properties") or {}).get("health") or {}
        if health.get("state") == "Healthy":
            return
        said = health.get("error") or said
        await asyncio.sleep(_PAUSE)
    message = f"The site does not run {workflow_id}: {said}. Its files are written: run `up` again."
    raise pulumi.RunError(message)

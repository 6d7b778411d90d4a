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

_VERSION = "2025-05-01"
_MOST = 100
_PAUSE = 3
"""Seconds between looks: that the site reads its files some time after the call is UNVERIFIED."""


def deployed_before_create(
    site_id: pulumi.Output[str], workflow: str, files: pulumi.Output[Any], manager: ResourceManager
) -> pulumi.ResourceHookBinding:
    """Writes the files before the resource that this is bound to is created.

    Failing fails that resource, so that the next `up` writes them; what failed after the site's own
    creation would be a warning.
    """

    async def deploy(_: pulumi.ResourceHookArgs) -> None:
        site, content = await site_id.future(), await files.future()
        if site is None or content is None:
            raise ValueError("The site, or what is written into it, is not known")
        path = f"{site}/deployWorkflowArtifacts"
        body = {"files": content}
        await apart(partial(call, manager, "POST", path, _VERSION, body))
        await _healthy(manager, f"{site}/workflows/{workflow}")

    return pulumi.ResourceHookBinding(before_create=[deploy])


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

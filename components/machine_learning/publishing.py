"""The hook that uploads a folder before the asset that points at it is registered.

The storage client is imported in the hook: it takes a quarter of a second, and most runs upload
nothing.
"""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pulumi

from components.azure.resource_manager import apart
from components.azure.steps import before_create

SAME = {"ARM_CLIENT_ID": "AZURE_CLIENT_ID", "ARM_TENANT_ID": "AZURE_TENANT_ID"}
"""What Pulumi's providers sign in by, and what DefaultAzureCredential, which uploads, does."""


def contradictions(environment: Mapping[str, str]) -> list[str]:
    """Where resources would be made by one identity, and uploads by another."""
    return [
        f"{pulumi_s} is {environment[pulumi_s]}, {upload_s} is {environment[upload_s]}"
        for pulumi_s, upload_s in SAME.items()
        if environment.get(pulumi_s)
        and environment.get(upload_s)
        and environment[pulumi_s].lower() != environment[upload_s].lower()
    ]


def upload_before_create(
    folder: Path, url: pulumi.Output[str], login_host: str
) -> pulumi.ResourceHookBinding:
    """Uploads the folder to the URL before the resource that this is bound to is created.

    Args:
        folder: what is uploaded.
        url: where to: `https://<account>.blob.<suffix>/<container>/<path>`.
        login_host: host that issues tokens in this cloud.

    Raises:
        pulumi.RunError: resources and uploads would be two identities' work.
    """
    if found := contradictions(os.environ):
        message = (
            "One identity would make the resources, another upload models and code: "
            f"{'; '.join(found)}. Pulumi signs in by ARM_*, uploads by AZURE_*: give both the same "
            "values, or unset AZURE_* to upload as whoever `az login` signed in."
        )
        raise pulumi.RunError(message)

    async def upload(target: str) -> None:
        from components.machine_learning.uploads import upload_folder  # noqa: PLC0415 - told above

        await apart(partial(upload_folder, folder, target, login_host))

    return before_create(upload, url)

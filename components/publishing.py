"""The hook that uploads a folder before the asset that points at it is registered.

The storage client is imported in the hook: it takes a quarter of a second, and most runs upload
nothing.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pulumi


def upload_before_create(
    folder: Path, url: pulumi.Output[str], login_host: str
) -> pulumi.ResourceHookBinding:
    """Uploads the folder to the URL before the resource that this is bound to is created.

    Args:
        folder: what is uploaded.
        url: where to: `https://<account>.blob.<suffix>/<container>/<path>`.
        login_host: host that issues tokens in this cloud.
    """

    async def upload(_: pulumi.ResourceHookArgs) -> None:
        from components.uploads import upload_folder  # noqa: PLC0415 - told above

        target = await url.future()
        if target is None:
            raise ValueError("The place to upload to is not known")
        # Pulumi's registrations fill the loop's own threads, and each waits for the engine, which
        # waits for this: on two cores six uploads at once would wait for ever.
        with ThreadPoolExecutor(1) as own:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(own, upload_folder, folder, target, login_host)

    return pulumi.ResourceHookBinding(before_create=[upload])

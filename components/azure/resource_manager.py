"""What azure-native has no resource for, asked of the Resource Manager by hooks as the deployer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict, TypeVar

from components.azure.deployer import deployer

_T = TypeVar("_T")


class ResourceManager(TypedDict):
    """Where it is, and who signs the deployer in."""

    arm_host: str
    """Host of the Resource Manager in this cloud."""

    arm_audience: str
    """Audience of tokens for it."""

    login_host: str
    """Host that issues them."""


def call(
    manager: ResourceManager, method: str, path: str, version: str, body: object = None
) -> Any:
    """What it answers, parsed; None where it answers nothing.

    Args:
        manager: who is asked.
        method: such as POST.
        path: what follows the host, from its slash on.
        version: of the API.
        body: what is sent as JSON.

    Raises:
        azure.core.exceptions.AzureError: Azure refuses; its message says which action is missing.
    """
    # Only an `up` that calls needs these, and they take a quarter of a second.
    from azure.core import PipelineClient  # noqa: PLC0415
    from azure.core.pipeline.policies import (  # noqa: PLC0415
        BearerTokenCredentialPolicy,
        RetryPolicy,
    )
    from azure.core.rest import HttpRequest  # noqa: PLC0415

    url = f"https://{manager['arm_host']}{path}?api-version={version}"
    with deployer(manager["login_host"]) as credential:
        # With the slash that ends the audience: `az login` has fetched the token of that scope, and
        # in CI the assertion for another one ends after minutes (Azure/azure-cli#28708).
        signed = BearerTokenCredentialPolicy(credential, f"{manager['arm_audience']}//.default")
        policies = [RetryPolicy(), signed]
        client: Any = PipelineClient(f"https://{manager['arm_host']}", policies=policies)
        with client:
            answer = client.send_request(HttpRequest(method, url, json=body))
            answer.raise_for_status()
            return answer.json() if answer.content else None


async def apart(function: Callable[[], _T]) -> _T:
    """What a function returns, run in a thread of its own.

    Registrations fill the loop's threads, and wait for the engine, which waits for a hook: on two
    cores six of them at once would wait for ever.
    """
    with ThreadPoolExecutor(1) as own:
        return await asyncio.get_running_loop().run_in_executor(own, function)

"""What an `up` does beside its resources: a hook, and a random id that tells that it is done.

A step that fails fails the id, so that the next `up` takes it again; what failed after the creation
of the resource that it is about would be a warning.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pulumi
from pulumi_random import RandomId

from components.azure.options import also


def before_create(
    does: Callable[..., Awaitable[None]], *known: pulumi.Input[Any]
) -> pulumi.ResourceHookBinding:
    """Has something done before the resource that this is bound to is created.

    Args:
        does: gets what is known by then.
        known: what it needs.
    """
    needed = pulumi.Output.all(*known)

    async def hook(_: pulumi.ResourceHookArgs) -> None:
        told = await needed.future()
        if told is None:
            raise ValueError("What has to be done first is not known")
        await does(*told)

    return pulumi.ResourceHookBinding(before_create=[hook])


def done_once(
    name: str,
    keepers: dict[str, pulumi.Input[str]],
    hooks: pulumi.ResourceHookBinding,
    opts: pulumi.ResourceOptions,
) -> RandomId:
    """That it is done; where a keeper is another one, it is done again."""
    return RandomId(name, byte_length=4, keepers=keepers, opts=also(opts, hooks=hooks))

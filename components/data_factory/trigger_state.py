"""Starting and stopping a Data Factory trigger, which azure-native has no resource for.

A trigger is created stopped (pitfalls: pulumi-azure-native#3540), and Azure neither changes nor
deletes a started one. The calls are made by hooks, with the deployer's own identity. There is no
hook of a deletion: `pulumi destroy` would refuse to run without `--run-program`.
"""

import asyncio
from functools import partial

import pulumi

from components.azure.resource_manager import ResourceManager, apart, call
from components.azure.steps import before_create

STARTED = "TriggerEnabledCannotUpdate"
"""Azure's code where a started trigger is to be changed or deleted."""

_VERSION = "2018-06-01"
_MOST = 20
_PAUSE = 3
"""Seconds between further attempts, should a stop not be over when it is answered; recorded is one
that was (azure-powershell, TestInvokeAndStopTriggerRun, 2020)."""


def started_before_create(
    trigger_id: pulumi.Output[str], manager: ResourceManager
) -> pulumi.ResourceHookBinding:
    """Starts a trigger before the resource that this is bound to is created."""
    return before_create(lambda target: _send(manager, target, "start"), trigger_id)


def stopped_to_change(name: str, manager: ResourceManager) -> pulumi.ResourceHookBinding:
    """Stops a trigger where Azure refuses to change or delete it, and has that tried again.

    Args:
        name: what the hook is called; one of the same name is found for a trigger that a former
            `up` made, and that the program no longer declares.
        manager: where.
    """

    async def again(failure: pulumi.ErrorHookArgs) -> bool:
        refused = [STARTED in each for each in failure.errors]
        if not refused[0]:
            if any(refused):  # what was to be done with it is impossible: it goes on as it was
                await _send(manager, failure.id, "start")
            return False
        if len(refused) > _MOST:
            return False
        await asyncio.sleep(_PAUSE if len(refused) > 1 else 0)
        await _send(manager, failure.id, "stop")
        return True

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(name, again)])


async def _send(manager: ResourceManager, trigger_id: str, verb: str) -> None:
    await apart(partial(send, manager, trigger_id, verb))


def send(manager: ResourceManager, trigger_id: str, verb: str) -> None:
    """Starts or stops a trigger that may be in that state already.

    Raises:
        azure.core.exceptions.AzureError: Azure refuses; its message says which action is missing.
    """
    call(manager, "POST", f"{trigger_id}/{verb}", _VERSION)

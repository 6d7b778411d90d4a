"""Retries of what Azure refuses only because something new is not yet known everywhere.

An identity takes seconds to reach every service, a role up to ten minutes
(D:role-based-access-control/troubleshooting), once even twenty in a public report. A failed
create is tried again by an error hook of the engine; nothing here sleeps when all is well. Any
other failure is left to the engine at once.
"""

import asyncio
from time import monotonic

import pulumi

EVENT_GRID_NOT_READY = (
    "Managed Identity Authorization Error",
    "egmsivalidation",
    "AuthorizationPermissionMismatch",
)
"""Answers to a subscription whose identity has had its role for a moment only: Event Grid's own
(Azure/bicep-registry-modules#5205), and storage's, if it passes it on. What Resource Manager
refuses is the deployer's own lack of a right, which does not pass."""

NEW_WEBHOOK_NOT_READY = ("Url validation",)
"""Answer to a subscription whose webhook was made a moment ago: its handshake fails now and then
(Azure/azure-functions-host#6402, Azure/azure-cli#21006)."""

ENTRA_IS_BUSY = ("Directory_ConcurrencyViolation",)
"""Answer to a secret that comes while something else of its application is written: it asks to be
tried again (Azure/azure-cli#23081, nais/azurerator#448)."""

WAITS = (1, 2, 4, 8, 15, *[30] * 29)
"""Seconds before each new attempt: fifteen minutes in all."""

_MINUTES = sum(WAITS) // 60

TOLD_BEFORE = 6
"""The attempt before which half a minute has passed without anybody being told why."""


def pause(refused: int, what: str, remedy: str = "") -> float | None:
    """Seconds to wait before the next attempt; None when there is no more.

    Args:
        refused: attempts that were refused so far.
        what: what is waited for, as the subject of a sentence; told after half a minute, and when
            the waiting ends.
        remedy: what to do where it does not pass, in a sentence.
    """
    if refused > len(WAITS):
        pulumi.log.warn(
            f"{what} is still refused after {_MINUTES} minutes. If it is only late, another `up` "
            "goes on from here."
        )
        return None
    if refused == TOLD_BEFORE:
        pulumi.log.info(
            f"{what} is refused so far, as long as something new is not known to all of Azure. It "
            f"is tried again for up to {_MINUTES} minutes. {remedy}"
        )
    return WAITS[refused - 1]


def retried(name: str, refusals: tuple[str, ...]) -> pulumi.ResourceHookBinding:
    """Tries a failed operation of one resource again while Azure gives one of these answers.

    Fifteen minutes after the first of them nothing is tried again, however long an attempt takes: a
    handshake that nobody answers takes ten (D:event-grid/webhook-event-delivery).

    Args:
        name: the resource's logical name; hooks are told apart by theirs.
        refusals: codes or texts, of which one stands in the message of a failure worth a retry.
    """
    begun: float | None = None

    async def again(failure: pulumi.ErrorHookArgs) -> bool:
        nonlocal begun
        newest = failure.errors[0] if failure.errors else ""
        refusal = next((each for each in refusals if each in newest), None)
        if refusal is None:
            return False
        begun = begun or monotonic()
        over = monotonic() - begun > sum(WAITS)
        refused = len(WAITS) + 1 if over else len(failure.errors)
        seconds = pause(refused, f"{failure.name} ({refusal})")
        if seconds is None:
            return False
        await asyncio.sleep(seconds)
        return True

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-propagation", again)])

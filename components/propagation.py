"""Retries of what Azure refuses only because a new identity or role is not yet known everywhere.

An identity takes seconds, a role up to minutes to reach every service (pitfalls: "RBAC later than
resource"). A failed create is tried again by an error hook of the engine; nothing here sleeps
when all is well. Any other failure is left to the engine at once.
"""

import asyncio

import pulumi

NOT_FOUND_YET = ("PrincipalNotFound", "RoleDefinitionDoesNotExist")
"""Answers to a grant of a role, or to an identity, that was made a moment ago."""

ROLE_NOT_EFFECTIVE = ("AuthorizationFailed", "AuthorizationPermissionMismatch", "Forbidden")
"""Answers to who lacks a role, or has had it for a moment only. Their wording for Event Grid's
check of a dead-letter container is UNVERIFIED."""

WAITS = (1, 2, 4, 8, 15, 30, 30, 30)
"""Seconds before each new attempt: two minutes in all."""


def retried(name: str, refusals: tuple[str, ...]) -> pulumi.ResourceHookBinding:
    """Tries a failed operation of one resource again while Azure gives one of these answers.

    Args:
        name: the resource's logical name; hooks are told apart by theirs.
        refusals: error codes, of which one stands in the message of a failure worth a retry.
    """

    async def again(failure: pulumi.ErrorHookArgs) -> bool:
        attempt = len(failure.errors)
        newest = failure.errors[0] if failure.errors else ""
        if attempt > len(WAITS) or not any(refusal in newest for refusal in refusals):
            return False
        await asyncio.sleep(WAITS[attempt - 1])
        return True

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-propagation", again)])

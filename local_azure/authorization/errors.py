"""The errors that authorization raises; each service renders them in its own wire form."""

from __future__ import annotations


class AuthorizationFailedError(Exception):
    """A principal lacks an action on a scope.

    Attributes:
        principal: object id and display name of who asked.
        action: the action that no role of the principal allows.
        scope: the resource id it was asked for.
    """

    def __init__(self, principal: str, action: str, scope: str) -> None:
        self.principal = principal
        self.action = action
        self.scope = scope
        super().__init__(
            f"The principal {principal} does not have authorization to perform action "
            f"'{action}' over scope '{scope}'. Give it a role that allows the action on this "
            "scope or one above it."
        )


class RoleNotFoundError(Exception):
    """A role definition that is neither built in (roles.py) nor created here."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"The role definition {role!r} does not exist. Accepted: a built-in role of "
            "local_azure/authorization/roles.py or a custom role that was created before."
        )

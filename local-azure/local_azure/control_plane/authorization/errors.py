"""The errors that authorization raises; each service renders them in its own wire form."""

from local_azure.control_plane.entra.directory import Principal
from local_azure.errors import WordedError


class AuthorizationFailedError(Exception):
    """A principal lacks an action on a scope; worded as Resource Manager was recorded.

    Attributes:
        principal: who asked.
        action: the action that no role of the principal allows.
        scope: the resource id it was asked for.
    """

    def __init__(self, principal: Principal, action: str, scope: str) -> None:
        self.principal = principal
        self.action = action
        self.scope = scope
        super().__init__(
            f"The client '{principal.client_id or principal.name}' with object id "
            f"'{principal.object_id}' does not have authorization to perform action '{action}' "
            f"over scope '{scope}' or the scope is invalid. If access was recently granted, "
            "please refresh your credentials."
        )


class RoleNotFoundError(WordedError):
    """A role definition that is neither built in nor created here."""

    said = (
        "The role definition {role!r} does not exist. Accepted: a built-in role of "
        "authorization/built_in_roles.json or a custom role that was created before."
    )

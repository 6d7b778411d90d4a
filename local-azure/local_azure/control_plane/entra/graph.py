"""Microsoft Graph's application permissions: who may change which applications of the tenant.

Sources: learn.microsoft.com, "Microsoft Graph permissions reference"; the documentation of
``azuread_application``, ``azuread_service_principal`` and ``azuread_application_password``: with
``OwnedBy`` the caller has to own the application and its service principal. The directory role
Application Developer, which lets create and leaves the rest to owners, is ``OwnedBy`` here.
"""

from collections.abc import Collection
from typing import Final

from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.state import State

OWNED_BY: Final = "Application.ReadWrite.OwnedBy"
ALL: Final = "Application.ReadWrite.All"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS graph_permissions (
    object_id TEXT NOT NULL, permission TEXT NOT NULL, PRIMARY KEY (object_id, permission));
"""


class GraphPermissions:
    """Who has which permission."""

    def __init__(self, state: State) -> None:
        self._state = state
        state.define(_SCHEMA)

    def grant(self, object_id: str, permission: str) -> None:
        """Give a principal a permission.

        Raises:
            ValueError: one that is not emulated.
        """
        if permission not in {OWNED_BY, ALL}:
            message = f"Graph permission: found {permission!r}, accepted: {OWNED_BY!r}, {ALL!r}."
            raise ValueError(message)
        self._state.execute(
            "INSERT OR IGNORE INTO graph_permissions VALUES (?, ?)", object_id.lower(), permission
        )

    def revoke(self, object_id: str, permission: str) -> None:
        """Take a permission away."""
        self._state.execute(
            "DELETE FROM graph_permissions WHERE object_id = ? AND permission = ?",
            object_id.lower(),
            permission,
        )

    def allow(self, caller: Principal, *owners: Collection[str]) -> bool:
        """Whether a principal may create, or manage the objects that have these owners."""
        rows = self._state.rows(
            "SELECT permission FROM graph_permissions WHERE object_id = ?", caller.object_id
        )
        held = {row["permission"] for row in rows}
        return ALL in held or (OWNED_BY in held and all(caller.object_id in of for of in owners))

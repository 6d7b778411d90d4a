"""Role definitions, role assignments, and ``authorize``, which every data-plane call passes.

Scopes are inherited downwards: an assignment on a resource group holds for all it contains.
Deny assignments, conditions and group membership are not emulated.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from sqlite3 import Row

from local_azure.control_plane.authorization.errors import (
    AuthorizationFailedError,
    RoleNotFoundError,
)
from local_azure.control_plane.authorization.roles import Role, built_in
from local_azure.control_plane.entra.directory import Principal
from local_azure.control_plane.state import State

SCHEMA = """
CREATE TABLE IF NOT EXISTS role_definitions (guid TEXT PRIMARY KEY, definition TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS role_assignments (
    id TEXT PRIMARY KEY, principal TEXT NOT NULL, role TEXT NOT NULL, scope TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS role_assignments_by_principal ON role_assignments (principal);
"""


class Authorization:
    """Decides what a principal may do.

    Args:
        state: roles, and who has them.
        is_known: whether an assignment (its id) is known everywhere; until then it gives nothing.

    Attributes:
        refusals: the last that this process refused, newest first.
    """

    def __init__(self, state: State, is_known: Callable[[str], bool] = lambda _: True) -> None:
        self._state = state
        self._is_known = is_known
        self.refusals: deque[AuthorizationFailedError] = deque(maxlen=50)
        self._held: dict[str, list[tuple[str, str, Role]]] = state.memory()
        state.define(SCHEMA)

    def role(self, definition_id: str) -> Role:
        """The role that a definition's full id or GUID names.

        Raises:
            RoleNotFoundError: when there is no such definition.
        """
        guid = _guid(definition_id)
        if known := built_in().get(guid):
            return known
        row = self._state.row("SELECT definition FROM role_definitions WHERE guid = ?", guid)
        if row is None:
            raise RoleNotFoundError(definition_id)
        fields = json.loads(row["definition"])
        return Role(fields.pop("name"), **{key: tuple(value) for key, value in fields.items()})

    def define_role(self, guid: str, role: Role) -> None:
        """Create or replace a custom role."""
        self._state.execute(
            "INSERT OR REPLACE INTO role_definitions VALUES (?, ?)",
            guid.lower(),
            json.dumps(asdict(role)),
        )
        self._held.clear()

    def delete_role(self, guid: str) -> None:
        """Remove a custom role."""
        self._state.execute("DELETE FROM role_definitions WHERE guid = ?", guid.lower())
        self._held.clear()

    def assign(self, assignment_id: str, principal: str, role: str, scope: str) -> None:
        """Give a principal (object id) a role (definition id) on a scope.

        Raises:
            RoleNotFoundError: when there is no such definition.
        """
        self.role(role)
        self._state.execute(
            "INSERT OR REPLACE INTO role_assignments VALUES (?, ?, ?, ?)",
            assignment_id.lower(),
            principal.lower(),
            _guid(role),
            _scope(scope),
        )
        self._held.clear()

    def assignments(self) -> list[Row]:
        """Every assignment: ``principal`` (object id), ``role`` (GUID) and ``scope``."""
        return self._state.rows("SELECT * FROM role_assignments ORDER BY scope, principal")

    def unassign(self, assignment_id: str) -> None:
        """Take an assignment back."""
        self._state.execute("DELETE FROM role_assignments WHERE id = ?", assignment_id.lower())
        self._held.clear()

    def has_role(self, principal_id: str) -> bool:
        """Whether a principal has some role, wherever in the subscription."""
        held = "SELECT 1 FROM role_assignments WHERE principal = ?"
        return self._state.row(held, principal_id.lower()) is not None

    def allows(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> bool:
        """Whether any role of the principal on this scope, or one above it, has the action."""
        return any(_permits(role, action, data=data) for role in self.roles(principal_id, scope))

    def roles(self, principal_id: str, scope: str) -> Iterator[Role]:
        """The roles that a principal has on this scope, or on one above it."""
        wanted, principal = _scope(scope), principal_id.lower()
        if principal not in self._held:
            self._held[principal] = list(self._assigned(principal))
        for assignment, holds_on, role in self._held[principal]:
            if _contains(holds_on, wanted) and self._is_known(assignment):
                yield role

    def _assigned(self, principal: str) -> Iterator[tuple[str, str, Role]]:
        rows = self._state.rows(
            "SELECT id, role, scope FROM role_assignments WHERE principal = ?", principal
        )
        for row in rows:
            # An assignment may outlive its definition; then it gives nothing.
            with suppress(RoleNotFoundError):
                yield row["id"], row["scope"], self.role(row["role"])

    def authorize(
        self, principal: Principal, action: str, scope: str, *, data: bool = False
    ) -> None:
        """Let the call go on, or refuse it.

        Args:
            principal: who asks.
            action: such as ``Microsoft.Storage/storageAccounts/blobServices/containers/read``.
            scope: resource id of what is acted on.
            data: whether this is a data action.

        Raises:
            AuthorizationFailedError: names principal, action and scope.
        """
        if not self.allows(principal.object_id, action, scope, data=data):
            raise self.refusal(principal, action, scope)

    def refusal(self, principal: Principal, action: str, scope: str) -> AuthorizationFailedError:
        """What refuses a call; it is remembered."""
        refused = AuthorizationFailedError(principal, action, scope)
        self.refusals.appendleft(refused)
        return refused


def _permits(role: Role, action: str, *, data: bool) -> bool:
    granted, withheld = (
        (role.data_actions, role.not_data_actions) if data else (role.actions, role.not_actions)
    )
    return _any(granted, action) and not _any(withheld, action)


def _any(patterns: tuple[str, ...], action: str) -> bool:
    return any(_pattern(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(4096)
def _pattern(action: str) -> re.Pattern[str]:
    return re.compile(re.escape(action).replace(r"\*", ".*"), re.IGNORECASE)


def _guid(definition_id: str) -> str:
    return definition_id.rstrip("/").rpartition("/")[2].lower()


def _scope(scope: str) -> str:
    return scope.rstrip("/").lower()


def _contains(outer: str, inner: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}/")
